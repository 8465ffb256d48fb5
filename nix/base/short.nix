# Functions to declare options in few words. Not a module: the modules beside it use these.
{ lib }:

let
  inherit (lib) mkOption types;
  option =
    type: default: description:
    mkOption { inherit type default description; };
in
{
  inherit option;
  flag = option types.bool;
  string = option types.str;
  maybe =
    type: description:
    mkOption {
      type = types.nullOr type;
      default = null;
      inherit description;
    };
  lines = description: option types.lines "" description;
  names = description: option (types.listOf types.str) [ ] description;
  port = option types.port;
  required =
    type: description:
    mkOption { inherit type description; };
  package =
    default: description:
    mkOption {
      type = types.package;
      inherit default description;
      defaultText = "the package set's";
    };
  attrs =
    of: description:
    mkOption {
      type = types.attrsOf (types.submodule of);
      default = { };
      inherit description;
    };
}
