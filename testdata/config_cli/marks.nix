{ lib, ... }:
let
  inherit (lib) mkOption types;
  option = default: mkOption { inherit default; };
in
{
  options = {
    aborts = option (abort "enough");
    asserts = option (assert 1 == 2; 1);
    cycle = option (
      let
        set = { inherit set; n = 1; };
      in
      set
    );
    derivation = option { type = "derivation"; outPath = "/out"; name = "n"; };
    function = option (x: x);
    functor = option { __functor = self: x: x; };
    list = option [ 1 (throw "in a list") (x: x) ];
    loop = option (let x = x; in x);
    missing = option { }.x;
    primop = option builtins.map;
    shown = option { __toString = self: "shown"; };
    throws = option (throw "thrown");
    typed = mkOption { type = types.int; default = "s"; };
    undefined = mkOption { type = types.int; };
    value = option 1;
  };
}
