{ outputs = { self, ... }: { x = 1; info = self.sourceInfo; here = toString ./.; fails = self.nothing; }; }
