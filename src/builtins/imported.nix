# The set that importing a derivation's file gives, from its name, its path, its outputs and their paths.
paths@{
  drvPath,
  outputs,
  name,
  ...
}:
let
  common = builtins.listToAttrs perOutput // {
    all = map (set: set.value) perOutput;
    inherit drvPath name;
    type = "derivation";
  };
  set = outputName: {
    name = outputName;
    value = common // {
      outPath = builtins.getAttr outputName paths;
      inherit outputName;
    };
  };
  perOutput = map set outputs;
in
(builtins.head perOutput).value
