{ inputs.self.submodules = true; outputs = { self, ... }: { x = 1; }; }
