# Options whose declarations cannot be evaluated, and one whose declaration can.
{ lib, ... }:
{
  options.failing = {
    declaration = throw "the declaration is gone";
    sound = lib.mkOption { default = 1; };
    type = lib.mkOption {
      type = throw "the type is gone";
      default = 1;
    };
  };
}
