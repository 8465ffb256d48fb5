# Declares options to lint.
{ lib, ... }:
let
  inherit (lib) mkOption types;
in
{
  imports = [
    (lib.mkRenamedOptionModule [ "demo" "oldPort" ] [ "demo" "port" ])
    (lib.mkRemovedOptionModule [ "demo" "theme" ] "Set demo.env.THEME instead.")
    (lib.mkAliasOptionModule [ "demo" "options" ] [ "demo" "flags" ])
  ];
  options.warnings = mkOption { type = types.listOf types.str; };
  options.assertions = mkOption { type = types.listOf types.unspecified; };
  options.demo = {
    enable = lib.mkEnableOption "the demonstration";
    any = mkOption {
      type = types.boolByOr or types.bool;
      default = false;
    };
    port = mkOption {
      type = types.int;
      default = 80;
    };
    name = mkOption {
      type = types.str;
      default = "demo";
    };
    text = mkOption {
      type = types.lines;
      default = "";
    };
    flags = mkOption {
      type = types.listOf types.str;
      default = [ ];
    };
    env = mkOption {
      type = types.attrsOf types.str;
      default = { };
    };
    users = mkOption {
      default = { };
      type = types.attrsOf (
        types.submodule {
          options.home = mkOption {
            type = types.str;
            default = "/home";
          };
          options.groups = mkOption {
            type = types.listOf types.str;
            default = [ ];
          };
        }
      );
    };
  };
}
