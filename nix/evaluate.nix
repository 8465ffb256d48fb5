# Evaluates modules with the base modules as `nival config` does, but with the lib of a nixpkgs. Reproduces,
# with the means of that lib, what nival's own engine has built in.
#
# - The declaration of a base module yields where another module declares the same option, an option above it,
#   or options below it. So do the base's own definitions of it. A declaration that only adds options to the
#   submodules of a base option is merged with it.
# - Definitions of undeclared options are kept in `config`, merged by the kind of their values. The modules
#   themselves do not see them.
#
# Libs from before freeform types reject undeclared options.
{
  # The imported set.
  lib,
  modules ? [ ],
  # Modules whose definitions must have an option, if their files are among `strictFiles`.
  fixtures ? [ ],
  strictFiles ? [ ],
  # Whether that applies to all modules.
  strict ? false,
  specialArgs ? { },
  # Whether to include the base modules.
  base ? true,
}:

let
  inherit (builtins)
    all
    any
    attrNames
    concatLists
    concatStringsSep
    elem
    filter
    functionArgs
    head
    isAttrs
    isFunction
    isList
    isString
    length
    listToAttrs
    map
    mapAttrs
    tail
    typeOf
    ;

  # Libs from before `specialArgs` pass `args` to each module, and to `imports` as well.
  old = !(functionArgs lib.evalModules ? specialArgs);

  evaluate =
    special: list:
    lib.evalModules (
      { modules = list; }
      // (if old then { args = special // { inherit lib; }; } else { specialArgs = special; })
    );

  # Sets of options, without the lib's own entries.
  optionsOf = evaluated: removeAttrs evaluated.options [ "_module" "_definedNames" ];

  unchecked = {
    _module.check = lib.mkOverride 1400 false;
  };

  given = modules ++ fixtures;

  # Special arguments with which modules see the values of the whole evaluation. Whether all definitions have
  # an option is not checked here, because that depends on what the modules declare.
  seeingValues = specialArgs // {
    config = trusting.config // {
      inherit (trusting) _module;
    };
  };
  seeing = seeingValues // {
    inherit (trusting) options;
  };

  # What the modules declare without the base. They see the values of the whole evaluation, but not its
  # options: their definitions may depend on options, and would be evaluated.
  own = optionsOf (evaluate seeingValues (given ++ [ unchecked ]));

  isOption = value: (value._type or null) == "option";

  # The type of options without a type of their own.
  free = lib.mkOptionType {
    name = "undeclared";
    description = "undeclared value";
    merge =
      loc: defs:
      let
        values = map (def: def.value) defs;
        first = head values;
        isPlain =
          value:
          isAttrs value
          && !(value ? outPath || value ? __toString || value ? _type || (value.type or null) == "derivation");
        isSimple = value: !(elem (typeOf value) [ "list" "lambda" "set" ]);
      in
      if all isPlain values then
        (lib.types.attrsOf free).merge loc defs
      else if all isSimple values && all (value: value == first) (tail values) then
        first
      else if all isString values then
        concatStringsSep "\n" values
      else
        lib.mergeDefaultOption loc defs;
  };

  # The lib for base modules: its submodules accept undeclared definitions.
  freeform = {
    _module.freeformType = lib.mkOverride 1400 free;
  };
  baseLib =
    if old || strict then
      lib
    else
      lib
      // {
        types = lib.types // {
          submodule = given: lib.types.submodule ([ freeform ] ++ (if isList given then given else [ given ]));
          submoduleWith =
            given: lib.types.submoduleWith (given // { modules = [ freeform ] ++ given.modules; });
        };
      };

  baseFiles = (import ./base).imports;

  isSubmodule = option: option ? type && option.type.name == "submodule";

  # Whether a declaration only adds to the submodules of another one.
  extends =
    theirs: ours:
    !(any (name: theirs ? ${name} && ours ? ${name}) [
      "default"
      "example"
      "description"
      "apply"
    ])
    && theirs ? type
    && (ours.type.getSubModules or null) != null
    && theirs.type.typeMerge ours.type.functor != null;

  # Whether a base declaration yields. At least one of the two is an option.
  yields =
    theirs: ours:
    if isOption theirs then
      (if isOption ours then !extends theirs ours else !isSubmodule theirs)
    else
      isOption ours;

  # `set` without the names for which `leave` returns null. Where it returns a `value`, the attribute has that. The others
  # stay as they are, at their places.
  select =
    leave: set:
    let
      names = attrNames set;
      left = mapAttrs (name: _: leave name) set;
    in
    removeAttrs set (filter (name: left.${name} == null) names)
    // listToAttrs (
      concatLists (
        map (
          name: if left.${name} ? value then [ { inherit name; inherit (left.${name}) value; } ] else [ ]
        ) (filter (name: left.${name} != null) names)
      )
    );

  remainingOptions =
    theirs: ours:
    select (
      name:
      if !(ours ? ${name}) then
        { }
      else if yields theirs.${name} ours.${name} then
        null
      else if isOption theirs.${name} || isOption ours.${name} then
        { }
      else
        { value = remainingOptions theirs.${name} ours.${name}; }
    ) theirs;

  # Definitions of a base module; `theirs` are the options of all base modules.
  remainingDefinitions =
    theirs: ours: defs:
    if (defs._type or null) == "merge" then
      defs // { contents = map (remainingDefinitions theirs ours) defs.contents; }
    else if defs ? _type then
      defs // { content = remainingDefinitions theirs ours defs.content; }
    else
      select (
        name:
        if !(ours ? ${name} && theirs ? ${name}) then
          { }
        else if yields theirs.${name} ours.${name} then
          null
        else if isOption theirs.${name} || isOption ours.${name} then
          { }
        else
          { value = remainingDefinitions theirs.${name} ours.${name} defs.${name}; }
      ) defs;

  # A module as a set.
  applied =
    module: args:
    let
      given = if isFunction module || isAttrs module then module else import module;
    in
    if isFunction given then given args else given;

  # Everything that the base modules declare, unchanged.
  baseOptions = optionsOf (evaluate specialArgs (map (baseModule (module: module.options or { }) (_: { })) baseFiles));

  # A base module and its imports, with other options and definitions.
  baseModule =
    declared: defined: module:
    { config, options, pkgs, ... }@args:
    let
      given = applied module (args // { lib = baseLib; });
    in
    {
      _file = if isFunction module || isAttrs module then toString ./base else toString module;
      imports = map (baseModule declared defined) (given.imports or [ ]);
      options = declared given;
      config = defined given;
    };

  baseModules =
    if !base then
      [ ]
    else if old then
      [ ./base-2013.nix ]
    else
      map (baseModule (given: remainingOptions (given.options or { }) own) (
        given: remainingDefinitions baseOptions own (given.config or { })
      )) baseFiles;

  # All modules. The definitions of fixtures are checked elsewhere.
  list = baseModules ++ given;
  lenient = !(old || strict);
  trusting = evaluate specialArgs (list ++ [ unchecked ]);
  whole = if lenient then trusting else evaluate specialArgs list;

  # Whether the modules themselves decide about definitions without an option.
  decided =
    (whole.config._module.freeformType or null) != null
    || (whole.options._module.check.highestPrio or 1400) < 1400;

  # The same evaluation again. Its modules see the values of the first one, so that no value depends on
  # `type`.
  withFreeform =
    type:
    evaluate seeing (list ++ [ { _module.freeformType = type; } ]);

  # Definitions without an option: sets of `file` and `value`. The value includes the names that lead to the
  # definition.
  strays =
    (withFreeform (
      lib.mkOptionType {
        name = "strays";
        merge = _: strays: { inherit strays; };
      }
    )).config.strays or [ ];

  # The path of such a definition.
  pathOf =
    options: value:
    if isAttrs value && value ? _type then
      pathOf options (if value._type == "merge" then head value.contents else value.content)
    else
      let
        name = head (attrNames value);
      in
      [ name ]
      ++ (if options ? ${name} && !isOption options.${name} then pathOf options.${name} value.${name} else [ ]);

  undeclared =
    if !lenient || decided then
      [ ]
    else
      map (stray: {
        inherit (stray) file;
        path = pathOf (optionsOf whole) stray.value;
      }) strays;

  wrong = filter (stray: elem (toString stray.file) strictFiles) undeclared;

  showPath = path: if old then concatStringsSep "." path else lib.showOption path;
in
{
  inherit (whole) options;
  inherit undeclared;
  config =
    if wrong != [ ] then
      throw "The option `${showPath (head wrong).path}' does not exist. Definition values:\n- In `${toString (head wrong).file}'"
    else if !lenient || decided then
      whole.config
    else
      (withFreeform free).config;
}
