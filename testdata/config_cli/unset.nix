{ config, lib, ... }:
let inherit (lib) mkOption types; in
{
  imports = [ (lib.mkRemovedOptionModule [ "old" "option" ] "Use another.") ];
  options = {
    assertions = mkOption { type = types.listOf types.unspecified; default = [ ]; };
    bare = mkOption { type = types.int; };
    reads = mkOption { type = types.int; default = config.bare; };
    set = mkOption { default = { inner = config.bare; }; };
    sub = mkOption { type = types.attrsOf (types.submodule { options."a b" = mkOption { type = types.str; }; }); };
    list = mkOption { type = types.listOf (types.submodule { options.x = mkOption { type = types.str; }; }); };
    asks = mkOption { default = config.old.option; };
  };
  config.sub.one = { };
  config.list = [ { } ];
}
