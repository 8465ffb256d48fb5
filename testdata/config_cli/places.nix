{ config, lib, nowhere, ... }:
let inherit (lib) mkOption types; in
{
  options = {
    attrs = mkOption { type = types.attrsOf types.int; };
    list = mkOption { type = types.listOf types.int; };
    free = mkOption { type = types.submodule { freeformType = types.attrsOf types.int; }; };
    argument = mkOption { default = nowhere; };
  };
  config = {
    attrs = { good = 1; bad = "x"; };
    list = [ 1 "x" ];
    free.bad = "x";
  };
}
