{ outputs = { self }: { x = "below"; }; }
