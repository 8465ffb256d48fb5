# nival as a nixpkgs package: `pkgs.callPackage ./nix/package.nix { }`.
{
  lib,
  installShellFiles,
  rustPlatform,
  stdenv,
}:

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
      ../cbindgen.toml
      ../clippy.toml
      ../docs
      ../include
      ../nix
      ../src
      ../testdata
      ../tests
      ../tools/action
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

  nativeBuildInputs = [ installShellFiles ];

  # Under these names the program behaves as the tools that it replaces. They are not in bin, where they would hide the
  # real ones. The manual and the completions come from the program itself.
  postInstall = ''
    mkdir -p $out/libexec/nival
    ln -s ../../bin/nival $out/libexec/nival/nix-eval-jobs
    ln -s ../../bin/nival $out/libexec/nival/nix-instantiate
    ln -s ../../bin/nival $out/libexec/nival/nixd-attrset-eval
    ln -s ../../bin/nival $out/libexec/nival/nixos-option
  ''
  + lib.optionalString (stdenv.buildPlatform.canExecute stdenv.hostPlatform) ''
    $out/bin/nival man -o man
    installManPage man/*
    for shell in bash fish zsh; do
      $out/bin/nival completions $shell > nival.$shell
    done
    installShellCompletion nival.{bash,fish,zsh}
  '';

  meta = {
    inherit (manifest.package) description;
    license = lib.licenses.mit;
    mainProgram = "nival";
    platforms = lib.platforms.linux ++ lib.platforms.darwin;
  };
}
