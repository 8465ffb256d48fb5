# A module whose configuration holds another one like it, as a virtual machine's variant of a system does.
let
  module =
    { lib, ... }:
    {
      options.variant.system = lib.mkOption {
        type = lib.types.submodule module;
        default = { };
      };
      options.name = lib.mkOption {
        type = lib.types.str;
        default = "machine";
      };
    };
in
module
