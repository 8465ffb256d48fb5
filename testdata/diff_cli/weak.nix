# Definitions with priorities inside values.
{ lib, ... }:
{
  etc.a = lib.mkDefault "1";
  etc.b = "2";
  units.x.command = lib.mkDefault "run x";
  units.y = lib.mkDefault { command = "run y"; };
  units.z = lib.mkDefault { command = "run z"; };
  services.demo.settings = {
    list = [ { name = "one"; } ];
    deep.est = lib.mkDefault 1;
    mixed = lib.mkDefault {
      a = 1;
      b = 2;
    };
    same = lib.mkForce 2;
  };
}
