{ inputs.self.foo = true; outputs = { self, ... }: { x = 1; }; }
