{ lib, ... }:
let
  cyclic = { inherit cyclic; };
  deeper = n: if n == 0 then "new" else { below = deeper (n - 1); };
  endless = n: { value = n; next = endless (n + 1); };
in
{
  long = lib.genList (n: if n == 149999 then "new" else n) 150000;
  grown = { first = [ 1 ]; second = lib.genList (n: n) 120000; };
  deep = deeper 200;
  inherit cyclic;
  endless = endless 0;
}
