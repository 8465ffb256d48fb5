# A machine that overrides the other one.
{ lib, ... }:
{
  web.port = lib.mkForce 8443;
  web.sites."example.org".aliases = lib.mkForce [ "web" ];
  web.sites.other.root = "/srv/other";
  web.owner = lib.mkIf (throw "nobody knows") "me";
}
