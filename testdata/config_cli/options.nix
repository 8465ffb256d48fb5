{ lib, ... }:
let
  inherit (lib) mkOption mkEnableOption types;
in
{
  options.service = {
    enable = mkEnableOption "the service";
    port = mkOption {
      type = types.port;
      default = 80;
    };
    names = mkOption {
      type = types.listOf types.str;
      default = [ ];
    };
    hosts = mkOption {
      type = types.attrsOf (
        types.submodule (
          { name, ... }:
          {
            options.root = mkOption {
              type = types.str;
              default = "/srv/${name}";
            };
            options.aliases = mkOption {
              type = types.listOf types.str;
              default = [ ];
            };
          }
        )
      );
      default = { };
    };
    mounts = mkOption {
      type = types.listOf (types.submodule { options.at = mkOption { type = types.str; }; });
      default = [ ];
    };
  };
}
