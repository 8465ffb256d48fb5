# Configuration file formats for `settings` options. Like `pkgs.formats` of nixpkgs, each has a type and a
# generator.
#
# The types need newer libs (`oneOf`, `float`). An old lib can import this file if it uses none of them.
{ lib, pkgs }:

let
  inherit (builtins)
    isAttrs
    isList
    mapAttrs
    toJSON
    ;
  inherit (lib) types;
  inherit (types)
    attrsOf
    bool
    coercedTo
    either
    float
    int
    listOf
    nonEmptyListOf
    nullOr
    oneOf
    path
    str
    ;
  write = import ./format-text.nix { inherit lib; };

  file =
    render: name: value:
    pkgs.writeText name (render value);
  describedAs = description: type: type // { inherit description; };

  # Any nesting of lists and sets over the given leaf types.
  nested =
    description: leaves:
    let
      tree = describedAs description (
        oneOf (
          leaves
          ++ [
            (attrsOf tree)
            (listOf tree)
          ]
        )
      );
    in
    tree;
  nestedOrNull =
    description: leaves:
    let
      tree = describedAs description (
        nullOr (
          oneOf (
            leaves
            ++ [
              (attrsOf tree)
              (listOf tree)
            ]
          )
        )
      );
    in
    tree;

  plain = [
    bool
    int
    float
    str
  ];
  withPaths = plain ++ [ path ];
  # JSON values; newer libs have a type for them.
  serializable =
    typeName:
    if types ? serializableValueWith then
      types.serializableValueWith { inherit typeName; }
    else
      nestedOrNull "${typeName} value" withPaths;
  asJson = typeName: {
    type = serializable typeName;
    generate = file toJSON;
  };

  # The atoms of line-based formats: one value, or also lists of them.
  atomOf =
    what: lists:
    let
      single = describedAs "${what} (null, bool, int, float or string)" (nullOr (oneOf plain));
      orList =
        list: which:
        describedAs "${single.description} or a ${which}" (
          (if lists.coerce then coercedTo single (value: [ value ]) else either single) list
        );
    in
    if lists.duplicate then
      orList (listOf single) "list of them for duplicate keys"
    else if lists.joined then
      orList (nonEmptyListOf single) "non-empty list of them"
    else
      single;
  listsIn = args: {
    duplicate = args.listsAsDuplicateKeys or false;
    joined = (args.listToValue or null) != null;
    coerce = (args.atomsCoercedToLists or null) == true;
  };
  section =
    atom: describedAs "section of an INI file (attrs of ${atom.description})" (attrsOf atom);
  joinLists =
    args: mapAttrs (_: value: if isList value && (listsIn args).joined then args.listToValue value else value);
  own =
    args:
    removeAttrs args [
      "listToValue"
      "atomsCoercedToLists"
    ];

  ini =
    args:
    let
      atom = atomOf "INI atom" (listsIn args);
    in
    {
      type = attrsOf (section atom);
      lib.types.atom = atom;
      generate = file (value: lib.generators.toINI (own args) (mapAttrs (_: joinLists args) value));
    };

  tagged = tag: kind: value: {
    inherit value;
    ${tag} = kind;
  };
