# Options that fail, each having read others until then.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  # Several options share this failure.
  shared = if config.base.a > 0 then throw "no ${toString config.base.a}" else config.base.b;
  failing = default: mkOption { inherit default; };
  number = mkOption { type = types.int; };
in
{
  options.base = lib.genAttrs [ "a" "b" "c" ] (_: mkOption { type = types.int; });
  options.fails = {
    first = failing (shared + config.base.c);
    second = failing (config.base.b + shared);
    third = failing shared;
    caught = failing [ (builtins.tryEval shared).success config.base.c ];
    through = failing (config.fails.second + config.base.c);
    again = failing (config.fails.second + config.base.a);
    list = failing [ config.base.a (throw "element ${toString config.base.b}") config.base.c ];
    missing = failing (if config.base.b > 0 then config.base.d else config.base.c);
    type = number;
    types = number;
    conflict = number;
    condition = number;
    priority = number;
    inner = number;
    unset = number;
    readOnly = mkOption {
      type = types.int;
      readOnly = true;
    };
    apply = mkOption {
      default = 1;
      apply = n: if n == config.base.a then throw "applied" else config.base.b;
    };
    check = mkOption {
      type = types.addCheck types.int (n: n < config.base.a);
      default = config.base.b;
    };
    typeFails = mkOption {
      type = if config.base.b > 0 then throw "type" else types.int;
      default = config.base.a;
    };
    modules = mkOption {
      type = types.attrsOf (
        types.submodule {
          options.port = number;
          options.name = mkOption { type = types.str; };
        }
      );
    };
  };

  config = {
    base.a = 1;
    base.b = 2;
    base.c = 3;
    fails.type = lib.mkIf (config.base.a == 1) "text ${toString config.base.b}";
    fails.types = lib.mkMerge [ config.base.a (lib.mkIf (config.base.b == 2) "text") ];
    fails.conflict = lib.mkMerge [ config.base.a config.base.b (lib.mkIf (config.base.c == 0) 4) ];
    fails.condition = lib.mkIf (throw "condition ${toString config.base.c}") config.base.a;
    fails.priority = lib.mkMerge [
      (lib.mkOverride (if config.base.a == 1 then 50 else 100) (throw "forced ${toString config.base.b}"))
      config.base.c
    ];
    fails.inner = if config.base.a == 1 then lib.mkForce (throw "inner") else config.base.b;
    fails.unset = lib.mkIf (config.base.b == 0) config.base.a;
    fails.readOnly = lib.mkMerge [ config.base.a config.base.a ];
    fails.modules.one.port = throw "port ${toString config.base.a}";
    fails.modules.one.name = toString config.base.b;
    fails.modules.two.name = throw "name ${config.fails.modules.one.name}";
    fails.modules.two.port = config.fails.modules.one.port + config.base.c;
  };
}
