# Definitions of many kinds, for NixOS 13.11.
{ config, pkgs, ... }:
let
  inherit (pkgs.lib)
    mkForce
    mkIf
    mkMerge
    mkOrder
    ;
in
{
  imports = [ { environment.variables.EDITOR = mkForce "vi"; } ];
  boot.kernelParams = mkMerge [
    (mkOrder 500 [ "first" ])
    [ (if config.networking.hostName == "named" then "named=1" else "named=0") ]
    (mkIf false [ "off" ])
  ];
  boot.extraKernelParams = [ "old" ];
  networking.hostName = "named";
  services.openssh.enable = true;
  services.openssh.permitRootLogin = "no";
  services.sshd.ports = [
    22
    23
  ];
  users.extraUsers.alice = {
    isNormalUser = true;
    extraGroups = [ "wheel" ];
  };
  systemd.services.web = {
    description = "web";
    wantedBy = [ "multi-user.target" ];
    serviceConfig.ExecStart = "${pkgs.hello}/bin/hello";
  };
}
