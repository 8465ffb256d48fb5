# Concatenation, interpolation and joining.
let
  parts = builtins.genList (i: "part ${toString i} of ${toString (i + 1)}") 200000;
  joined = builtins.concatStringsSep "\n" parts;
  repeated = builtins.foldl' (acc: i: acc + "x") "" (builtins.genList (i: i) 5000);
in
builtins.stringLength joined + builtins.stringLength repeated
