{ inputs.a.follows = ""; outputs = { self, ... }: { x = self.inputs.a.y; y = 5; }; }
