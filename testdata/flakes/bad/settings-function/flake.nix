{ nixConfig.foo = x: x; outputs = { self, ... }: { x = 1; }; }
