# A configuration with old names.
{ lib, ... }:
{
  shop.options = lib.mkBefore [
    "by alias"
  ];
  shop.oldPort = 1;
  shop.olderPort = lib.mkForce 2;
  shop.title = 7;
  shop.left = "l";
}
