# The stub package set: enough of a `pkgs` for modules to evaluate, without nixpkgs and without a store.
#
# A package here is a plain attribute set that looks like a derivation (`type`, `name`, `outPath`, `drvPath`, `meta`,
# outputs …) and whose store paths are made up, though valid and always the same. Nothing can be built from it.
# `derivation`, `builtins.path` and `toFile` are never called, so that an evaluator without a store can read it, and
# only builtins of Nix 2.8 are used, so that old ones can as well.
#
# The set is open: whatever package is asked for is there. `open scope path set answer` gives `set` so that `answer name`
# stands for every name that it lacks; in a scope `?` and `or` find such names, too. nival has this built in. An evaluator
# that does not have it gets sets with the names that nival was asked for: see `asked` in oracle.nix.
{
  lib,
  system ? "x86_64-linux",
  open ?
    scope: path: set: answer:
    set,
}:

let
  store = import ./pkgs/store.nix { inherit system open; };
  platform = import ./pkgs/platform.nix { inherit system open; };
  stdenv = import ./pkgs/stdenv.nix {
    inherit
      store
      platform
      pkgs
      open
      ;
  };
  languages = import ./pkgs/languages.nix { inherit store; };
  kernels = import ./pkgs/kernels.nix {
    inherit
      store
      platform
      open
      ;
    callPackageWith = extra: callPackageWith (pkgs // extra);
  };

  # Every argument name a package function may ask for, as `callPackage` of nixpkgs offers it.
  callPackageWith =
    scope: f: overrides:
    let
      function = if builtins.isFunction f then f else import f;
      arguments = builtins.functionArgs function;
      wanted = builtins.intersectAttrs arguments scope;
      # Only an open set has more than it seems to have.
      needed = builtins.filter (name: !arguments.${name} && !((wanted // overrides) ? ${name})) (
        builtins.attrNames arguments
      );
      others = builtins.listToAttrs (
        map (name: {
          inherit name;
          value = scope.${name};
        }) needed
      );
      result = function (wanted // others // overrides);
    in
    if builtins.isAttrs result then
      {
        override = change: callPackageWith scope f (
          overrides // (if builtins.isFunction change then change (wanted // overrides) else change)
        );
      }
      // result
    else
      result;

  newScope = extra: callPackageWith (pkgs // extra);

  known =
    import ./pkgs/catalog.nix { inherit store; }
    // languages.known
    // import ./pkgs/builders.nix { inherit store pkgs; }
    // kernels.known
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
      clangStdenv = stdenv;
      gccStdenv = stdenv;

      hostPlatform = platform;
      buildPlatform = platform;
      targetPlatform = platform;

      callPackage = newScope { };
      callPackages = newScope { };
      recurseIntoAttrs = set: set // { recurseForDerivations = true; };
      dontRecurseIntoAttrs = set: set // { recurseForDerivations = false; };
      extend = f: pkgs // f pkgs pkgs;
      appendOverlays = _: pkgs;

      formats = import ./pkgs/formats.nix { inherit lib pkgs; };

      # What nixpkgs splits by platform is all one here.
      buildPackages = pkgs;
      targetPackages = pkgs;
      pkgsBuildBuild = pkgs;
      pkgsBuildHost = pkgs;
      pkgsHostHost = pkgs;
      pkgsHostTarget = pkgs;
      pkgsStatic = pkgs;
      pkgsMusl = pkgs;
      pkgsi686Linux = import ./pkgs.nix {
        inherit lib open;
        system = "i686-linux";
      };
      path = "/nix/store/nivalnivalnivalnivalnivalnivalni-stub-nixpkgs";

      config =
        open true "config"
          {
            allowUnfree = true;
            allowAliases = true;
          }
          (
            name:
            if
              builtins.elem name [
                "cudaSupport"
                "rocmSupport"
                "pulseaudio"
                "allowBroken"
                "enableParallelBuilding"
              ]
            then
              false
            else
              null
          );
      overlays = [ ];

      # For the base modules: what can be built of a system, with stubs for what no module at hand makes.
      stubBuilds =
        others: builds:
        open false "system.build" builds (
          name:
          others.${name}
            or (if builtins.match "__.*" name != null then null else store.mkStub "system.build.${name}" name)
        );
    };

  answer =
    name:
    let
      language = languages.ofFamily name;
      kernel = kernels.ofFamily name;
    in
    if language != null then
      language
    else if kernel != null then
      kernel
    else
      store.mkAny name name;

  pkgs = open true "" known answer;
in
pkgs
