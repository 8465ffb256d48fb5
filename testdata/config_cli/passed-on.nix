# Options that hold what modules pass on to others: the package set, the library, a type, the configuration.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  passed =
    default:
    lib.mkOption {
      type = lib.types.raw;
      inherit default;
    };
in
{
  options.passed = {
    packages = passed pkgs;
    library = passed lib;
    type = passed lib.types.str;
    arguments = passed {
      inherit lib;
      name = "machine";
    };
    configuration = passed config;
  };
}
