# A stand-in for a nixpkgs: the options and values of a configuration, and the parts of a lib that nixos-option asks for.
{ ... }:
let
  inherit (builtins) concatStringsSep match;

  option = attrs: { _type = "option"; } // attrs;

  simple = description: {
    name = "simple";
    inherit description;
    descriptionClass = "noun";
    getSubOptions = _: { };
  };

  setOf = below: {
    name = "attrsOf";
    description = "attribute set of (submodule)";
    descriptionClass = "composite";
    getSubOptions = _: below;
  };

  isName = name: match "[a-zA-Z_<>*][a-zA-Z0-9_'<>*-]*" name != null;
in
{
  pkgs.lib.showOption =
    parts: concatStringsSep "." (map (part: if isName part then part else builtins.toJSON part) parts);

  options = {
    _module.args = option { };
    web = {
      enable = option {
        type = simple "boolean";
        default = false;
        example = true;
        description = "Whether to serve.\n";
        declarations = [ "/tree/web.nix" ];
        files = [
          "/etc/configuration.nix"
          "/tree/web.nix"
        ];
      };
      text = option {
        type = simple "string";
        default = "";
        description = "One line.\n\nAnother.";
        declarations = [ "/tree/web.nix" ];
        files = [ ];
      };
      hosts = option {
        type = setOf {
          _module.args = option { };
          root = option {
            type = simple "string";
            description = "The root of a host.";
            declarations = [ "/tree/hosts.nix" ];
          };
          port = option {
            type = simple "port";
            default = 80;
          };
        };
        default = { };
      };
      failing = option {
        type = simple "integer";
        default = throw "there is none";
      };
      aborting = option { type = simple "integer"; };
      bare = option { };
    };
    number = 1;
  };

  config = {
    web = {
      enable = true;
      text = ''
        a "b"
          ''${c}
      '';
      hosts = {
        here = {
          root = "/srv";
          port = 80;
        };
        "example.org" = {
          root = throw "no root";
          port = 443;
        };
      };
      failing = throw "no value";
      aborting = abort "no way";
      bare = [
        1
        (-2)
        0.5
        null
        true
        [ ]
        { }
        {
          a = x: x;
          b = {
            type = "derivation";
            name = "c";
            drvPath = "/nix/store/c.drv";
          };
        }
      ];
    };
    number = 1;
  };
}
