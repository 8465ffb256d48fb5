# Declares an option of each kind.
{ lib, ... }:
let
  inherit (lib) mkOption types;
  strings = mkOption {
    type = types.listOf types.str;
    default = [ ];
  };
in
{
  options.shop = {
    enable = lib.mkEnableOption "the shop";
    port = mkOption {
      type = types.int;
      default = 80;
    };
    name = mkOption { type = types.str; };
    flags = strings;
    env = mkOption {
      type = types.attrsOf types.str;
      default = { };
    };
    hosts = mkOption {
      type = types.attrsOf (types.listOf types.str);
      default = { };
    };
    users = mkOption {
      default = { };
      type = types.attrsOf (
        types.submodule (
          { name, ... }:
          {
            options.home = mkOption {
              type = types.str;
              default = "/home/${name}";
            };
            options.groups = strings;
            options.keys = mkOption {
              default = { };
              type = types.attrsOf (types.submodule { options.uses = strings; });
            };
            config.groups = [ "all" ];
          }
        )
      );
    };
    mounts = mkOption {
      default = [ ];
      type = types.listOf (
        types.submodule {
          options.path = mkOption { type = types.str; };
          options.flags = strings;
        }
      );
    };
    settings = mkOption {
      default = { };
      type = types.submodule {
        freeformType = types.attrsOf types.int;
        options.level = mkOption {
          type = types.int;
          default = 1;
        };
      };
    };
  };
}
