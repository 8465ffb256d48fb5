{ outputs = { self }: { value = "its own inner"; }; }
