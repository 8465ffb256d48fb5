# Options for values that are long, deep or endless.
{ lib, ... }:
{
  options = lib.genAttrs [
    "long"
    "grown"
    "deep"
    "cyclic"
    "endless"
  ] (_: lib.mkOption { type = lib.types.raw; });
}
