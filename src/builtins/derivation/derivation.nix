# What `derivation` adds to `derivationStrict`: one set for each output, all of them knowing each other.
#
# Errors and `unsafeGetAttrPos` show positions in here, so everything that has one stands at the line and
# column where Nix has it: the function at 30:1, `derivationStrict` at 37:12, `listToAttrs` at 41:9, the
# attributes of an output from 48:5 on, `map` at 57:17, `head` at 60:2. No name occurs in here that others are
# likely to use: attributes are looked at in the order in which their names were first met.
#
# The set of an output has
#
#   - all attributes that `derivation` was called with, and once more all of them as `drvAttrs`;
#   - for each output an attribute of its name, which is the set of that output;
#   - `all`, the list of these sets;
#   - `outPath`, `drvPath`, `type` and `outputName`.
#
# The whole is the set of the first output. Paths are computed when one of them is asked for, not
# before: a set of packages can be looked through for names and descriptions at little cost.
#
# Nothing here looks at the attributes but at `outputs`; whatever is wrong with the others, from the
# name on, `derivationStrict` finds out, and so only who wants a path hears of it.
#
# Not to be reformatted.
#







attrs'@{
  outputs ? [ "out" ],
  ...
}:

let

  paths' = derivationStrict attrs';

  common' =
    attrs'
    // (builtins.listToAttrs perOutput')
    // {
      all = map (set': set'.value) perOutput';
              drvAttrs = attrs';
    };

  set' = name: {
    name = name;
    value = common' // {
      outPath = builtins.getAttr name paths';
      drvPath = paths'.drvPath;
      type = "derivation";
              outputName = name;
    };
  };

  perOutput'  = map set' outputs;

in
(builtins.head perOutput').value
