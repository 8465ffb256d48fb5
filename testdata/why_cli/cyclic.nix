# Options that are computed from themselves.
{ config, lib, ... }:
{
  options.a = lib.mkOption { default = 1; };
  options.b = lib.mkOption { default = 2; };
  options.loop = lib.mkOption { default = config.a + config.loop + config.b; };
  options.one = lib.mkOption { default = config.a + config.two; };
  options.ring = lib.genAttrs [ "a" "b" "c" ] (_: lib.mkOption { type = lib.types.int; });
  config.ring.a = config.ring.b;
  config.ring.b = config.ring.c;
  config.ring.c = config.ring.a;
  options.two = lib.mkOption { default = config.b + config.one; };
}
