# The stub package set: enough of a `pkgs` for modules to evaluate, without nixpkgs and without a store.
#
# A package here is a plain attribute set that looks like a derivation (`type`, `name`, `outPath`, `drvPath`,
# `meta`, `outputs` …). Its store paths are invented, but valid and always the same. Nothing can be built from
# it. `derivation`, `builtins.path` and `toFile` are never called, so an evaluator without a store can read
# it. Only builtins of Nix 2.8 are used, so old evaluators can as well.
#
# The set is open: it has every package that is asked for. `open scope path set answer` gives `set`, with
# `answer name` for every name that it lacks; in a scope, `?` and `or` find such names as well. nival has this
# built in. Other evaluators get sets with the names that nival was asked for: see `asked` in oracle.nix.
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

  # Every argument name that a package function may ask for, as in `callPackage` of nixpkgs.
  callPackageWith =
    scope: f: overrides:
    let
      function = if builtins.isFunction f then f else import f;
      arguments = builtins.functionArgs function;
      wanted = builtins.intersectAttrs arguments scope;
      # Only an open set has more than it lists.
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

      # nixpkgs splits these by platform; here they are all the same.
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

      # For the base modules: the builds of a system, with stubs for what no module at hand makes.
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
