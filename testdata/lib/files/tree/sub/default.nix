import ./c.nix
