# What real Nix gives for module.nix with the lib of nixpkgs 26.11; `nixpkgs` is its folder. nix-2.34.json holds it, with
# $HERE for this folder:
#
#   nix-instantiate --eval --strict --json --arg nixpkgs PATH record.nix
{ nixpkgs }:
let
  lib = import (nixpkgs + "/lib");
  evaluated = lib.evalModules { modules = [ ./module.nix ]; };
  documented = import (nixpkgs + "/nixos/lib/make-options-doc") {
    inherit lib;
    pkgs = { };
    inherit (evaluated) options;
  };
in
removeAttrs documented.optionsNix [ "_module.args" ]
