# Calls of functions and built-ins, all arguments at once or not.
let
  sub = a: b: a - b;
  part = sub 10;
  three = a: b: c: a + b + c;
  named = { a, b ? 2, ... }@all: a + b + all.c;
in
[
  (sub 3 1)
  (part 1)
  (part 2)
  ((three 1) 2 3)
  (three 1 2 3)
  (named { a = 1; c = 3; })
  (builtins.foldl' (a: b: a + b) 0 (map part [ 1 2 3 ]))
  (builtins.length (builtins.filter (x: x > 1) [ 1 2 3 ]))
  (4 * 5 / 2 < 11 && 3 >= 2)
  (-1)
]
