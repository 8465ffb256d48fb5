# The value of the flake `root`. Each of `nodes` has its `files` (the result of fetching them), or a `parent` and a `path`
# relative to that; the folder `dir` in them; whether it `isFlake`; and its `inputs`, by the names of nodes.
nodes: root:
let
  below = folder: path: if path == "" then folder else folder + "/" + path;

  called = builtins.mapAttrs (
    _: node:
    let
      parent = called.${node.parent};
      sourceInfo = if node ? parent then parent.sourceInfo else node.files;
      base = if node ? parent then below parent.outPath node.path else sourceInfo.outPath;
      outPath = below base node.dir;
      inputs = builtins.mapAttrs (_: input: called.${input}.result) node.inputs;
      flake = import (outPath + "/flake.nix");
      outputs = flake.outputs (inputs // { self = whole; });
      whole =
        outputs
        // sourceInfo
        // {
          inherit outPath inputs outputs sourceInfo;
          _type = "flake";
        };
    in
    {
      inherit sourceInfo outPath;
      result =
        if !node.isFlake then
          sourceInfo // { inherit sourceInfo outPath; }
        else
          assert builtins.isFunction flake.outputs;
          whole;
    }
  ) nodes;
in
called.${root}.result
