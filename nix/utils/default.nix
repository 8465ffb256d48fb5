# The module argument `utils`, reimplemented: functions for paths, units and shells that NixOS modules use.
{
  config,
  lib,
  pkgs,
}:

let
  inherit (builtins)
    elem
    filter
    isAttrs
    isList
    isPath
    isString
    replaceStrings
    toJSON
    ;
  inherit (lib)
    concatMapStringsSep
    concatStringsSep
    hasPrefix
    hasSuffix
    mapAttrsToList
    ;

  nameIs = packages: package: elem (lib.getName package) (map lib.getName packages);

  withSlash = path: if hasSuffix "/" path then path else path + "/";

  # Whether file system `a` has to be mounted before `b`, because something of `b` lies below it.
  fsBefore =
    a: b:
    let
      below = path: hasPrefix (withSlash a.mountPoint) (withSlash path);
    in
    below (toString b.device) || below b.mountPoint || lib.any below b.depends;

  # `systemd-escape --path`
  escapeSystemdPath =
    path:
    let
      absolute = hasPrefix "/" path;
      parts = filter (part: part != "" && part != ".") (lib.splitString "/" path);
      refused = throw "escapeSystemdPath: ${path} is not a normalized path";
      # `..` has no effect at the root, and is refused elsewhere.
      walk =
        done: rest:
        if rest == [ ] then
          done
        else if lib.head rest != ".." then
          walk (done ++ [ (lib.head rest) ]) (lib.tail rest)
        else if absolute && done == [ ] then
          walk done (lib.tail rest)
        else
          refused;
      names = walk [ ] parts;
      joined =
        if names != [ ] then
          concatStringsSep "/" names
        else if absolute || path == "" then
          "/"
        else
          refused;
      special = lib.stringToCharacters " !\"#$%&'()*+,;<=>?@[\\]^`{|}~-";
      escaped = lib.strings.escapeC special joined;
      dotted = if hasPrefix "." escaped then lib.strings.escapeC [ "." ] "." + lib.removePrefix "." escaped else escaped;
    in
    replaceStrings [ "/" ] [ "-" ] dotted;

  # An argument in `ExecStart=` and the like: quoted, and without specifiers and variables.
  escapeSystemdExecArg =
    arg:
    let
      text =
        if isPath arg then
          "${arg}"
        else if isString arg then
          arg
        else if builtins.isInt arg || builtins.isFloat arg || lib.isDerivation arg then
          toString arg
        else
          throw "escapeSystemdExecArg only allows strings, paths, numbers and derivations";
    in
    replaceStrings [ "%" "$" ] [ "%%" "$$" ] (toJSON text);

  # All sets inside a value that have an attribute, by their jq path.
  recursiveGetAttrsetWithJqPrefix =
    value: attr:
    let
      step = name: ".\"" + replaceStrings [ "\\" "\"" ] [ "\\\\" "\\\"" ] name + "\"";
      walk =
        path: value:
        if isAttrs value && value ? ${attr} then
          [ (lib.nameValuePair (if path == "" then "." else path) value) ]
        else if lib.isDerivation value then
          [ ]
        else if isAttrs value then
          lib.concatLists (mapAttrsToList (name: walk (path + step name)) value)
        else if isList value then
          lib.concatLists (lib.imap0 (i: walk (path + "[${toString i}]")) value)
        else
          [ ];
    in
    lib.listToAttrs (walk "" value);

  genJqSecretsReplacement =
    {
      attr ? "_secret",
      loadCredential ? false,
    }:
    value: output:
    let
      found = recursiveGetAttrsetWithJqPrefix value attr;
      paths = builtins.attrNames found;
      allowed = char: builtins.match "[a-zA-Z0-9_.#=!-]" char != null;
      tag =
        i: path: "${toString i}_${lib.stringAsChars (c: if allowed c then c else "_") found.${path}.${attr}}";
      source =
        i: path:
        if loadCredential then
          "\"$CREDENTIALS_DIRECTORY/${tag i path}\""
        else
          lib.escapeShellArg found.${path}.${attr};
      read = i: path: "secret${toString i}=$(< ${source i path}) && export secret${toString i}";
      put =
        i: path: "${path} = ($ENV.secret${toString i}${if found.${path}.quote or true then "" else " | fromjson"})";
      program = if paths == [ ] then "." else concatStringsSep " | " (lib.imap1 put paths);
    in
    {
      script = concatStringsSep "\n" (
        [ "test ! -h ${lib.escapeShellArg output} || rm ${lib.escapeShellArg output}" ]
        ++ lib.imap1 read paths
        ++ [
          "${pkgs.jq}/bin/jq > ${lib.escapeShellArg output} ${lib.escapeShellArg program} <<'EOF'"
          (toJSON value)
          "EOF"
          ""
        ]
      );
      credentials =
        if loadCredential then
          lib.imap1 (i: path: "${tag i path}:${found.${path}.${attr}}") paths
        else
          null;
    };

  toOption = value: if builtins.isBool value then lib.boolToString value else toString value;

  attrsToSection =
    settings:
    lib.concatStrings (
      lib.concatLists (
        mapAttrsToList (
          name: value: map (one: "${name}=${toOption one}\n") (if isList value then value else [ value ])
        ) settings
      )
    );

  # The values of a unit's setting; several definitions become a list.
  unitOption =
    let
      atom = lib.types.nullOr (
        lib.types.oneOf [
          lib.types.bool
          lib.types.int
          lib.types.float
          lib.types.str
          lib.types.path
          lib.types.package
        ]
      );
      value = lib.types.either atom (lib.types.listOf atom);
    in
    lib.mkOptionType {
      name = "systemd option";
      inherit (value) check;
      merge =
        loc: defs:
        if lib.any (def: isList def.value) defs then
          lib.concatMap (def: lib.toList def.value) defs
        else
          lib.mergeEqualOption loc defs;
    };
