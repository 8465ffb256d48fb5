# What work on nival needs: the toolchain of the package, its linters, and a real Nix to compare with.
{
  cargo-deny,
  clippy,
  mkShell,
  nival,
  nix,
  rust-analyzer,
  rustPlatform,
  rustfmt,
}:

mkShell {
  name = "nival";
  inputsFrom = [ nival ];

  packages = [
    cargo-deny
    clippy
    nix
    rust-analyzer
    rustfmt
  ];

  env.RUST_SRC_PATH = rustPlatform.rustLibSrc;
}
