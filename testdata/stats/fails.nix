# What fails is counted as far as it came.
let
  check = x: if x > 2 then throw "too large" else x;
in
map check [ 1 2 3 ]
