{
  inputs.lib.url = "github:example/lib";
  inputs.files = {
    url = "github:example/files";
    flake = false;
  };
  inputs.same.follows = "lib";
  outputs =
    { self, lib, files, same }:
    {
      x = lib.x;
      info = lib.info;
      here = lib.here;
      isSame = same == lib;
      files = files.outPath;
      filesInfo = builtins.attrNames files;
      fails = lib.fails;
      inputs = builtins.mapAttrs (_: builtins.attrNames) self.inputs;
    };
}
