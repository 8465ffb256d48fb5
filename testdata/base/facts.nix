# What the base modules declare, as an option, for the test that compares it with what is recorded.
{ lib, options, ... }:
{
  options.baseFacts = lib.mkOption {
    type = lib.types.raw;
    default = (import ../../tools/record/base-facts.nix { inherit lib; }).ofOptions (removeAttrs options [ "baseFacts" ]);
  };
}
