# Options whose documentation fails, each in its own way, beside one that is fine.
{ lib, ... }:
let
  inherit (lib) mkOption types;
in
{
  options.broken = {
    fine = mkOption {
      type = types.int;
      default = 1;
      description = "Fine.";
    };
    default = mkOption {
      type = types.int;
      default = throw "no default";
      description = "Its default fails.";
    };
    description = mkOption {
      type = types.int;
      description = abort "no description";
    };
    example = mkOption {
      type = types.int;
      example = { }.missing;
      default = 2;
    };
    visible = mkOption {
      type = types.int;
      visible = throw "who knows";
    };
    below = mkOption {
      type = types.submodule {
        options.good = mkOption {
          type = types.int;
          description = "Good.";
        };
        options.bad = throw "a declaration that fails";
      };
      description = "What is below fails.";
    };
    level = throw "a level that fails";
  };
}
