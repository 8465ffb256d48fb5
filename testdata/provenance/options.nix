{ lib, ... }:
let
  inherit (lib) mkOption types;
in
{
  options = {
    plain = mkOption { type = types.int; };
    defaulted = mkOption {
      type = types.int;
      default = 1;
    };
    words = mkOption { type = types.listOf types.str; };
    text = mkOption { type = types.lines; };
    flag = mkOption { type = types.bool; };
    table = mkOption { type = types.attrsOf types.int; };
    lazy = mkOption { type = types.lazyAttrsOf types.int; };
    nested.deep = mkOption { type = types.int; };
    unset = mkOption { type = types.nullOr types.int; };
    services = mkOption {
      type = types.attrsOf (
        types.submodule {
          options.port = mkOption {
            type = types.port;
            default = 80;
          };
        }
      );
    };
    list = mkOption {
      type = types.listOf (types.submodule { options.n = mkOption { type = types.int; }; });
    };
    open = mkOption { type = types.submodule { freeformType = types.attrsOf types.int; }; };
    maybe = mkOption { type = types.either types.int (types.listOf types.int); };
    renamed = mkOption { type = types.int; };
    applied = mkOption {
      type = types.int;
      apply = n: n * 2;
    };
  };
}
