# Tells what `nival config` must print, with real Nix: evaluates modules and fixtures with a nixpkgs lib.
#
#     nix-instantiate --eval --strict --json nix/oracle.nix --arg lib /path/to/nixpkgs/lib \
#       --argstr modules '["/abs/module.nix"]' --argstr fixtures '["/abs/fixture.json"]' \
#       --argstr attrs '["boot.kernelParams"]' -A selected
#
# Attributes:
#   config    the whole tree of option values, without `_module`
#   paths     the path of every declared option but `_module`'s, each a list of names: a way to ask for all of
#             them one by one if the tree as a whole fails
#   selected  the tree restricted to `attrs`; the whole tree if `attrs` is empty
#   marked    the same, with `{ _nival = "function"; }` instead of each function, and `{ _nival = "error"; }`
#             instead of each value whose failure `tryEval` can catch. Other failures (`abort`, type errors,
#             infinite recursion, …) still fail as a whole, and must be narrowed down from outside
#   unseen    the missing files among the modules and fixtures, if the lib was found
#   values    a list: the value of each of `attrs`, in their order
#   value     the value of the only one of `attrs`
#
# It works with libs of today and of 2013, and uses only what Nix 2.8 has. With an old lib, the base modules
# are those of base-2013.nix. evaluate.nix combines the base modules with the others.
{
  # The `lib` directory of a nixpkgs: a path, a string, or the imported set.
  lib,
  # Paths of the modules: a list, or a JSON list in a string. `-` stands for the module `stdin`.
  modules ? [ ],
  # Paths of the fixtures, likewise: .json files are plain configuration, all else is a module.
  fixtures ? [ ],
  # The options to select, likewise: each is written as in Nix (`boot.kernel.sysctl."vm.swappiness"`), or is a
  # list of names. It may also be a prefix of options, or something inside an option's value.
  attrs ? [ ],
  stdin ? { },
  # A configuration in place of modules: a value with `options` and `config`.
  opened ? null,
  # Whether to include nival's own base modules.
  base ? true,
  # Whether definitions in fixtures may lack an option, and whether no definition may.
  allowUndeclared ? false,
  strictOptions ? false,
  # More special arguments.
  special ? { },
  # A file with another package set, or with a function that returns one; nival's own if null.
  pkgs ? null,
  system ? "x86_64-linux",
  # The names that the package set must have besides those that it lists, as JSON, by the path of their set.
  # nival's own set has every name.
  asked ? "{}",
}@args:

