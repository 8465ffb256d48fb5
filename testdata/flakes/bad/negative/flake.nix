{ inputs.a = { type = "path"; path = "./x"; lastModified = -1; }; outputs = { self }: { x = 1; }; }
