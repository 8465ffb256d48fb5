{ config, lib, ... }:
{
  plain = 1;
  words = [ "one" ];
  text = lib.mkAfter "last";
  flag = lib.mkIf (config.defaulted == 1) true;
  table.a = 1;
  table.b = lib.mkDefault 2;
  lazy.x = 1;
  nested = lib.mkIf true { deep = 3; };
  unset = lib.mkMerge [
    (lib.mkIf false 1)
    (lib.mkForce null)
  ];
  services.web.port = 8080;
  services.mail = { };
  list = [ { n = 1; } ];
  open.free = 4;
  maybe = [ 1 ];
  applied = lib.mkOverride 60 21;
}
