# `nix fmt`: formats the Rust and the Nix code of the checkout, except for test data that must stay as it is.
{
  nixfmt-rs,
  rustfmt,
  treefmt,
}:

treefmt.withConfig {
  name = "nival-format";

  runtimeInputs = [
    nixfmt-rs
    rustfmt
  ];

  settings = {
    tree-root-file = "flake.nix";
    excludes = [ "testdata/**" ];
    formatter = {
      nix = {
        command = "nixfmt";
        includes = [ "*.nix" ];
      };
      rust = {
        command = "rustfmt";
        options = [
          "--edition"
          "2024"
        ];
        includes = [ "*.rs" ];
      };
    };
  };
}
