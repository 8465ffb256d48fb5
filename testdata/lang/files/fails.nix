builtins.add 1 {}
