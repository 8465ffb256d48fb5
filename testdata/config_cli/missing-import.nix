{ imports = [ ./nowhere ./options.nix ]; }
