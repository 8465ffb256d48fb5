# 100,000 steps of `//` on a set of three names.
let
  steps = builtins.genList (i: i) 100000;
  step =
    acc: i:
    let
      sum = acc.sum + i;
    in
    builtins.seq sum (
      acc
      // {
        a = i;
        inherit sum;
      }
    );
  result = builtins.foldl' step {
    a = 0;
    b = 0;
    sum = 0;
  } steps;
in
result.sum
