{ port = 8080; }
