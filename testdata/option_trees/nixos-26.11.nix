# Definitions of many kinds, for NixOS 26.11.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkIf mkMerge mkForce mkDefault mkBefore mkAfter mkOrder mkOverride;
in
{
  imports = [
    (import ./user.nix { name = "carol"; })
    ({ myArg, ... }: { networking.hostName = myArg; })
    { _module.args.myArg = "named"; }
    { environment.variables.EDITOR = mkForce "vi"; }
    {
      options.my.alias = lib.mkOption { type = lib.types.listOf lib.types.str; default = [ ]; };
      config.environment.etc = mkMerge [
        { "a.conf".text = "a"; }
        (mkIf config.services.openssh.enable { "b.conf" = { text = mkDefault "b"; mode = "0440"; }; })
        (mkIf (!config.services.openssh.enable) { "c.conf".text = "c"; })
      ];
    }
    (lib.mkAliasOptionModule [ "my" "params" ] [ "boot" "kernelParams" ])
    (lib.mkRenamedOptionModule [ "my" "host" ] [ "networking" "domain" ])
    (lib.mkAliasOptionModule [ "my" "web" ] [ "systemd" "services" "web" "serviceConfig" ])
  ];
  my.params = mkAfter [ "aliased" "alias2" ];
  my.host = "example.org";
  my.web.User = "webby";
  boot.kernelParams = mkMerge [ (mkBefore [ "first" ]) [ "mid" (if config.networking.hostName == "named" then "named=1" else "named=0") ] (mkIf false [ "off" ]) ];
  services.openssh.settings = {
    PermitRootLogin = "no";
    X11Forwarding = mkDefault true;
    Extra = "freeform";
    LogLevel = mkForce "DEBUG";
  };
  services.openssh.passwordAuthentication = false;
  users.extraUsers.alice = { isNormalUser = true; extraGroups = [ "wheel" ]; };
  users.users.alice.extraGroups = mkIf config.services.openssh.enable (mkBefore [ "ssh" ]);
  users.users.bob = mkMerge [ { isNormalUser = true; } { extraGroups = [ "video" ]; } (mkIf false { uid = 1234; }) ];
  systemd.services.web = {
    description = "web";
    wantedBy = [ "multi-user.target" ];
    serviceConfig.ExecStart = "${pkgs.hello}/bin/hello";
    serviceConfig.Restart = mkDefault "always";
    environment = lib.genAttrs [ "A" "B" ] (n: "v${n}");
  };
  systemd.services.sshd.serviceConfig.Nice = 5;
  services.nginx = {
    enable = true;
    virtualHosts."a.example" = { root = "/srv"; locations."/".extraConfig = "deny all;"; locations."/x".proxyPass = "http://x"; };
    virtualHosts."b.example" = mkIf config.services.nginx.enable { globalRedirect = "a.example"; };
  };
  fileSystems."/data" = { device = "/dev/sdb"; fsType = "ext4"; options = mkAfter [ "noatime" ]; };
  networking.firewall.allowedTCPPorts = mkOrder 1200 [ 80 ] ;
  security.sudo.extraRules = [ { users = [ "alice" ]; commands = [ "ALL" ]; } ];
  nix.settings.cores = 3;
  nix.settings.trusted-users = [ "alice" ];
  programs.git = { enable = true; config = { user.name = "x"; }; };
  nix.maxJobs = 4;
}
