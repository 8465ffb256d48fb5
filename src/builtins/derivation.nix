# What `derivation` adds to `derivationStrict`: one set for each output, all of them knowing each other.
attrs@{
  outputs ? [ "out" ],
  ...
}:

let
  paths = derivationStrict attrs;

  common =
    attrs
    // builtins.listToAttrs sets
    // {
      all = map (set: set.value) sets;
      drvAttrs = attrs;
    };

  sets = map (name: {
    inherit name;
    value = common // {
      outPath = paths.${name};
      drvPath = paths.drvPath;
      type = "derivation";
      outputName = name;
    };
  }) outputs;
in
(builtins.head sets).value
