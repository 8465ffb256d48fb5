{ outputs = { self }: { here = toString ./.; }; }
