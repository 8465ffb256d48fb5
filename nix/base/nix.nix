# Nix, nixpkgs and the manuals.
{
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkEnableOption mkOption types;

  setting =
    types.nullOr (
      types.oneOf [
        types.bool
        types.int
        types.float
        types.str
        types.path
        types.package
      ]
    )
    // {
      description = "Nix config atom (null, bool, int, float, str, path or package)";
    };
in
{
  options = {
    nix = {
      enable = mkOption {
        type = types.bool;
        default = true;
        description = "Whether Nix is installed.";
      };
      package = mkOption {
        type = types.package;
        default = pkgs.nix;
        defaultText = lib.literalExpression "pkgs.nix";
        description = "Which Nix.";
      };
      settings = mkOption {
        type = types.submodule {
          freeformType = types.attrsOf (types.either setting (types.listOf setting));
          options = {
            max-jobs = mkOption {
              type = types.either types.int (types.enum [ "auto" ]);
              default = "auto";
              description = "How many builds run at once.";
            };
            cores = mkOption {
              type = types.int;
              default = 0;
              description = "How many processors a build may use; 0 for all.";
            };
            sandbox = mkOption {
              type = types.either types.bool (types.enum [ "relaxed" ]);
              default = true;
              description = "Whether builds are shut in.";
            };
            trusted-users = mkOption {
              type = types.listOf types.str;
              default = [ "root" ];
              description = "Who may do everything.";
            };
          };
        };
        default = { };
        description = "Settings of nix.conf.";
      };
      extraOptions = mkOption {
        type = types.lines;
        default = "";
        description = "Further text for nix.conf.";
      };
      nixPath = mkOption {
        type = types.listOf types.str;
        default = [ ];
        description = "Where `<name>` is looked up.";
      };
      channel.enable = mkEnableOption "channels" // {
        default = true;
      };
      gc = {
        automatic = mkEnableOption "collecting garbage by itself";
        dates = mkOption {
          type = types.either types.singleLineStr (types.listOf types.str);
          default = [ "03:15" ];
          description = "When to do it, in words of systemd.";
        };
        options = mkOption {
          type = types.singleLineStr;
          default = "";
          example = "--delete-older-than 30d";
          description = "Options of the collector.";
        };
      };
      optimise.automatic = mkEnableOption "sharing equal files by itself";
    };

    nixpkgs = {
      hostPlatform = mkOption {
        type = types.either types.str types.attrs;
        default = pkgs.stdenv.hostPlatform.system;
        defaultText = lib.literalExpression "pkgs.stdenv.hostPlatform.system";
        description = "The system that this machine runs. It does not change `pkgs`, which comes from outside.";
      };
      buildPlatform = mkOption {
        type = types.either types.str types.attrs;
        default = pkgs.stdenv.buildPlatform.system;
        defaultText = lib.literalExpression "pkgs.stdenv.buildPlatform.system";
        description = "The system that it is built on.";
      };
      system = mkOption {
        type = types.str;
        default = pkgs.stdenv.hostPlatform.system;
        defaultText = lib.literalExpression "pkgs.stdenv.hostPlatform.system";
        description = "The older name of both platforms.";
      };
      config = mkOption {
        type = types.attrsOf types.anything;
        default = { };
        example = {
          allowUnfree = true;
        };
        description = "Settings of nixpkgs. Taken note of, but without an effect on `pkgs`.";
      };
      overlays = mkOption {
        type = types.listOf types.raw;
        default = [ ];
        description = "Changes to the package set. Taken note of, but without an effect on `pkgs`.";
      };
    };

    documentation = {
      enable = mkOption {
        type = types.bool;
        default = true;
        description = "Whether packages' documentation is installed.";
      };
      man.enable = mkOption {
        type = types.bool;
        default = true;
        description = "Whether manual pages are installed.";
      };
      doc.enable = mkOption {
        type = types.bool;
        default = true;
        description = "Whether share/doc is installed.";
      };
      info.enable = mkOption {
        type = types.bool;
        default = true;
        description = "Whether info pages are installed.";
      };
      dev.enable = mkEnableOption "documentation for developers";
      nixos.enable = mkOption {
        type = types.bool;
        default = true;
        description = "Whether NixOS' own manual is installed.";
      };
    };
  };
}
