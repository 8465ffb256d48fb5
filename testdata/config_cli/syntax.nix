{ lib, ... }:
{
  options.a = lib.mkOption { default = 1 };
}
