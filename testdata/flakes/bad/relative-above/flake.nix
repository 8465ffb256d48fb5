{ inputs.a.url = "path:../b"; outputs = { self, a }: { x = 1; }; }
