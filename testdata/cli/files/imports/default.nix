{ x = import ./one.nix; y = import ./two.nix; }
