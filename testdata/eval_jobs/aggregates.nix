# Hydra's aggregates. Those in `expected` have the same derivations from the beginning: their constituents have the context of
# the jobs that they name.
let
  make =
    name: attrs:
    derivation (
      {
        inherit name;
        system = "x86_64-linux";
        builder = "/bin/sh";
        args = [ "-c" "echo ${name} > $out" ];
      }
      // attrs
    );
  aggregate = name: constituents: attrs: make name ({ _hydraAggregate = true; inherit constituents; } // attrs);
  naming = job: name: "${builtins.substring 0 0 job}${name}";
  glob = { _hydraGlobConstituents = true; };

  packages = {
    recurseForDerivations = true;
    a = make "a" { };
    b = make "b" { outputs = [ "out" "dev" ]; };
  };
  inner = aggregate "inner" [ (naming packages.a "packages.a") ] { };
in
{
  named = {
    inherit packages;
    inner = aggregate "inner" [ "packages.a" ] { };
    # Both by name and as a derivation.
    mixed = aggregate "mixed" [ packages.b "inner" ] { };
    matching = aggregate "matching" [ "packages.*" ] glob;
    everything = aggregate "everything" [ "*" ] glob;
    none = aggregate "none" [ packages.a ] { };
    empty = aggregate "empty" [ ] { };
    off = make "off" { _hydraAggregate = false; constituents = [ "nothing" ]; };
  };
  expected = {
    inherit inner;
    mixed = aggregate "mixed" [ packages.b (naming inner "inner") ] { };
    matching = aggregate "matching" [ "${naming packages.a "packages."}${naming packages.b.dev "*"}" ] glob;
    none = aggregate "none" [ packages.a ] { };
  };
  broken = {
    fails = throw "broken";
    fine = make "fine" { };
    missing = aggregate "missing" [ "nope" "fails" "fine" ] { };
    # Its own constituent is there, though broken.
    outer = aggregate "outer" [ "missing" ] { };
    unmatched = aggregate "unmatched" [ "x.*" "fine" ] glob;
    wrong = aggregate "wrong" "text" { };
    without = make "without" { _hydraAggregate = true; };
  };
  cycle = {
    first = aggregate "first" [ "second" ] { };
    second = aggregate "second" [ "third" ] { };
    third = aggregate "third" [ "second" ] { };
    itself = aggregate "itself" [ "itself" ] { };
    fine = make "fine" { };
  };
}
