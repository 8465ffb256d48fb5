# Sets, lookups, `//` and `++`.
let
  s = { a = 1; b.c = { d = 2; }; inherit (t) x y; };
  t = rec { x = 5; y = x; z = y + x; };
  merged = s // { a = 2; e = 3; } // t;
in
{
  one = s.a;
  deep = s.b.c.d;
  missing = s.q.r or 7;
  has = s ? a && !(s ? q.r);
  withs = with t; with s; x + y + a;
  sum = merged.a + merged.e + merged.z + (s // t).z;
  lists = [ 1 2 ] ++ [ 3 ] ++ [ ] ++ builtins.genList (i: i * i) 4;
  names = builtins.attrNames merged;
}
