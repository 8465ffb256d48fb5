# nival as a nixpkgs package: `pkgs.callPackage ./nix/package.nix { }`.
{ lib, rustPlatform }:

let
  manifest = lib.importTOML ../Cargo.toml;

  # What the build reads and the tests need. A missing part of a checkout is no reason to fail.
  source = lib.fileset.unions (
    map lib.fileset.maybeMissing [
      ../Cargo.toml
      ../Cargo.lock
      ../LICENSE
      ../README.md
      ../benches
      ../build.rs
      ../clippy.toml
      ../nix
      ../src
      ../testdata
      ../tests
    ]
  );
in
rustPlatform.buildRustPackage {
  pname = manifest.package.name;
  inherit (manifest.package) version;

  src = lib.fileset.toSource {
    root = ../.;
    fileset = source;
  };
  cargoLock.lockFile = ../Cargo.lock;

  # Under this name the program behaves as the tool that it replaces. It is not in bin, where it would hide
  # the real one.
  postInstall = ''
    mkdir -p $out/libexec/nival
    ln -s ../../bin/nival $out/libexec/nival/nix-instantiate
  '';

  meta = {
    inherit (manifest.package) description;
    license = lib.licenses.mit;
    mainProgram = "nival";
    platforms = lib.platforms.linux ++ lib.platforms.darwin;
  };
}
