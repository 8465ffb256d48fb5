# A module with options of several kinds.
{ config, lib, ... }:
{
  options.demo = {
    enable = lib.mkEnableOption "the demo";
    port = lib.mkOption {
      type = lib.types.port;
      default = 80;
      description = "Its port.";
    };
    flags = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      description = "Its flags.";
    };
    settings = lib.mkOption {
      type = lib.types.attrsOf lib.types.anything;
      default = { };
      description = "Its settings.";
    };
    hook = lib.mkOption {
      type = lib.types.functionTo lib.types.str;
      default = name: name;
      description = "Called with a name.";
    };
  };
  config = lib.mkIf config.demo.enable {
    demo.flags = [ "--port=${toString config.demo.port}" ];
    demo.settings = {
      "a = b" = "line one\nline two";
      file = ./module.nix;
      package = config.demo.hook "x";
    };
    elsewhere.demo = config.demo.port;
    warnings = lib.optional (config.demo.port == 80) "port 80 is for demos only";
    assertions = [
      {
        assertion = config.demo.port != 22;
        message = "port 22 is taken";
      }
    ];
  };
}
