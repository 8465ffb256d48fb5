{ inputs.a.url = "x" + "y"; outputs = { self, a }: { x = 1; }; }
