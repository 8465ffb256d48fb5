{ config, lib, ... }:
{
  options.own.reads = lib.mkOption { default = config.service.missing.deep; };
  options.own.through = lib.mkOption { default = { x = config.own.reads; }; };
  config = {
    service.list = lib.mkMerge [ [ 1 ] (lib.mkIf false [ 2 ]) (lib.mkAfter [ 4 ]) [ 3 ] ];
    service.text = lib.mkMerge [ "a" "b" ];
    service.chosen = lib.mkMerge [ (lib.mkDefault 1) 2 ];
    service.off = lib.mkIf false 1;
    service.fails = throw "kept, but it fails";
    top = {
      f = x: x;
      nested.deep = lib.mkForce true;
    };
  };
}
