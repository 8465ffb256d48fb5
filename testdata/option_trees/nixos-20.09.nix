# Definitions of many kinds, for NixOS 20.09.
{ config, lib, pkgs, ... }:
with lib;
{
  imports = [
    (import ./user.nix { name = "carol"; })
    ({ myArg, ... }: { networking.hostName = myArg; })
    { _module.args.myArg = "named"; }
    { environment.variables.EDITOR = mkForce "vi"; }
    (mkAliasOptionModule [ "my" "params" ] [ "boot" "kernelParams" ])
    (mkRenamedOptionModule [ "my" "host" ] [ "networking" "domain" ])
  ];
  my.params = mkAfter [ "aliased" "alias2" ];
  my.host = "example.org";
  boot.kernelParams = mkMerge [ (mkBefore [ "first" ]) [ "mid" (if config.networking.hostName == "named" then "named=1" else "named=0") ] (mkIf false [ "off" ]) ];
  services.openssh.enable = true;
  services.openssh.permitRootLogin = "no";
  users.extraUsers.alice = { isNormalUser = true; extraGroups = [ "wheel" ]; };
  users.users.alice.extraGroups = mkIf config.services.openssh.enable (mkBefore [ "ssh" ]);
  users.users.bob = mkMerge [ { isNormalUser = true; } { extraGroups = [ "video" ]; } (mkIf false { uid = 1234; }) ];
  systemd.services.web = {
    description = "web";
    wantedBy = [ "multi-user.target" ];
    serviceConfig.ExecStart = "${pkgs.hello}/bin/hello";
    environment = genAttrs [ "A" "B" ] (n: "v${n}");
  };
  services.nginx = {
    enable = true;
    virtualHosts."a.example" = { root = "/srv"; locations."/".extraConfig = "deny all;"; };
    virtualHosts."b.example" = mkIf config.services.nginx.enable { globalRedirect = "a.example"; };
  };
  networking.useDHCP = false;
}
