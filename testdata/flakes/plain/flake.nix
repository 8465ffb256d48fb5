{
  description = "A flake without inputs.";
  outputs =
    { self }:
    {
      info = self.sourceInfo;
      names = builtins.attrNames self;
      here = toString ./.;
      copied = "${./data.txt}";
      text = builtins.readFile ./data.txt;
      position = builtins.unsafeGetAttrPos "here" self;
      path = ./data.txt;
      function = x: x;
      list = [
        1
        { b = throw "an error inside"; }
      ];
      empty = { };
      same = rec {
        a = b;
        b.c = 1;
      };
      fails = throw "an error";
      system = builtins.currentSystem or "no system";
      outside = builtins.readFile /etc/passwd;
      unlocked = builtins.getFlake "path:/nowhere";
      named = builtins.getFlake "nixpkgs";
      searched = <nixpkgs>;
      "dotted.name" = 4;
      packages.x86_64-linux.default = derivation {
        name = "default";
        system = "x";
        builder = "b";
      };
      packages.x86_64-linux.hello = 1;
      legacyPackages.x86_64-linux.world = 2;
      hello = 3;
    };
}
