{ inputs.lib.url = "github:a/b"; outputs = { self, lib }: { x = lib.x; }; }
