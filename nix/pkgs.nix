# The stub package set: enough of a `pkgs` for modules to evaluate, without nixpkgs and without a store.
#
# A package here is a plain attribute set that looks like a derivation (`type`, `name`, `outPath`, `drvPath`, `meta`,
# outputs …) and whose store paths are made up, though valid and always the same. Nothing can be built from it.
# `derivation`, `builtins.path` and `toFile` are never called, so that an evaluator without a store can read it, and
# only builtins of Nix 2.8 are used, so that old ones can as well.
#
# A package that is not here is simply a missing attribute, as with nixpkgs.
{
  lib,
  system ? "x86_64-linux",
}:

let
  store = import ./pkgs/store.nix { inherit system; };
  platform = import ./pkgs/platform.nix system;
  stdenv = import ./pkgs/stdenv.nix { inherit store platform pkgs; };

  # Every argument name a package function may ask for, as `callPackage` of nixpkgs offers it.
  callPackageWith =
    scope: f: overrides:
    let
      function = if builtins.isFunction f then f else import f;
      wanted = builtins.intersectAttrs (builtins.functionArgs function) scope;
    in
    function (wanted // overrides);

  newScope = extra: callPackageWith (pkgs // extra);

  pkgs =
    import ./pkgs/catalog.nix { inherit store; }
    // import ./pkgs/languages.nix { inherit store; }
    // import ./pkgs/builders.nix { inherit store pkgs; }
    // import ./pkgs/kernels.nix { inherit store platform; }
    // {
      inherit
        lib
        system
        stdenv
        newScope
        callPackageWith
        ;
      stdenvNoCC = stdenv // {
        cc = null;
      };

      hostPlatform = platform;
      buildPlatform = platform;
      targetPlatform = platform;

      callPackage = newScope { };
      callPackages = newScope { };
      recurseIntoAttrs = set: set // { recurseForDerivations = true; };
      dontRecurseIntoAttrs = set: set // { recurseForDerivations = false; };

      formats = import ./pkgs/formats.nix { inherit lib pkgs; };

      # What nixpkgs splits by platform is all one here.
      buildPackages = pkgs;
      targetPackages = pkgs;
      pkgsBuildHost = pkgs;
      pkgsHostTarget = pkgs;
      pkgsStatic = pkgs;
      pkgsi686Linux = import ./pkgs.nix {
        inherit lib;
        system = "i686-linux";
      };

      config = {
        allowUnfree = true;
        allowAliases = true;
      };
      overlays = [ ];
    };
in
pkgs
