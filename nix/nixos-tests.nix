# The NixOS tests of a nixpkgs, as its all-tests.nix nests them. Each is a set with the attribute `nixosTest`.
{ nixpkgs, system }:

import (nixpkgs + "/nixos/tests/all-tests.nix") {
  inherit system;
  pkgs = import nixpkgs { inherit system; };
  callTest = test: { nixosTest = test; };
}
