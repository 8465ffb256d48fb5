{ inputs = builtins.foo; outputs = { self }: { x = 1; }; }
