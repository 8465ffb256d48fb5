# Options of every kind that documentation treats in its own way.
{ lib, config, ... }:
let
  inherit (lib) mkOption types;
  port = types.submodule {
    options = {
      number = mkOption {
        type = types.port;
        default = 80;
        description = "The number.";
      };
      protocol = mkOption {
        type = types.enum [
          "tcp"
          "udp"
        ];
        example = "udp";
        description = "The protocol.";
      };
    };
  };
in
{
  options.docs = {
    enable = lib.mkEnableOption "the documented service";
    plain = mkOption {
      type = types.str;
      default = "a \"quoted\" text with \${braces}, a tab\t and ü";
      description = "A string.";
    };
    lines = mkOption {
      type = types.lines;
      default = ''
        first
          second ''${kept}
      '';
      example = "one\ntwo";
      description = ''
        Lines.

        And a second paragraph with *markup*.
      '';
    };
    numbers = mkOption {
      type = types.listOf (types.either types.int types.float);
      default = [
        1
        (-2)
        0.5
        1.0e30
      ];
      description = "Numbers.";
    };
    nothing = mkOption {
      type = types.nullOr types.path;
      default = null;
      example = ./module.nix;
      description = "A path, or nothing.";
    };
    function = mkOption {
      type = types.functionTo types.str;
      default = { name, more ? "" }: name + more;
      description = "A function.";
    };
    package = mkOption {
      type = types.package;
      default = {
        type = "derivation";
        name = "hello-1.0";
        outPath = "/nix/store/00000000000000000000000000000000-hello-1.0";
      };
      description = "A package.";
    };
    documented = mkOption {
      type = types.int;
      default = throw "not evaluated";
      defaultText = lib.literalExpression "config.docs.numbers.0";
      example = lib.literalMD "as *many* as there are";
      description = "Its default is documented.";
    };
    "needs quotes" = mkOption {
      type = types.bool;
      default = true;
      description = "Its name needs quotes.";
    };
    untyped = mkOption { };
    readOnly = mkOption {
      type = types.str;
      default = config.docs.plain;
      defaultText = "what `docs.plain` is";
      readOnly = true;
      description = "A result.";
    };
    ports = mkOption {
      type = types.attrsOf port;
      default = { };
      example = lib.literalExpression ''{ web.number = 80; }'';
      description = "Ports by name.";
    };
    main = mkOption {
      type = port;
      description = "One port.";
    };
    list = mkOption {
      type = types.listOf (types.attrsOf port);
      description = "Ports in lists, without a default of their own.";
    };
    hidden = mkOption {
      type = port;
      visible = false;
      description = "Nobody sees it.";
    };
    shallow = mkOption {
      type = port;
      visible = "shallow";
      description = "Without what is below.";
    };
    transparent = mkOption {
      type = types.attrsOf port;
      visible = "transparent";
      description = "Only what is below.";
    };
    internal = mkOption {
      type = types.str;
      internal = true;
      description = "For other modules.";
    };
    related = mkOption {
      type = types.anything;
      default = { };
      description = "With packages.";
      relatedPackages = [
        "hello"
        [
          "python3Packages"
          "requests"
        ]
        {
          name = "curl";
          title = "the client";
        }
        {
          path = [
            "linuxPackages"
            "perf"
          ];
          comment = "Only on Linux.";
        }
      ];
    };
    unrelated = mkOption {
      type = types.raw;
      relatedPackages = [ ];
      description = "Without packages.";
    };
    nested = {
      deep.option = mkOption {
        type = types.attrTag {
          left = mkOption {
            type = types.int;
            description = "The one.";
          };
          right = mkOption {
            type = types.str;
            description = "The other.";
          };
        };
        description = "One of two.";
      };
    };
  };
}
