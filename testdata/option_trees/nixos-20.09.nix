# Definitions of many kinds, for NixOS 20.09.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib)
    mkAfter
    mkBefore
    mkForce
    mkIf
    mkMerge
    ;
in
{
  imports = [
    (import ./user.nix { name = "carol"; })
    ({ chosen, ... }: { networking.hostName = chosen; })
    { _module.args.chosen = "named"; }
    { environment.variables.EDITOR = mkForce "vi"; }
    (lib.mkAliasOptionModule [ "my" "params" ] [ "boot" "kernelParams" ])
    (lib.mkRenamedOptionModule [ "my" "host" ] [ "networking" "domain" ])
  ];
  my.params = mkAfter [
    "aliased"
    "again"
  ];
  my.host = "example.org";
  boot.kernelParams = mkMerge [
    (mkBefore [ "first" ])
    [ (if config.networking.hostName == "named" then "named=1" else "named=0") ]
    (mkIf false [ "off" ])
  ];
  services.openssh.enable = true;
  services.openssh.permitRootLogin = "no";
  users.extraUsers.alice = {
    isNormalUser = true;
    extraGroups = [ "wheel" ];
  };
  users.users.alice.extraGroups = mkIf config.services.openssh.enable (mkBefore [ "ssh" ]);
  users.users.bob = mkMerge [
    { isNormalUser = true; }
    { extraGroups = [ "video" ]; }
    (mkIf false { uid = 1234; })
  ];
  systemd.services.web = {
    description = "web";
    wantedBy = [ "multi-user.target" ];
    serviceConfig.ExecStart = "${pkgs.hello}/bin/hello";
    environment = lib.genAttrs [ "A" "B" ] (name: "value of ${name}");
  };
  services.nginx = {
    enable = true;
    virtualHosts."a.example" = {
      root = "/srv";
      locations."/".extraConfig = "deny all;";
    };
    virtualHosts."b.example" = mkIf config.services.nginx.enable {
      globalRedirect = "a.example";
    };
  };
  networking.useDHCP = false;
}
