{ inputs.a.url = 1; outputs = { self, a }: { x = 1; }; }
