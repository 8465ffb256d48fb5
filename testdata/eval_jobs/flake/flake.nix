{
  outputs =
    { self }:
    let
      make = name: derivation { inherit name; system = "x86_64-linux"; builder = "/bin/sh"; args = [ self.sourceInfo.narHash ]; };
    in
    {
      hydraJobs = {
        one = make "one";
        sub = {
          recurseForDerivations = true;
          two = make "two";
        };
        pure = make "pure-${builtins.currentSystem or "pure"}";
      };
      "dotted.name".job = make "dotted";
      packages.x86_64-linux.default = make "default";
      function = { name ? "called" }: { job = make name; };
      text = "no jobs here";
    };
}
