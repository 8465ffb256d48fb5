{ inputs = x: x; outputs = { self }: { x = 1; }; }
