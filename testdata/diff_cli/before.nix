# A module as it was.
{ config, lib, ... }:
let
  cfg = config.services.demo;
  inherit (lib) mkEnableOption mkIf mkOption types;
  flags = [ "--quiet" ];
in
{
  options = {
    services.demo = {
      enable = mkEnableOption "the demonstration";
      port = mkOption {
        type = types.port;
        default = 80;
        description = "Where it listens.";
      };
      user = mkOption {
        type = types.str;
        default = "root";
      };
      log = mkOption {
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

  config = mkIf cfg.enable {
    services.demo.flags = flags;
    units.demo.command = "demo --port ${toString cfg.port}";
    etc."demo.conf" = "port=${toString cfg.port}\nlog=${cfg.log}\n";
    firewall.ports = [ cfg.port ];
  };
}
