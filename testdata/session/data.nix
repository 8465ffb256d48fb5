# An option that takes any data.
{ lib, ... }:
{
  options.value = lib.mkOption { type = lib.types.anything; };
}
