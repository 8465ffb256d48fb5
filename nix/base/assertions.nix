# Conditions that a configuration must meet, and warnings about it.
{ lib, ... }:

let
  inherit (lib) mkOption types;
in
{
  options = {
    assertions = mkOption {
      type = types.listOf types.unspecified;
      internal = true;
      default = [ ];
      example = [
        {
          assertion = false;
          message = "two bootloaders cannot both be installed";
        }
      ];
      description = ''
        Conditions every configuration has to meet: sets of `assertion`, a boolean, and `message`, the text shown when it
        is false. Here they are data only: nothing throws because of them.
      '';
    };

    warnings = mkOption {
      type = types.listOf types.str;
      internal = true;
      default = [ ];
      example = [ "this option will go away" ];
      description = "Remarks for whoever evaluates the configuration.";
    };
  };
}
