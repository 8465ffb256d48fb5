# Builds a set of 1,000,000 attributes and selects from it.
let
  n = 1000000;
  set = builtins.listToAttrs (
    builtins.genList (i: {
      name = "a${toString i}";
      value = i;
    }) n
  );
  picks = builtins.genList (i: set."a${toString (i * 10)}") (n / 10);
in
builtins.foldl' (a: b: a + b) 0 picks