in
rec {
  inherit
    escapeSystemdExecArg
    escapeSystemdPath
    fsBefore
    genJqSecretsReplacement
    recursiveGetAttrsetWithJqPrefix
    ;

  copyFile =
    file:
    pkgs.runCommand (builtins.unsafeDiscardStringContext (baseNameOf file)) { } ''
      cp ${file} $out
    '';

  pathsNeededForBoot = [
    "/"
    "/nix"
    "/nix/store"
    "/var"
    "/var/log"
    "/var/lib"
    "/var/lib/nixos"
    "/etc"
    "/usr"
  ];
  fsNeededForBoot = fs: fs.neededForBoot || elem fs.mountPoint pathsNeededForBoot;

  escapeSystemdExecArgs = concatMapStringsSep " " escapeSystemdExecArg;

  toShellPath =
    shell:
    if lib.types.shellPackage.check shell then
      "/run/current-system/sw${shell.shellPath}"
    else if lib.types.package.check shell then
      throw "${shell} is not a shell package"
    else
      shell;

  recursiveGetAttrWithJqPrefix =
    value: attr: lib.mapAttrs (_: found: found.${attr}) (recursiveGetAttrsetWithJqPrefix value attr);
  genJqSecretsReplacementSnippet = value: output: (genJqSecretsReplacement { } value output).script;

  removePackagesByName = packages: unwanted: filter (package: !nameIs unwanted package) packages;
  disablePackageByName = package: unwanted: !nameIs unwanted package;

  systemdUtils = import ./systemd.nix {
    inherit
      lib
      pkgs
      escapeSystemdPath
      attrsToSection
      toOption
      unitOption
      ;
  };

  binfmtMagics = { };

  # PAM rules in the order of a list.
  pam.autoOrderRules =
    rules:
    lib.listToAttrs (
      lib.imap1 (
        i: rule:
        assert lib.assertMsg (!rule ? order) "the 'order' option may not be set when using autoOrderRules";
        {
          inherit (rule) name;
          value = removeAttrs rule [ "name" ] // {
            order = lib.mkDefault (10000 + i * 100);
          };
        }
      ) rules
    );
}
