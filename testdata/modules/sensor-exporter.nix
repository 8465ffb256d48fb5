# A service with a settings file: temperatures and fans, for a monitoring system to fetch.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkOption types;
  cfg = config.services.sensorExporter;
  format = pkgs.formats.toml { };
  file = format.generate "sensor-exporter.toml" cfg.settings;
in
{
  meta.maintainers = [ { name = "the hardware team"; } ];

  options.services.sensorExporter = {
    enable = lib.mkEnableOption "the exporter of sensor readings";
    package = lib.mkPackageOption pkgs "lm_sensors" { };
    openFirewall = lib.mkEnableOption "reaching it from other machines";
    environmentFile = mkOption {
      type = types.nullOr types.path;
      default = null;
      example = "/run/keys/exporter.env";
      description = "A file with variables that are not for the store.";
    };
    settings = mkOption {
      type = types.submodule {
        freeformType = format.type;
        options = {
          listen = mkOption {
            type = types.str;
            default = "127.0.0.1";
            description = "The address to listen on.";
          };
          port = mkOption {
            type = types.port;
            default = 9255;
            description = "The port to listen on.";
          };
          interval = mkOption {
            type = types.either types.ints.positive types.float;
            default = 15;
            description = "Seconds between two readings.";
          };
          limits = mkOption {
            type = types.attrsOf (types.ints.between 0 150);
            default = { };
            example = {
              cpu = 95;
            };
            description = "Temperatures that are reported as too high.";
          };
        };
      };
      default = { };
      description = "What its configuration file says.";
    };
    extraArgs = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Further arguments.";
    };
  };

  config = lib.mkIf cfg.enable {
    boot.kernelModules = [ "coretemp" ];
    hardware.i2c.enable = lib.mkDefault true;
    environment.etc."sensor-exporter.toml".source = file;
    networking.firewall.allowedTCPPorts = lib.mkIf cfg.openFirewall [ cfg.settings.port ];

    users.users.sensor-exporter = {
      isSystemUser = true;
      group = "sensor-exporter";
      description = "Exporter of sensor readings";
    };
    users.groups.sensor-exporter = { };

    systemd.services.sensor-exporter = {
      description = "Exporter of sensor readings";
      wantedBy = [ "multi-user.target" ];
      after = [ "network.target" ];
      environment.LC_ALL = "C";
      restartTriggers = [ file ];
      serviceConfig = lib.mkMerge [
        {
          ExecStart = lib.escapeShellArgs (
            [
              (lib.getExe cfg.package)
              "--config"
              "/etc/sensor-exporter.toml"
            ]
            ++ cfg.extraArgs
          );
          User = "sensor-exporter";
          Restart = "on-failure";
          CapabilityBoundingSet = [ "" ];
          ProtectSystem = "strict";
        }
        (lib.mkIf (cfg.environmentFile != null) { EnvironmentFile = cfg.environmentFile; })
      ];
    };
  };
}
