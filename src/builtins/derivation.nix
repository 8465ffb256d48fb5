/* What `derivation` adds to `derivationStrict`: one set for each output, all of them knowing each other.

Errors show positions in here, and the lines around. So the code has Nix's names, and stands at the lines and columns
where Nix has it, as far as messages and `unsafeGetAttrPos` tell.

The set of an output has

  - all attributes that `derivation` was called with, and once more all of them as `drvAttrs`;
  - for each output an attribute of its name, which is the set of that output;
  - `all`, the list of these sets;
  - `outPath`, `drvPath`, `type` and `outputName`.

The whole is the set of the first output. Paths are computed when one of them is asked for, not
before: a set of packages can be looked through for names and descriptions at little cost.

Nothing here looks at the attributes but at `outputs`; whatever is wrong with the others, from the
name on, `derivationStrict` finds out, and so only who wants a path hears of it.

Not to be reformatted.









*/
drvAttrs@{
  outputs ? [ "out" ],
  ...
}:

let

  strict = derivationStrict drvAttrs;

  commonAttrs =
    drvAttrs
    // (builtins.listToAttrs outputsList)
    // {
      all = map (x: x.value) outputsList;
      inherit drvAttrs;
    };

  outputToAttrListElement = outputName: {
    name = outputName;
    value = commonAttrs // {
      outPath = builtins.getAttr outputName strict;
      drvPath = strict.drvPath;
      type = "derivation";
      inherit outputName;
    };
  };

  outputsList = map outputToAttrListElement outputs;

in
(builtins.head outputsList).value
