# 100,000 steps of `//` on a growing set of 1,000 names.
let
  name = i: "k${toString (i - i / 1000 * 1000)}";
  steps = builtins.genList (i: i) 100000;
  result = builtins.foldl' (acc: i: acc // { ${name i} = i; }) { } steps;
in
result.k7 + builtins.length (builtins.attrNames result)
