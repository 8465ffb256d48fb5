{ inputs.a.url = ./sub; outputs = { self, a }: { x = a.x; }; }
