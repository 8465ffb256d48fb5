{ outputs = { self }: { value = "the inner of nested"; here = toString ./.; }; }
