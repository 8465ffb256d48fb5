{ lib, ... }:
{
  imports = [ (lib.mkRenamedOptionModule [ "web" "hostname" ] [ "web" "host" ]) ];
}
