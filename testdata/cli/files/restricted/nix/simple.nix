import ./restricted.nix
