# A tree of jobs as CI has them: plain ones, sets that are looked into and sets that are not, names of all kinds, and errors.
{
  system ? "x86_64-linux",
  suffix ? "",
}:
let
  make =
    name: attrs:
    derivation (
      {
        inherit name system;
        builder = "/bin/sh";
        args = [
          "-c"
          "echo ${name} > $out"
        ];
      }
      // attrs
    );
  tool = make "tool" { };
in
{
  plain = make "plain${suffix}" { requiredSystemFeatures = [ "kvm" "big-parallel" "kvm" ]; };
  needs = make "needs" {
    outputs = [ "out" "dev" ];
    src = ./jobs.nix;
    inherit tool;
    deep = make "deep" { inherit tool; };
  };
  structured = make "structured" {
    __structuredAttrs = true;
    requiredSystemFeatures = [ "benchmark" ];
    outputs = [ "lib" "bin" ];
  };
  fixed = make "fixed" {
    outputHash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    outputHashMode = "flat";
  };
  described = (make "described" { }) // {
    meta = {
      description = "A \"description\" with\ttabs, ünïcode, and ${tool}";
      position = "jobs.nix:1";
      broken = false;
      priority = 5;
      ratio = 0.5;
      license = [ { spdxId = "MIT"; } "free" ];
      nested.list = [ [ 1 ] { } ];
      # These are no data.
      function = x: x;
      nothing = null;
      path = ./jobs.nix;
      package = tool;
      mixed = [ 1 null ];
    };
  };
  nameless = { type = "derivation"; };
  foreign = {
    type = "derivation";
    name = "foreign";
    drvPath = "/nix/store/00000000000000000000000000000000-foreign.drv";
    outPath = "/nix/store/00000000000000000000000000000000-foreign";
  };
  badOutput = tool // { outputs = [ "out" "doc" ]; doc = { outPath = "/elsewhere"; }; };
  absentOutput = tool // { outputs = [ "out" "doc" ]; };

  # Looked into, because it says so.
  tests = {
    recurseForDerivations = true;
    simple = make "simple" { };
    "with.dot" = make "dotted" { };
    "with space" = make "space" { };
    deeper = {
      recurseForDerivations = true;
      still = make "still" { };
    };
    called = { system, ... }: make "called-${system}" { };
    functor = {
      __functor = _: _: make "functor" { };
    };
  };
  # Not looked into.
  hidden.secret = make "secret" { };
  notHere = {
    recurseForDerivations = false;
    secret = make "secret" { };
  };
  wrong = {
    recurseForDerivations = "yes";
    secret = make "secret" { };
  };

  # Names that no path leads to.
  "1" = make "number" { };
  "" = make "empty" { };
  quote."\"" = throw "nobody looks here";

  fails = throw "this job fails";
  failsInside = make "inside" { text = toString { }; };
  failsAtAll = builtins.abort "no";
  asserted = assert 1 == 2; tool;
  undefinedAttribute = tool.nope;
  text = "a text is no job";
  list = [ tool ];
}
