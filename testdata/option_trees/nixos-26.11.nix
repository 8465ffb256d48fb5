# Definitions of many kinds, for NixOS 26.11.
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
    mkDefault
    mkForce
    mkIf
    mkMerge
    mkOrder
    ;
in
{
  imports = [
    (import ./user.nix { name = "carol"; })
    ({ chosen, ... }: { networking.hostName = chosen; })
    { _module.args.chosen = "named"; }
    { environment.variables.EDITOR = mkForce "vi"; }
    {
      options.my.words = lib.mkOption {
        type = lib.types.listOf lib.types.str;
        default = [ ];
      };
      config.environment.etc = mkMerge [
        { "a.conf".text = "a"; }
        (mkIf config.services.openssh.enable {
          "b.conf" = {
            text = mkDefault "b";
            mode = "0440";
          };
        })
        (mkIf (!config.services.openssh.enable) { "c.conf".text = "c"; })
      ];
    }
    (lib.mkAliasOptionModule [ "my" "params" ] [ "boot" "kernelParams" ])
    (lib.mkRenamedOptionModule [ "my" "host" ] [ "networking" "domain" ])
    (lib.mkAliasOptionModule [ "my" "web" ] [ "systemd" "services" "web" "serviceConfig" ])
  ];

  # Old names, also of options of submodules.
  my.params = mkAfter [
    "aliased"
    "again"
  ];
  my.host = "example.org";
  my.web.User = "webby";
  services.openssh.passwordAuthentication = false;
  nix.maxJobs = 4;

  # Lists in parts.
  boot.kernelParams = mkMerge [
    (mkBefore [ "first" ])
    [
      "middle"
      (if config.networking.hostName == "named" then "named=1" else "named=0")
    ]
    (mkIf false [ "off" ])
  ];
  networking.firewall.allowedTCPPorts = mkOrder 1200 [ 80 ];
  security.sudo.extraRules = [
    {
      users = [ "alice" ];
      commands = [ "ALL" ];
    }
  ];

  # Submodules, some of which take undeclared options.
  services.openssh.settings = {
    PermitRootLogin = "no";
    X11Forwarding = mkDefault true;
    Undeclared = "freeform";
    LogLevel = mkForce "DEBUG";
  };
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
    serviceConfig.Restart = mkDefault "always";
    environment = lib.genAttrs [ "A" "B" ] (name: "value of ${name}");
  };
  systemd.services.sshd.serviceConfig.Nice = 5;
  services.nginx = {
    enable = true;
    virtualHosts."a.example" = {
      root = "/srv";
      locations."/".extraConfig = "deny all;";
      locations."/x".proxyPass = "http://x";
    };
    virtualHosts."b.example" = mkIf config.services.nginx.enable {
      globalRedirect = "a.example";
    };
  };
  fileSystems."/data" = {
    device = "/dev/sdb";
    fsType = "ext4";
    options = mkAfter [ "noatime" ];
  };
  nix.settings.cores = 3;
  nix.settings.trusted-users = [ "alice" ];
  programs.git = {
    enable = true;
    config.user.name = "x";
  };
}
