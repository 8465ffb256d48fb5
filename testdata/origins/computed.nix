# Attributes that functions compute.
{ lib, ... }:
let
  names = [
    "x"
    "y"
  ];
in
{
  shop.hosts = lib.genAttrs names (name: [ "host-${name}" ]);
  shop.users = builtins.listToAttrs (
    map (name: {
      inherit name;
      value.groups = [ "computed" ];
    }) names
  );
  shop.flags = map (name: "--${name}") names;
  shop.env = builtins.mapAttrs (_: value: value) { MAPPED = "1"; };
}
