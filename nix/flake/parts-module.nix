# A module for flake-parts: each suite under `nival.suites` becomes a check of the flake.
{ mkCheck }:

{ flake-parts-lib, lib, ... }:

let
  inherit (lib) mkOption types;
in
{
  options.perSystem = flake-parts-lib.mkPerSystemOption (
    {
      config,
      pkgs,
      system,
      ...
    }:
    let
      suite = types.submodule {
        options = {
          suite = mkOption {
            type = types.either types.path types.str;
            example = lib.literalExpression ''"''${self}/tests"'';
            description = "The folder with the suite.";
          };
          file = mkOption {
            type = types.str;
            default = "nival.toml";
            description = "The suite's file in that folder.";
          };
          nixpkgs = mkOption {
            type = types.nullOr types.path;
            default = null;
            example = lib.literalExpression "inputs.nixpkgs";
            description = "For a suite about a nixpkgs: the input or the path that it is checked with.";
          };
          args = mkOption {
            type = types.listOf types.str;
            default = [ ];
            example = [ "--only=server-*" ];
            description = "Further arguments of `nival check`.";
          };
        };
      };
    in
    {
      options.nival.suites = mkOption {
        type = types.attrsOf suite;
        default = { };
        description = "Suites of fixtures whose option values are compared with recorded ones, by their names.";
      };

      config.checks = lib.mapAttrs' (name: suite: {
        name = "nival-${name}";
        value = mkCheck {
          inherit pkgs system;
          inherit (suite)
            suite
            file
            nixpkgs
            args
            ;
          name = "nival-check-${name}";
        };
      }) config.nival.suites;
    }
  );
}
