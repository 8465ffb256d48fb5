# The same values by definitions with other priorities.
{ lib, ... }:
{
  etc.a = "1";
  etc.b = "2";
  etc.c = "3";
  units.x.command = "run x";
  units.y.command = lib.mkDefault "run y";
  units.z.command = "run z";
  services.demo.settings = {
    list = [ { name = "one"; } ];
    deep.est = 1;
    mixed = {
      a = 1;
      b = 3;
    };
    same = lib.mkForce 2;
  };
}
