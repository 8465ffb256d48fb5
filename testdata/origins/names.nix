# Old names.
{ lib, ... }:
{
  options.warnings = lib.mkOption { type = lib.types.listOf lib.types.str; };
  options.assertions = lib.mkOption { type = lib.types.listOf lib.types.unspecified; };
  imports = [
    (lib.mkAliasOptionModule [ "shop" "options" ] [ "shop" "flags" ])
    (lib.mkRenamedOptionModule [ "shop" "oldPort" ] [ "shop" "port" ])
    (lib.mkRenamedOptionModule [ "shop" "olderPort" ] [ "shop" "oldPort" ])
    (lib.mkRemovedOptionModule [ "shop" "theme" ] "Set shop.env.THEME instead.")
    (lib.mkChangedOptionModule [ "shop" "title" ] [ "shop" "name" ] (
      config: "shop ${toString config.shop.title}"
    ))
    (lib.mkMergedOptionModule [ [ "shop" "left" ] [ "shop" "right" ] ] [ "shop" "hosts" "sides" ] (
      config: [
        "${toString config.shop.left}"
        "${toString config.shop.right}"
      ]
    ))
  ];
}
