# `lib.mkCheck`: a derivation that runs `nival check`. It needs neither a network nor a Nix in its sandbox.
#
#   suite    the folder with the suite: a path or, where the suite names files above it, a string such as "${self}/tests"
#   file     the suite's file in that folder
#   nixpkgs  for a suite about a nixpkgs: a flake input, or a path. It stands for the suite's `nixpkgs`, and for <nixpkgs>
#   pkgs     the packages that run the check; by default those of `nixpkgs`, if that is a flake input, for `system`
#   system   where the check runs
#   name     the name of the derivation
#   args     further arguments of `nival check`
#   nival    the nival that checks
#
# The output has the report as text and in the form of JUnit. Where the suite fails, so does the derivation, and its log has the
# differences.
{ self, nixpkgs }@own:

{
  suite,
  file ? "nival.toml",
  nixpkgs ? null,
  system ? pkgs.stdenv.hostPlatform.system,
  pkgs ? (if nixpkgs ? legacyPackages then nixpkgs else own.nixpkgs).legacyPackages.${system},
  name ? "nival-check",
  args ? [ ],
  nival ? self.packages.${system}.default,
}:

let
  inherit (pkgs) lib;

  tree = [
    "--nixpkgs"
    "${nixpkgs}"
    "--include"
    "nixpkgs=${nixpkgs}"
  ];
  arguments = lib.optionals (nixpkgs != null) tree ++ args;
in
pkgs.runCommand name
  {
    nativeBuildInputs = [ nival ];
    meta.description = "Compares the option values of fixtures with recorded ones";
  }
  ''
    mkdir -p $out/nix-support
    # Nothing is written: what is not recorded fails.
    export CI=1
    nival check ${lib.escapeShellArg "${suite}/${file}"} ${lib.escapeShellArgs arguments} \
      --no-cache --format junit --output $out/report.xml | tee $out/report.txt
    echo "file xml $out/report.xml" > $out/nix-support/hydra-build-products
  ''
