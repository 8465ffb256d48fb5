# systemd: its units, temporary files and settings.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkOption types;
  options = import ./unit-options.nix {
    inherit lib pkgs;
    systemd = config.systemd.package;
  };
  inherit (options) sections;

  unitsOf =
    kind: modules:
    mkOption {
      type = types.attrsOf (types.submodule modules);
      default = { };
      description = "Units that are ${kind}, by name and without the suffix.";
    };

  # Mounts have no names of their own: systemd derives them from the mount points.
  mountsOf =
    kind: modules:
    mkOption {
      type = types.listOf (types.submodule modules);
      default = [ ];
      description = "Units that are ${kind}.";
    };

  anyOf =
    description:
    mkOption {
      type = types.attrsOf types.attrs;
      default = { };
      inherit description;
    };
  names =
    description:
    mkOption {
      type = types.listOf types.str;
      default = [ ];
      inherit description;
    };

  userUnits = {
    services = unitsOf "services" ([ { options = options.service; } ] ++ sections.service);
    sockets = unitsOf "sockets" ([ { options = options.socket; } ] ++ sections.unit);
    targets = unitsOf "targets" ([ { options = options.target; } ] ++ sections.unit);
    timers = unitsOf "timers" ([ { options = options.timer; } ] ++ sections.unit);
    paths = unitsOf "watched paths" ([ { options = options.path; } ] ++ sections.unit);
    slices = unitsOf "slices" ([ { options = options.slice; } ] ++ sections.unit);
  };

  tmpfilesRule =
    { name, ... }:
    {
      options = {
        type = mkOption {
          type = types.str;
          default = name;
          defaultText = "the attribute's name";
          description = "What to do with the path, by systemd's letters.";
        };
        mode = mkOption {
          type = types.str;
          default = "-";
          description = "Its permissions.";
        };
        user = mkOption {
          type = types.str;
          default = "-";
          description = "Its owner.";
        };
        group = mkOption {
          type = types.str;
          default = "-";
          description = "Its group.";
        };
        age = mkOption {
          type = types.str;
          default = "-";
          description = "The age at which its contents are removed.";
        };
        argument = mkOption {
          type = types.str;
          default = "";
          description = "Whatever else the letter needs.";
        };
      };
    };
in
{
  options.systemd = userUnits // {
    package = mkOption {
      type = types.package;
      default = pkgs.systemd;
      defaultText = lib.literalExpression "pkgs.systemd";
      description = "Which systemd.";
    };
    units = unitsOf "given as text" { options = options.unit; };
    mounts = mountsOf "mounts" ([ { options = options.mount; } ] ++ sections.mount);
    automounts = mountsOf "mounts on demand" ([ { options = options.automount; } ] ++ sections.automount);
    user = userUnits // {
      units = unitsOf "given as text" { options = options.unit; };
    };

    packages = mkOption {
      type = types.listOf types.package;
      default = [ ];
      description = "Packages with units.";
    };
    defaultUnit = mkOption {
      type = types.str;
      default = "multi-user.target";
      description = "The unit that the system boots into.";
    };
    globalEnvironment = mkOption {
      type = types.attrsOf (
        types.nullOr (
          types.oneOf [
            types.str
            types.path
            types.package
          ]
        )
      );
      default = { };
      description = "Environment variables of all services.";
    };
    additionalUpstreamSystemUnits = names "Further units of the systemd package to install.";
    suppressedSystemUnits = names "Units of the systemd package to leave out.";
    enableEmergencyMode = mkOption {
      type = types.bool;
      default = true;
      description = "Whether a shell opens when booting fails.";
    };
    settings.Manager = mkOption {
      type = types.attrsOf types.anything;
      default = { };
      example = {
        DefaultTimeoutStopSec = "20s";
      };
      description = "Settings of the service manager.";
    };
    sleep.extraConfig = mkOption {
      type = types.lines;
      default = "";
      description = "Text for sleep.conf.";
    };
    sysusers.enable = lib.mkEnableOption "users that systemd makes";
    repart.enable = lib.mkEnableOption "partitions that systemd makes";
    coredump.enable = lib.mkEnableOption "keeping dumps of programs that crash" // {
      default = true;
    };
    generators = mkOption {
      type = types.attrsOf types.path;
      default = { };
      description = "Programs that make units, by name.";
    };
    shutdown = mkOption {
      type = types.attrsOf types.path;
      default = { };
      description = "Programs to run at shutdown, by name.";
    };
    oomd.enable = mkOption {
      type = types.bool;
      default = true;
      description = "Whether systemd ends processes when memory runs short.";
    };
    network.networks = anyOf "Networks, by the file's name.";
    network.netdevs = anyOf "Virtual devices, by the file's name.";
    network.links = anyOf "Links, by the file's name.";
    network.wait-online = {
      enable = lib.mkEnableOption "waiting for a network at boot" // {
        default = true;
      };
      anyInterface = lib.mkEnableOption "waiting for one interface alone" // {
        default = config.networking.useDHCP;
        defaultText = "whether interfaces ask for addresses";
      };
    };
    network.enable = lib.mkEnableOption "systemd-networkd";

    tmpfiles = {
      rules = names "Lines for tmpfiles.d.";
      packages = mkOption {
        type = types.listOf types.package;
        default = [ ];
        apply = map lib.getLib;
        description = "Packages with files for tmpfiles.d.";
      };
      settings = mkOption {
        type = types.attrsOf (types.attrsOf (types.attrsOf (types.submodule tmpfilesRule)));
        default = { };
        example = {
          "10-app"."/var/lib/app".d.mode = "0750";
        };
        description = "Rules for tmpfiles.d: by file, path and letter.";
      };
    };
  };

  config.systemd.timers = lib.mapAttrs (_: service: {
    wantedBy = [ "timers.target" ];
    timerConfig.OnCalendar = service.startAt;
  }) (lib.filterAttrs (_: service: service.enable && service.startAt != [ ]) config.systemd.services);
}
