# Another file.
let
  f = import ./calls.nix;
in
builtins.elemAt f 1 + builtins.length f
