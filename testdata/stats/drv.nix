# Derivations have their names in profiles.
let
  d = name: derivation { inherit name; system = "x"; builder = "b"; args = [ "${toString 1}" ]; };
in
[ (d "first").drvPath (d "second").outPath ]
