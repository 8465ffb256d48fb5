{ inputs.a = { url = "path:./x"; flake = "no"; }; outputs = { self }: { x = 1; }; }
