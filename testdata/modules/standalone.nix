# A module that needs no other: for evaluations without the base modules.
{
  config,
  lib,
  pkgs,
  ...
}:

{
  options.greeting = {
    text = lib.mkOption {
      type = lib.types.str;
      default = "hello";
      description = "What is said.";
    };
    times = lib.mkOption {
      type = lib.types.ints.between 1 9;
      default = 1;
      description = "How often.";
    };
    file = lib.mkOption {
      type = lib.types.package;
      readOnly = true;
      description = "The whole of it.";
    };
  };

  config.greeting.file = pkgs.writeText "greeting" (
    lib.concatStringsSep " " (lib.genList (_: config.greeting.text) config.greeting.times)
  );
}
