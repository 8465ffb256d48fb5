# The facts about options that compare the base modules with a nixpkgs tree, for the corpus `base` of
# tools/record/record.
#
#   base        for every option that the base declares: its path, the description of its type, and its
#               default
#   theirs      for those of them that the tree has: the same in its own NixOS
#   ofOptions   the same for a set of options
#
# A default is included if it is plain data: no paths, no packages, and nothing that depends on other options
# (those have a `defaultText`).
{
  # The nixpkgs tree; its `lib` serves both.
  tree ? null,
  # Its `lib`.
  lib ? import (tree + "/lib"),
}:

let
  inherit (builtins)
    all
    attrNames
    attrValues
    concatLists
    foldl'
    isAttrs
    match
    tryEval
    typeOf
    ;

  isData =
    value:
    let
      kind = typeOf value;
    in
    if kind == "lambda" || kind == "path" then
      false
    else if kind == "list" then
      all isData value
    else if kind == "set" then
      !(value ? outPath) && !(value ? _type) && all isData (attrValues value)
    else if kind == "string" then
      match ".*/nix/store/.*" value == null
    else
      true;

  # Whether a default may be inspected: packages would have to be evaluated.
  plain =
    option:
    option ? default
    && !(option ? defaultText)
    && match ".*(package|path|store|derivation|raw value|module|unspecified|function).*" (
      option.type.description or "package"
    ) == null;

  facts =
    option:
    let
      default = tryEval (isData option.default);
    in
    {
      type = option.type.description or null;
    }
    // (
      if plain option && default.success && default.value then
        { inherit (option) default; }
      else
        { }
    );

  optionsIn =
    path: set:
    concatLists (
      map (
        name:
        let
          here = path ++ [ name ];
          option = set.${name};
        in
        if name == "_module" then
          [ ]
        else if option._type or "" == "option" then
          [
            {
              path = here;
              inherit option;
            }
          ]
        else
          optionsIn here option
      ) (attrNames set)
    );

  base = optionsIn [ ] (lib.evalModules {
    modules = [ ../../nix/base ];
    specialArgs.pkgs = import ../../nix/pkgs.nix { inherit lib; };
  }).options;

  system = import (tree + "/nixos/lib/eval-config.nix") {
    modules = [ { nixpkgs.hostPlatform = "x86_64-linux"; } ];
    system = "x86_64-linux";
  };

  # Their option at a path, or null.
  at = foldl' (
    set: name: if isAttrs set && (set._type or "") != "option" && set ? ${name} then set.${name} else null
  );
  row =
    option: path:
    { option = path; } // facts option;
  ofOptions = options: map (found: row found.option found.path) (optionsIn [ ] options);
in
{
  inherit ofOptions;
  base = map (found: row found.option found.path) base;
  theirs = concatLists (
    map (
      found:
      let
        option = at system.options found.path;
      in
      if isAttrs option && option._type or "" == "option" then [ (row option found.path) ] else [ ]
    ) base
  );
}
