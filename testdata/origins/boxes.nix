# A configuration of its own inside an option, as nixpkgs' containers have it.
{ lib, ... }:
let
  inherit (lib) mkOption types;
  box =
    { name, ... }:
    {
      options.size = mkOption {
        type = types.int;
        default = 1;
      };
      options.config = mkOption {
        type = lib.mkOptionType {
          name = "configuration of a box";
          merge =
            loc: definitions:
            (lib.evalModules {
              prefix = [
                "boxes"
                name
              ];
              modules = [
                ./shop.nix
                ./inner.nix
              ]
              ++ map (one: {
                _file = one.file;
                imports = [ one.value ];
              }) definitions;
            }).config;
        };
      };
    };
in
{
  options.boxes = mkOption { type = types.attrsOf (types.submodule box); };
  config.boxes.one = {
    size = 2;
    config = {
      shop.port = 8080;
      shop.level = 4;
      shop.mounts = [ { path = "/boxed"; } ];
    };
  };
}
