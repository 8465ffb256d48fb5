{ fromFile = [ "sub" ]; imports = [ ../declares.nix ]; }
