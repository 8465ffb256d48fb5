# Definitions by these names.
{ lib, ... }:
{
  imports = [ { shop.mine = lib.mkAfter [ "imported" ]; } ];
  shop.oldLevel = lib.mkForce 3;
  shop.mine = lib.mkMerge [
    [ "merged" ]
    (lib.mkBefore [ "before" ])
  ];
  shop.keys = lib.genAttrs [ "desk" ] (_: {
    uses = [ "computed" ];
  });
  shop.users.me.home = lib.mkIf true "/me";
}
