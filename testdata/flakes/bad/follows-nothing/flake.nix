{ inputs.a.follows = "b"; outputs = { self, ... }: { x = 1; }; }
