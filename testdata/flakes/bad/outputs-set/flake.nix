{ outputs = { }; }
