{ imports = [ ../options.nix ]; }
