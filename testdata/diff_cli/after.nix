# The module after a change.
{ config, lib, ... }:
let
  cfg = config.services.demo;
  inherit (lib) mkEnableOption mkIf mkOption types;
  flags = [ "--loud" ];
in
{
  imports = [ (lib.mkRenamedOptionModule [ "services" "demo" "log" ] [ "services" "demo" "logLevel" ]) ];

  options = {
    services.demo = {
      enable = mkEnableOption "the demonstration";
      port = mkOption {
        type = types.port;
        default = 8080;
        description = "The port on which it listens.";
      };
      user = mkOption {
        type = types.enum [ "demo" "root" ];
        default = "root";
      };
      logLevel = mkOption {
        type = types.str;
        default = "info";
      };
      flags = mkOption {
        type = types.listOf types.str;
        default = [ ];
      };
      settings = mkOption {
        type = types.attrsOf types.anything;
        default = { };
      };
      workers = mkOption {
        type = types.int;
        default = 1;
      };
    };
    units = mkOption {
      type = types.attrsOf (types.submodule { options.command = mkOption { type = types.str; }; });
      default = { };
    };
    etc = mkOption {
      type = types.attrsOf types.str;
      default = { };
    };
    firewall.ports = mkOption {
      type = types.listOf types.port;
      default = [ ];
    };
    warnings = mkOption {
      type = types.listOf types.str;
      default = [ ];
    };
    assertions = mkOption {
      type = types.listOf types.unspecified;
      default = [ ];
    };
  };

  config = {
    services.demo.flags = flags;
    units.demo.command = "demo --port ${toString cfg.port}";
    etc."demo.conf" = "port=${toString cfg.port}\nlog=${cfg.logLevel}\n";
    firewall.ports = mkIf cfg.enable [ cfg.port ];
    assertions = [
      {
        assertion = cfg.user != "root";
        message = "The demonstration does not run as root.";
      }
    ];
  };
}
