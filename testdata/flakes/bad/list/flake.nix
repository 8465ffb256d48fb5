{ inputs.a = { type = "path"; path = [ ]; }; outputs = { self }: { x = 1; }; }
