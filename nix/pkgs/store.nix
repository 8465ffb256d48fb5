# Invented store paths, and packages that look like derivations.
#
# Every path has the form /nix/store/nival…-stub-NAME.
{
  system,
  open,
}:

let
  inherit (builtins)
    attrNames
    concatStringsSep
    elem
    elemAt
    head
    isAttrs
    isFunction
    isString
    listToAttrs
    match
    replaceStrings
    ;

  # A nixbase32 digest has 32 digits from 0-9 and a-z without e, o, t and u. Of the hexadecimal digits, only
  # `e` is not among them. `builtins.convertHash` would do this properly, but is newer than the oldest
  # supported Nix.
  digest =
    text:
    "nival" + replaceStrings [ "e" ] [ "v" ] (builtins.substring 0 27 (builtins.hashString "sha256" text));

  # stdenv takes any name, and replaces the characters that the store does not allow.
  storeName =
    name:
    if match "[0-9a-zA-Z+_?=-][0-9a-zA-Z+._?=-]*" name != null then
      name
    else
      let
        parts = builtins.split "[^0-9a-zA-Z+._?=-]+" (head (match "[.]*(.*)" name));
        replaced = concatStringsSep "" (map (part: if isString part then part else "-") parts);
      in
      if replaced == "" then "unknown" else replaced;

  # A version newer than any that a module compares it with, so that modules take their newest branch. If the
  # attribute's name contains a version (`postgresql_17`, `php84`, `linux_6_12`), this begins with it.
  newest = "9999.0-stub";
  versionOf =
    attribute:
    let
      numbers = match ".*[a-zA-Z]_([0-9]+(_[0-9]+)*)" attribute;
      glued = match "(php|python|ruby|lua)([0-9])_?([0-9]+)" attribute;
      bare = match "(nextcloud|nodejs|jdk|gcc|mariadb|clang|llvm|kodi|openssl|zabbix)_?([0-9]+)" attribute;
    in
    # Most names contain none, and are done here.
    if match ".*[0-9].*" attribute == null then
      newest
    else if glued != null then
      "${elemAt glued 1}.${elemAt glued 2}.9999-stub"
    else if numbers != null then
      "${replaceStrings [ "_" ] [ "." ] (head numbers)}.9999-stub"
    else if bare != null then
      "${elemAt bare 1}.9999-stub"
    else
      newest;

  storePath =
    seed: name:
    "/nix/store/${digest "${seed}:${name}"}-stub-${
      replaceStrings [ "-${newest}" ".9999-stub" ] [ "" "" ] (storeName name)
    }";

  # Attributes that describe how to make the stub and are not attributes of the package.
  recipe = [
    "seed"
    "passthru"
    "mainProgram"
    "attribute"
    "called"
  ];

  outputNames = [
    "bin"
    "data"
    "debug"
    "dev"
    "devdoc"
    "dist"
    "doc"
    "fonts"
    "getent"
    "info"
    "lib"
    "man"
    "modules"
    "out"
    "py"
    "static"
    "terminfo"
    "tools"
  ];

  # The result of calling a stub: a package with the name in its first argument, if it has one.
  called =
    attrs: arg:
    let
      named = match "[0-9a-zA-Z+._?=-]+" arg != null;
      text = if isString arg then arg else "";
      seed = "${attrs.attribute or ""}(${attrs.seed or ""} ${text})";
    in
    if isString arg && named && !(attrs ? called) then
      mkPackage {
        name = arg;
        called = true;
        inherit seed;
      }
    else if isAttrs arg && (arg ? name || arg ? pname) then
      mkPackage (
        builtins.intersectAttrs {
          pname = null;
          version = null;
          meta = null;
          passthru = null;
          outputs = null;
        } arg
        // {
          name = arg.name or (arg.pname + (if arg ? version then "-${arg.version}" else ""));
          called = true;
          inherit seed;
        }
      )
    else
      mkPackage (
        attrs
        // {
          called = true;
          inherit seed;
        }
      );

  # mkPackage { pname, version } or { name }; further: `outputs`, `meta`, `mainProgram`, `passthru`, and
  # `seed`, a string that distinguishes two packages of one name (a text, a build script). Other attributes
  # stay on the package, like the environment of a real derivation. `attribute` is the package's place in the
  # set.
  mkPackage =
    attrs:
    let
      name = attrs.name or "${attrs.pname}-${attrs.version}";
      pname = attrs.pname or name;
      seed = attrs.seed or "";
      outputs = attrs.outputs or [ "out" ];
      attribute = attrs.attribute or "";
      pathOf = output: storePath seed (if output == "out" then name else "${name}-${output}");

      # A changed package must have another path. The effect of the change on its contents is unknown, so the
      # path depends on which attributes were changed, and how often.
      changed =
        changes:
        mkPackage (
          attrs // { seed = "${seed}+${concatStringsSep "," (attrNames changes)}"; } // changes
        );

      # The package as a change may refer to it.
      before = open false attribute attrs other;

      # Everything else that is asked for: another output, or any attribute.
      other =
        asked:
        if asked == "__functor" then
          _: called (removeAttrs attrs [ "outputs" ])
        else if match "__.*" asked != null then
          null
        else if elem asked outputNames then
          common
          // {
            outputName = asked;
            outPath = pathOf asked;
            outputSpecified = true;
          }
        else if asked == "maintainers" || asked == "availableComponents" || asked == "supportedComponentsWithTests" then
          [ ]
        else if asked == "version" then
          newest
        else if asked == "pname" then
          pname
        else
          mkStub "${attribute}.${asked}" "${pname}-${asked}";

      meta = {
        inherit name;
        available = true;
        broken = false;
        insecure = false;
        unfree = false;
        outputsToInstall = [ (head outputs) ];
      }
      // (if attrs ? mainProgram then { inherit (attrs) mainProgram; } else { })
      // attrs.meta or { };

      common =
        removeAttrs attrs recipe
        // {
          type = "derivation";
          inherit name system outputs;
          drvPath = "${storePath "drv:${seed}" name}.drv";
          meta = open false "meta" meta metaAnswer;
          passthru = open false attribute (attrs.passthru or { }) other;

          override = f: changed (if isFunction f then f before else f);
          overrideAttrs =
            f:
            let
              first = f before;
            in
            if !isFunction f then
              changed f
            else if isFunction first then
              # `finalAttrs: previousAttrs: { … }`
              let
                final = changed (f final before);
              in
              final
            else
              changed first;
          overrideDerivation = f: changed (f before);
        }
        // attrs.passthru or { };

      output = outputName: {
        name = outputName;
        value =
          common
          // byOutput
          // {
            inherit outputName;
            outPath = pathOf outputName;
            outputSpecified = true;
          };
      };
      byOutput = listToAttrs (map output outputs);
    in
    open false attribute (
      common
      // byOutput
      // {
        outPath = pathOf (head outputs);
        outputName = head outputs;
        all = map (name: byOutput.${name}) outputs;
      }
    ) other;

  metaAnswer =
    name:
    if
      elem name [
        "maintainers"
        "teams"
        "knownVulnerabilities"
        "sourceProvenance"
      ]
    then
      [ ]
    else if name == "platforms" then
      [ system ]
    else if name == "license" then
      { free = true; }
    else if
      elem name [
        "description"
        "homepage"
        "position"
        "longDescription"
        "changelog"
      ]
    then
      ""
    else
      null;

  # The stub at a path of the package set.
  mkStub =
    attribute: pname:
    let
      unquoted = replaceStrings [ "'" ] [ "" ] pname;
    in
    mkPackage {
      inherit attribute;
      pname = if match "[0-9a-zA-Z+._?=-]+" unquoted == null then "package" else unquoted;
      version = versionOf pname;
      mainProgram = programs.${attribute} or pname;
    };

  # The main programs of packages that modules run, if they are not called like the package.
  programs = builtins.fromJSON (builtins.readFile ./programs.json);

  # The names of package sets.
  isScope =
    name:
    scopes ? ${name}
    || match ".*(Packages|Plugins|Extensions|Interfaces|packages)(_.*|[0-9]+)?" name != null;
  scopes = listToAttrs (
    map
      (name: {
        inherit name;
        value = null;
      })
      [
      "beam"
      "cinnamon"
      "cudaPackages"
      "darwin"
      "deepin"
      "dockerTools"
      "dotnetCorePackages"
      "enlightenment"
      "gnome"
      "gst_all_1"
      "haskell"
      "libsForQt5"
      "lxqt"
      "mate"
      "maven"
      "nerd-fonts"
      "nixosTests"
      "pantheon"
      "pkgsCross"
      "plasma5"
      "qt5"
      "qt6"
      "testers"
      "xfce"
      "xorg"
      ]
  );

  # A set of packages that has every name, besides those it is known to have.
  mkScope =
    path: known:
    let
      scope = open true path known (
        name:
        if
          elem name [
            "override"
            "overrideScope"
            "extend"
          ]
        then
          _: scope
        else
          mkAny "${path}.${name}" name
      );
    in
    scope;

  mkAny =
    path: name:
    if match "__.*" name != null then
      null
    else if name == "maintainers" then
      [ ]
    else if isScope name then
      mkScope path { }
    else
      mkStub path name;
in
{
  inherit
    storePath
    mkPackage
    mkStub
    mkScope
    mkAny
    newest
    versionOf
    ;
}
