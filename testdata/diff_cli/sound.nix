# A module with declarations that can be evaluated.
{ lib, ... }:
{
  options.sound = lib.mkOption { default = 1; };
  options.broken.type = lib.mkOption {
    type = lib.types.int;
    default = 1;
  };
  options.broken.declaration = lib.mkOption {
    type = lib.types.int;
    default = 1;
  };
}