let
  inherit (builtins)
    all
    attrNames
    concatLists
    elemAt
    filter
    fromJSON
    functionArgs
    genericClosure
    getAttr
    hasAttr
    head
    intersectAttrs
    isAttrs
    isFunction
    isList
    isString
    listToAttrs
    mapAttrs
    match
    pathExists
    readFile
    tail
    tryEval
    ;

  list = value: if isString value then fromJSON value else value;

  theLib = if isAttrs args.lib then args.lib else import args.lib;

  # Maintainers and teams as in nival's own lib, which knows only the names that are asked for.
  people =
    let
      of = namespace: make: {
        ${if wantedNames ? "lib.${namespace}" then namespace else null} =
          theLib.${namespace} or { }
          // listToAttrs (
            map (name: {
              inherit name;
              value = make name;
            }) wantedNames."lib.${namespace}"
          );
      };
    in
    of "maintainers" (name: {
      inherit name;
      github = name;
    })
    // of "teams" (name: {
      shortName = name;
      members = [ ];
      scope = "The packages of the team ${name}.";
    });

  wantedNames = fromJSON asked;

  packageSet =
    let
      file = if pkgs == null then ./pkgs.nix else pkgs;
      given = if isString file || builtins.typeOf file == "path" then import file else file;
      offered = {
        lib = theLib;
        inherit system;
        open =
          scope: path: set: answer:
          set
          // listToAttrs (
            map (name: {
              inherit name;
              value = answer name;
            }) (filter (name: !(hasAttr name set)) (wantedNames.${path} or [ ]))
          );
      };
      set = if isFunction given then given (intersectAttrs (functionArgs given) offered) else given;
    in
    set // { lib = theLib; };

  stdinModule = {
    _file = "«stdin»";
    imports = [ stdin ];
  };

  fileOf = path: if path == "-" then stdinModule._file else toString path;

  module = path: if path == "-" then stdinModule else path;

  fixture =
    path:
    if match ".*\\.json" (toString path) != null then
      {
        _file = toString path;
        config = fromJSON (readFile path);
      }
    else
      module path;

  modulesPath =
    let
      found = tryEval (toString <nixpkgs/nixos/modules>);
    in
    if found.success then found.value else toString ./modules;

  evaluated =
    if opened == null then
      ofModules
    else
      {
        inherit (opened) options config;
        undeclared = [ ];
      };

  # This is also the order in which lists and lines are merged: base, modules, fixtures.
  ofModules = import ./evaluate.nix {
    lib = theLib;
    modules = map module (list modules);
    fixtures = map fixture (list fixtures);
    strictFiles = if allowUndeclared then [ ] else map fileOf (list fixtures);
    strict = strictOptions;
    specialArgs = {
      pkgs = packageSet;
      inherit modulesPath;
    }
    // (if people == { } then { } else { lib = theLib // people; })
    // special;
    inherit base;
  };

  config = removeAttrs evaluated.config [ "_module" ];
  options = removeAttrs evaluated.options [ "_module" ];

  # The paths of all options below a set of options. Old libs keep a list, `_definedNames`, among them.
  optionPaths =
    path: set:
    concatLists (
      map (
        name:
        let
          here = path ++ [ name ];
          option = set.${name};
        in
        if option._type or null == "option" then [ here ] else optionPaths here option
      ) (attrNames (removeAttrs set [ "_definedNames" ]))
    );

  # a.b."c.d" → [ "a" "b" "c.d" ]
  parsePath =
    text:
    let
      quoted = match "\"([^\"]*)\"(\\.(.*))?" text;
      bare = match "([^\".]+)(\\.(.*))?" text;
      found = if quoted != null then quoted else bare;
      rest = elemAt found 2;
    in
    if found == null then
      throw "'${text}' is not an option path"
    else
      [ (head found) ] ++ (if elemAt found 1 == null then [ ] else parsePath rest);

  wanted = map (path: if isList path then path else parsePath path) (list attrs);

  # One step down; into a list by index, as `nix-instantiate -A` does.
  step =
    value: name:
    if isList value && match "[0-9]+" name != null then elemAt value (fromJSON name) else getAttr name value;
  at = value: path: if path == [ ] then value else at (step value (head path)) (tail path);

  # The part of a value that `paths` lead to, in sets as deep as the paths.
  cutDown =
    value: paths:
    if all (path: path != [ ]) paths then
      let
        names = map (entry: entry.key) (genericClosure {
          startSet = map (path: { key = head path; }) paths;
          operator = _: [ ];
        });
      in
      listToAttrs (
        map (name: {
          inherit name;
          value = cutDown (step value name) (map tail (filter (path: head path == name) paths));
        }) names
      )
    else
      value;

  # What nival does not look into: package sets, libraries, and the types of options.
  whole =
    value:
    let
      has = all (name: hasAttr name value);
      tag = tryEval (value._type or null);
    in
    if tag.success && tag.value == "option-type" then
      "type"
    else if builtins.length (attrNames value) < 32 then
      null
    else if has [ "callPackage" "lib" "stdenv" ] then
      "packages"
    else if has [ "evalModules" "mkOption" "types" ] then
      "library"
    else
      null;

  # Follows the JSON printer: `__toString` first, then `outPath`, then the set itself.
  mark =
    value:
    let
      tried = tryEval value;
      text = tryEval (value.__toString value);
    in
    if !tried.success then
      { _nival = "error"; }
    else if isFunction value then
      { _nival = "function"; }
    else if isList value then
      map mark value
    else if !(isAttrs value) then
      value
    else if whole value != null then
      { _nival = whole value; }
    else if hasAttr "__toString" value then
      (if text.success then text.value else { _nival = "error"; })
    else if hasAttr "outPath" value then
      mark value.outPath
    else
      mapAttrs (_: mark) value;

  # Without those whose definitions are all disabled.
  undeclaredPaths = filter (hasPath config) (
    map (entry: entry.key) (genericClosure {
      startSet = map (found: { key = found.path; }) evaluated.undeclared;
      operator = _: [ ];
    })
  );

  hasPath =
    value: path:
    path == [ ] || isAttrs value && hasAttr (head path) value && hasPath value.${head path} (tail path);

  selected = if wanted == [ ] then config else cutDown config wanted;
  values = map (at config) wanted;
in
{
  inherit config selected values;
  unseen =
    if opened != null then
      if opened ? options && opened ? config then [ ] else throw "it finds no 'options' and 'config'"
    else if isFunction theLib.evalModules then
      filter (path: path != "-" && !pathExists path) (list modules ++ list fixtures)
    else
      throw "the lib has no 'evalModules'";
  # This includes the paths of undeclared options.
  paths = optionPaths [ ] options ++ undeclaredPaths;
  marked = mark selected;
  value = assert builtins.length values == 1; head values;
}
