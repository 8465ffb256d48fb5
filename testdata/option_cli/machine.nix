# A machine that uses it.
{ lib, ... }:
{
  web.enable = true;
  web.port = lib.mkDefault 8080;
  web.flags = lib.mkMerge [
    (lib.mkBefore [ "first" ])
    (lib.mkAfter [
      "last"
      "very-last"
    ])
    (lib.mkIf false [ "never" ])
  ];
  web.sites."example.org" = {
    root = "/srv/example";
    aliases = [ "www" ];
  };
  web.settings.log = "debug";
}
