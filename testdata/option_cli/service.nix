# A module with an option of each kind.
{ lib, config, ... }:
{
  imports = [ (lib.mkRenamedOptionModule [ "web" "oldPort" ] [ "web" "port" ]) ];

  options.web = {
    enable = lib.mkEnableOption "the web server";
    port = lib.mkOption {
      type = lib.types.port;
      default = 80;
      description = "The port that it listens on.";
    };
    flags = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      description = ''
        Flags of the command line.

        They are passed on as they are.
      '';
    };
    sites = lib.mkOption {
      default = { };
      type = lib.types.attrsOf (
        lib.types.submodule {
          options.root = lib.mkOption {
            type = lib.types.str;
            default = "/srv";
          };
          options.aliases = lib.mkOption {
            type = lib.types.listOf lib.types.str;
            default = [ ];
          };
        }
      );
    };
    settings = lib.mkOption {
      type = lib.types.attrsOf lib.types.anything;
      default = { };
    };
    version = lib.mkOption {
      type = lib.types.str;
      readOnly = true;
      default = "1.0";
    };
    owner = lib.mkOption { type = lib.types.str; };
    secret = lib.mkOption {
      type = lib.types.str;
      internal = true;
      default = "hidden";
    };
    broken = lib.mkOption {
      type = lib.types.str;
      default = throw "there is no such thing";
    };
    hook = lib.mkOption {
      type = lib.types.functionTo lib.types.str;
      default = x: x;
    };
  };

  config = lib.mkMerge [
    (lib.mkIf config.web.enable {
      web.flags = [ "--port=${toString config.web.port}" ];
      web.settings.port = config.web.port;
    })
    (lib.mkIf (!config.web.enable) { web.flags = [ "--off" ]; })
    { web.settings.log = lib.mkDefault "info"; }
  ];
}
