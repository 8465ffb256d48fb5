# Old names of options of submodules, and submodules that functions compute.
{ lib, ... }:
{
  options.warnings = lib.mkOption { type = lib.types.listOf lib.types.str; };
  imports = [
    (lib.mkRenamedOptionModule [ "shop" "level" ] [ "shop" "settings" "level" ])
    (lib.mkRenamedOptionModule [ "shop" "oldLevel" ] [ "shop" "level" ])
    (lib.mkAliasOptionModule [ "shop" "mine" ] [ "shop" "users" "me" "groups" ])
    (lib.mkAliasOptionModule [ "shop" "keys" ] [ "shop" "users" "me" "keys" ])
  ];
  config.shop.users = lib.genAttrs [ "computed" ] (name: lib.genAttrs [ "home" ] (_: "/${name}"));
}