in
{
  inherit ini;
  json = _: {
    type = types.json or (nestedOrNull "JSON value" withPaths);
    generate = file toJSON;
  };
  # JSON is valid YAML.
  yaml = _: asJson "YAML 1.1";
  yaml_1_1 = _: asJson "YAML 1.1";
  yaml_1_2 = _: asJson "YAML 1.2";
  cdn = _: asJson "CDN";
  configobj = _: asJson "ConfigObj mapping";
  toml = _: {
    type = types.toml or (nested "TOML value" withPaths);
    generate = file write.toml;
  };
  xml =
    {
      format ? "badgerfish",
      withHeader ? true,
    }:
    if format != "badgerfish" then
      throw "pkgs.formats.xml: Unknown format: ${format}"
    else
      {
        type = describedAs "XML value" (attrsOf (serializable "XML"));
        generate = file toJSON;
      };

  iniWithGlobalSection =
    args:
    let
      atom = atomOf "INI atom" (listsIn args);
      part =
        prefix: type:
        lib.mkOption {
          inherit type;
          default = { };
          description = prefix + type.description;
        };
    in
    {
      type = types.submodule {
        options = {
          sections = part "" (attrsOf (section atom));
          globalSection = part "global " (section atom);
        };
      };
      lib.types.atom = atom;
      generate = file (
        {
          sections ? { },
          globalSection ? { },
          ...
        }:
        lib.generators.toINIWithGlobalSection (own args) {
          globalSection = joinLists args globalSection;
          sections = mapAttrs (_: joinLists args) sections;
        }
      );
    };
  gitIni =
    args:
    let
      atom = atomOf "INI atom" {
        duplicate = args.listsAsDuplicateKeys or false;
        joined = false;
        coerce = false;
      };
    in
    {
      type = attrsOf (attrsOf (either atom (attrsOf atom)));
      lib.types.atom = atom;
      generate = file lib.generators.toGitINI;
    };
  systemd =
    let
      format = ini {
        listsAsDuplicateKeys = true;
        mkKeyValue =
          key: value:
          if value == null then
            "# ${key} is unset"
          else
            "${key} = ${lib.generators.mkValueStringDefault { } value}";
      };
    in
    format // { __functor = _: _: format; };
  keyValue = args: {
    type = attrsOf (atomOf "atom" (listsIn args // { coerce = true; }));
    generate = file (
      value: lib.generators.toKeyValue (removeAttrs args [ "listToValue" ]) (joinLists args value)
    );
  };

  libconfig = _: {
    type = attrsOf (nested "libconfig value" withPaths);
    lib = {
      mkHex = tagged "_type" "hex";
      mkOctal = tagged "_type" "octal";
      mkFloat = tagged "_type" "float";
      mkArray = tagged "_type" "array";
      mkList = tagged "_type" "list";
    };
    generate = file toJSON;
  };
  hocon = _: {
    type = nestedOrNull "HOCON value" withPaths;
    lib = {
      mkInclude =
        value:
        {
          required = false;
          type = null;
          _type = "include";
        }
        // (if isAttrs value then value else { value = toString value; });
      mkAppend = tagged "_type" "append";
      mkSubstitution =
        value:
        if isAttrs value then
          {
            inherit (value) value;
            optional = value.optional or false;
            _type = "substitution";
          }
        else
          {
            inherit value;
            optional = false;
            _type = "substitution";
          };
    };
    generate = file toJSON;
  };
  php =
    {
      finalVariable ? null,
    }:
    {
      type = nestedOrNull "PHP value" plain;
      lib = {
        mkMixedArray = list: set: {
          _phpType = "mixed_array";
          value = { inherit list set; };
        };
        mkRaw = tagged "_phpType" "raw";
      };
      generate = file toJSON;
    };
  pythonVars = _: {
    type = attrsOf (serializable "Python");
    lib.mkRaw = tagged "_type" "raw";
    generate = file toJSON;
  };
  lua =
    {
      asBindings ? false,
      multiline ? true,
      ...
    }:
    let
      value =
        nestedOrNull "lua value" (
          withPaths ++ (if types ? luaInline then [ types.luaInline ] else [ ])
        )
        // {
          descriptionClass = "noun";
        };
    in
    {
      type = if asBindings then attrsOf value else value;
      lib.mkRaw = lib.generators.mkLuaInline;
      generate = file (lib.generators.toLua { inherit asBindings multiline; });
    };
  nixConf =
    {
      package,
      version,
      extraOptions ? "",
      ...
    }:
    {
      type = attrsOf (nullOr (oneOf (withPaths ++ [ types.package ])));
      generate = file (write.nixConf extraOptions);
    };
  hcl1 =
    _:
    let
      wrapped =
        value:
        if isAttrs value && value.type or null != "derivation" then
          [ (mapAttrs (_: wrapped) value) ]
        else if isList value then
          map wrapped value
        else
          value;
    in
    {
      type = types.json or (nestedOrNull "JSON value" withPaths);
      generate = file (value: toJSON (mapAttrs (_: wrapped) value));
    };
  plist =
    {
      escape ? true,
    }:
    {
      type = nestedOrNull "Property list (plist) value" withPaths;
      generate = file (lib.generators.toPlist { inherit escape; });
    };
  javaProperties =
    {
      comment ? "",
      boolToString ? lib.boolToString,
    }:
    {
      type = attrsOf (
        describedAs "string or package or bool or int or float" (oneOf [
          (coercedTo types.package toString str)
          (coercedTo bool boolToString str)
          (coercedTo int toString str)
          (coercedTo float toString str)
        ])
      );
      generate = file (lib.generators.toKeyValue { });
    };
  elixirConf =
    {
      elixir ? null,
    }:
    let
      mkRaw = tagged "_elixirType" "raw";
      raw = kind "raw";
      kind =
        name:
        types.mkOptionType or lib.mkOptionType {
          name = "elixir${name}";
          description = "elixir ${name}";
          check = value: (value._elixirType or "") == name;
        };
      elixirOr = other: either other raw;
    in
    {
      type = attrsOf (attrsOf (nestedOrNull "Elixir value" plain));
      lib = {
        inherit mkRaw;
        mkGetEnv =
          {
            envVariable,
            fallback ? null,
          }:
          mkRaw "System.get_env(${toJSON envVariable}, ${
            if fallback == null then "nil" else toJSON fallback
          })";
        mkAtom = tagged "_elixirType" "atom";
        mkCharlist = tagged "_elixirType" "charlist";
        mkTuple = tagged "_elixirType" "tuple";
        mkMap = tagged "_elixirType" "map";
        types = {
          inherit elixirOr;
          rawElixir = raw;
          atom = elixirOr (kind "atom");
          charlist = elixirOr (kind "charlist");
          tuple = elixirOr (kind "tuple");
          map = elixirOr (kind "map");
        }
        // mapAttrs (_: elixirOr) (removeAttrs types [ "_module" ]);
      };
      generate = file toJSON;
    };
}
