{ inputs = { }; }
