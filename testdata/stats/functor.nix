# Sets that are called, fixed points, and functions without names.
let
  counter = { n = 1; __functor = self: x: self.n + x; };
  fix = f: let x = f x; in x;
  fixed = fix (self: { a = 1; b = self.a + counter 2; });
  rec' = n: if n == 0 then 0 else 1 + rec' (n - 1);
in
builtins.seq counter.__functor [ (counter 1) fixed.b (rec' 5) ((x: y: x) 1 2) ]
