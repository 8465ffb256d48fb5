import ./recursive.nix
