{ lib, ... }:
{
  imports = [ (lib.mkRenamedOptionModule [ "old" ] [ "renamed" ]) ];
  config = lib.mkMerge [
    {
      plain = lib.mkForce 2;
      words = lib.mkBefore [ "two" ];
    }
    (lib.mkIf false { words = [ "never" ]; })
    (lib.mkIf true {
      words = lib.mkIf true (lib.mkOrder 1200 [ "later" ]);
      text = "first";
      table = lib.mkForce { c = 3; };
      lazy.x = lib.mkDefault 5;
      nested.deep = lib.mkDefault 4;
      services.web.port = lib.mkDefault 1;
      services.never = lib.mkIf false { port = 1; };
      list = [ { n = 2; } ];
      open.free = lib.mkForce 5;
      maybe = lib.mkDefault 3;
      flag = lib.mkDefault false;
      old = 7;
      applied = 3;
    })
  ];
}
