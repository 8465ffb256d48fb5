# The module with declarations that cannot.
{ lib, ... }:
{
  options.sound = lib.mkOption { default = 2; };
  options.broken.type = lib.mkOption {
    type = throw "the type is gone";
    default = 1;
  };
  options.broken.declaration = throw "the declaration is gone";
}
