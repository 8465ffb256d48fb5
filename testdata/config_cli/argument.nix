{ foo, ... }: { options = foo; }
