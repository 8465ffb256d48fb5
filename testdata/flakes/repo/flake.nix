{
  inputs.lib.url = "path:./lib";
  outputs =
    { self, lib }:
    {
      info = self.sourceInfo;
      names = builtins.attrNames self;
      out = self.outPath;
      lib = lib.sourceInfo;
      libOut = lib.outPath;
      libHere = lib.here;
      untracked = import ./untracked.nix;
      missing = import ./missing.nix;
      exists = builtins.pathExists ./untracked.nix;
      list = builtins.readDir ./.;
      path = ./untracked.nix;
      fails = lib.nothing;
      whole = "${./.}";
    };
}
