# Options that are computed from themselves.
{ config, lib, ... }:
{
  options.a = lib.mkOption { default = 1; };
  options.b = lib.mkOption { default = 2; };
  options.loop = lib.mkOption { default = config.a + config.loop + config.b; };
  options.one = lib.mkOption { default = config.a + config.two; };
  options.two = lib.mkOption { default = config.b + config.one; };
}
