# A definition with the priority of an option's default.
{ lib, ... }:
{
  web.port = lib.mkOptionDefault 80;
}
