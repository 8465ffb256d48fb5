{ inputs.a = { url = "path:./x"; foo = "bar"; }; outputs = { self }: { x = 1; }; }
