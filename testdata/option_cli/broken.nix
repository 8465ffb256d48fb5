# Options whose types or declarations cannot be evaluated.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
in
{
  options.broken = {
    declaration = throw "the declaration is gone";
    default = mkOption {
      type = types.int;
      default = throw "the default is gone";
    };
    description = mkOption {
      description = throw "the description is gone";
      default = 1;
    };
    element = mkOption {
      type = types.listOf (throw "the type of the elements is gone");
      default = [ ];
    };
    reader = mkOption { default = config.broken.type; };
    sound = mkOption {
      type = types.int;
      default = 1;
    };
    type = mkOption {
      type = throw "the type is gone";
      default = 1;
    };
  };
  config.broken.sound = 2;
  config.broken.type = 3;
}
