# Configuration file formats for `settings` options: each gives a type and a generator, as `pkgs.formats` of nixpkgs.
#
# The types need what newer libs have (`oneOf`, `float`); an old lib can import this file as long as it uses none.
{ lib, pkgs }:

let
  inherit (builtins)
    attrNames
    concatLists
    concatStringsSep
    isAttrs
    isBool
    isFloat
    isInt
    isList
    isString
    toJSON
    ;
  inherit (lib) types;

  write = render: name: value: pkgs.writeText name (render value);

  describedAs = description: type: type // { inherit description; };

  # Any nesting of lists and sets over the given leaf types.
  treeType =
    description: leaves:
    let
      tree = describedAs description (
        types.oneOf (
          leaves
          ++ [
            (types.attrsOf tree)
            (types.listOf tree)
          ]
        )
      );
    in
    tree;

  scalar = with types; [
    bool
    int
    float
    str
    path
  ];
  jsonType =
    description:
    let
      tree = describedAs description (
        types.nullOr (
          types.oneOf (
            scalar
            ++ [
              (types.attrsOf tree)
              (types.listOf tree)
            ]
          )
        )
      );
    in
    tree;

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

  # `key<sep>value` lines; a list gives one line for each element.
  keyValueLines =
    separator: section:
    concatLists (
      map (
        key:
        let
          value = section.${key};
        in
        if isList value then
          map (element: "${key}${separator}${plain element}") value
        else
          [ "${key}${separator}${plain value}" ]
      ) (attrNames section)
    );

  renderIni =
    separator: sections:
    concatStringsSep "\n" (
      map (name: "[${name}]\n${concatStringsSep "\n" (keyValueLines separator sections.${name})}\n") (
        attrNames sections
      )
    );

  # TOML: a table's own values first, then its sub-tables under their full names.
  tomlKey = key: if builtins.match "[A-Za-z0-9_-]+" key != null then key else toJSON key;
  tomlValue =
    value:
    if isList value then
      "[${concatStringsSep ", " (map tomlValue value)}]"
    else if isAttrs value && !(value ? outPath) then
      "{ ${concatStringsSep ", " (map (key: "${tomlKey key} = ${tomlValue value.${key}}") (attrNames value))} }"
    else if isString value || isAttrs value then
      toJSON "${value}"
    else
      plain value;
  renderToml =
    table:
    let
      isTable = value: isAttrs value && !(value ? outPath);
      level =
        path: set:
        let
          names = attrNames set;
          own = builtins.filter (name: !(isTable set.${name})) names;
          tables = builtins.filter (name: isTable set.${name}) names;
          header = if path == [ ] || (own == [ ] && tables != [ ]) then [ ] else [ "[${concatStringsSep "." (map tomlKey path)}]" ];
        in
        header
        ++ map (name: "${tomlKey name} = ${tomlValue set.${name}}") own
        ++ concatLists (map (name: level (path ++ [ name ]) set.${name}) tables);
    in
    concatStringsSep "\n" (level [ ] table) + "\n";

  iniAtom = describedAs "INI atom (null, bool, int, float or string)" (
    types.nullOr (
      types.oneOf (
        with types;
        [
          bool
          int
          float
          str
        ]
      )
    )
  );
  sectionOf =
    { listsAsDuplicateKeys ? false, ... }:
    types.attrsOf (if listsAsDuplicateKeys then types.either iniAtom (types.listOf iniAtom) else iniAtom);
in
{
  json = _: {
    type = jsonType "JSON value";
    generate = write toJSON;
  };
  # JSON is YAML, too.
  yaml = _: {
    type = jsonType "YAML value";
    generate = write toJSON;
  };
  toml = _: {
    type = treeType "TOML value" scalar;
    generate = write renderToml;
  };
  ini = options: {
    type = types.attrsOf (sectionOf options);
    generate = write (renderIni "=");
  };
  keyValue = options: {
    type = sectionOf options;
    generate = write (section: concatStringsSep "\n" (keyValueLines "=" section) + "\n");
  };
  systemd = _: {
    type = types.attrsOf (sectionOf {
      listsAsDuplicateKeys = true;
    });
    generate = write (renderIni "=");
  };
}
