# An evaluation of other modules inside a value.
{ config, lib, ... }:
let
  outer = config;
  inner = lib.evalModules {
    modules = [
      (
        { config, ... }:
        {
          options.size = lib.mkOption { default = config.width + outer.height; };
          options.width = lib.mkOption { default = outer.depth; };
          options.unused = lib.mkOption { default = outer.width; };
        }
      )
    ];
  };
in
{
  options.height = lib.mkOption { default = 1; };
  options.depth = lib.mkOption { default = 2; };
  options.width = lib.mkOption { default = 3; };
  options.area = lib.mkOption { default = inner.config.size; };
  options.both = lib.mkOption { default = inner.config.size + config.width; };
}
