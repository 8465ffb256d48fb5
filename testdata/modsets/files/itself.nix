{ imports = [ ./itself.nix ./declares.nix ]; fromFile = [ "once" ]; }
