# Definitions of many kinds, for NixOS 13.11.
{ config, pkgs, ... }:
with pkgs.lib;
{
  imports = [
    { environment.variables.EDITOR = mkForce "vi"; }
  ];
  boot.kernelParams = mkMerge [ (mkOrder 500 [ "first" ]) [ "mid" (if config.networking.hostName == "named" then "named=1" else "named=0") ] (mkIf false [ "off" ]) ];
  networking.hostName = "named";
  services.openssh.enable = true;
  services.openssh.permitRootLogin = "no";
  users.extraUsers.alice = { isNormalUser = true; extraGroups = [ "wheel" ]; };
  systemd.services.web = {
    description = "web";
    wantedBy = [ "multi-user.target" ];
    serviceConfig.ExecStart = "${pkgs.hello}/bin/hello";
  };
  boot.loader.grub.bootDevice = mkIf false "x";
  boot.extraKernelParams = [ "old1" ];
  services.sshd.ports = [ 22 23 ];
}
