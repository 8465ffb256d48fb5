{ inputs.a.url = "path:./x"; inputs.a.follows = "b"; outputs = { self }: { x = 1; }; }
