# The options of a small evaluation of modules.
let
  literal = text: {
    _type = "literalExpression";
    inherit text;
  };

  module =
    { config, lib, ... }:
    {
      options.web = {
        port = lib.mkOption {
          type = lib.types.port;
          default = 80;
          description = "The port.";
        };
        root = lib.mkOption {
          type = lib.types.path;
          default = config.web.port;
          defaultText = literal "config.web.port";
          example = ./.;
        };
        flags = lib.mkOption {
          type = with lib.types; listOf str;
          default = [ "a" ];
          example = [
            "b"
            1
          ];
        };
        hosts = lib.mkOption {
          default = { };
          type = lib.types.attrsOf (
            lib.types.submodule {
              options.root = lib.mkOption {
                type = lib.types.str;
                default = "here";
                description = "Its root.";
              };
            }
          );
        };
      };
    };

  configuration =
    { lib, ... }:
    {
      web.port = lib.mkForce 81;
      web.hosts.main.root = "there";
    };
in
(import ./lib).evalModules {
  modules = [
    module
    configuration
  ];
}
