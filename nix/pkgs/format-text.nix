# The text of files in formats for which lib has no generator.
{ lib }:

let
  inherit (builtins)
    attrNames
    concatLists
    concatStringsSep
    filter
    isAttrs
    isBool
    isFloat
    isList
    isString
    match
    toJSON
    ;

  # A value as most line-based formats write it.
  plain =
    value:
    if value == null then
      "null"
    else if isBool value then
      (if value then "true" else "false")
    else if isFloat value then
      toJSON value
    else
      toString value;

  isTable = value: isAttrs value && !(value ? outPath);

  # TOML: a table's own values first, then its sub-tables under their full names.
  tomlKey = key: if match "[A-Za-z0-9_-]+" key != null then key else toJSON key;
  tomlValue =
    value:
    if isList value then
      "[${concatStringsSep ", " (map tomlValue value)}]"
    else if isTable value then
      "{ ${concatStringsSep ", " (map (key: "${tomlKey key} = ${tomlValue value.${key}}") (attrNames value))} }"
    else if isString value || isAttrs value then
      toJSON "${value}"
    else
      plain value;
  toml =
    table:
    let
      level =
        path: set:
        let
          names = attrNames set;
          own = filter (name: !(isTable set.${name})) names;
          tables = filter (name: isTable set.${name}) names;
          header =
            if path == [ ] || (own == [ ] && tables != [ ]) then
              [ ]
            else
              [ "[${concatStringsSep "." (map tomlKey path)}]" ];
        in
        header
        ++ map (name: "${tomlKey name} = ${tomlValue set.${name}}") own
        ++ concatLists (map (name: level (path ++ [ name ]) set.${name}) tables);
    in
    concatStringsSep "\n" (level [ ] table) + "\n";

  # nix.conf: settings that add to others come after them.
  nixConf =
    extraOptions: settings:
    let
      names = attrNames settings;
      adds = name: match "extra-.*" name != null;
      line =
        name:
        "${name} = ${if settings.${name} == null then "" else plain settings.${name}}";
    in
    concatStringsSep "\n" (
      map line (filter (name: !(adds name)) names) ++ map line (filter adds names) ++ [ extraOptions ]
    )
    + "\n";
in
{
  inherit toml nixConf;
}
