{ lib, ... }:
{
  service = {
    enable = true;
    names = lib.mkBefore [ "first" ];
    hosts."example.org".aliases = [ "www" ];
    mounts = [ { at = "/a"; } ];
  };
}
