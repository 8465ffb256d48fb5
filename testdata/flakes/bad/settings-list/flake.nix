{ nixConfig.a = [ 1 ]; outputs = { self, ... }: { x = 1; }; }
