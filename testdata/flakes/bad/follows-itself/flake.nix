{ inputs.a.follows = "a"; outputs = { self, ... }: { x = 1; }; }
