# Many options, one of which needs more memory than the test grants.
{ lib, ... }:
let
  inherit (lib) genAttrs mkOption types;
  large = builtins.length (builtins.genList (n: n) 200000000);
in
{
  options = genAttrs (map (n: "option${lib.fixedWidthNumber 4 n}") (lib.range 0 699)) (
    name:
    mkOption {
      type = types.int;
      default = if name == "option0321" then large else 1;
    }
  );
}
