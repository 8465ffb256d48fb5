# Made-up store paths, and packages that look like derivations.
{ system }:

let
  # A nixbase32 digest has 32 digits out of 0-9 and a-z without e, o, t and u. Of the hexadecimal digits only `e` is
  # not among them; `builtins.convertHash` would do this properly, but is younger than the oldest Nix served.
  digest = text: builtins.replaceStrings [ "e" ] [ "v" ] (builtins.substring 0 32 (builtins.hashString "sha256" text));

  # Real Nix refuses such a name when the derivation is made; refused here in the same words.
  checkedName =
    name:
    let
      illegal = builtins.match "[0-9a-zA-Z+._?=-]*([^0-9a-zA-Z+._?=-]).*" name;
      because = reason: throw "invalid derivation name: name ${reason}. Please pass a different 'name'.";
    in
    if name == "" then
      because "must not be empty"
    else if illegal != null then
      because "'${name}' contains illegal character '${builtins.head illegal}'"
    else
      name;

  storePath = seed: name: "/nix/store/${digest "${seed}:${name}"}-${checkedName name}";

  # Attributes that describe how the stub is made and are not attributes of the package.
  recipe = [
    "seed"
    "passthru"
    "mainProgram"
  ];

  # mkPackage { pname, version } or { name }; further: `outputs`, `meta`, `mainProgram`, `passthru`, and `seed`, a string
  # that tells apart two packages of one name (a text, a build script). Other attributes stay on the package, as the
  # environment of a real derivation does.
  mkPackage =
    attrs:
    let
      name = attrs.name or "${attrs.pname}-${attrs.version}";
      seed = attrs.seed or "";
      outputs = attrs.outputs or [ "out" ];
      pathOf = output: storePath seed (if output == "out" then name else "${name}-${output}");

      # A changed package must have another path. What the change does to the contents cannot be known, so the path
      # depends on which attributes were changed, and how often.
      changed =
        changes:
        mkPackage (
          attrs // { seed = "${seed}+${builtins.concatStringsSep "," (builtins.attrNames changes)}"; } // changes
        );

      common =
        removeAttrs attrs recipe
        // {
          type = "derivation";
          inherit name system outputs;
          drvPath = "${storePath "drv:${seed}" name}.drv";
          meta = {
            inherit name;
            available = true;
            broken = false;
            insecure = false;
            unfree = false;
            outputsToInstall = [ (builtins.head outputs) ];
          }
          // (if attrs ? mainProgram then { inherit (attrs) mainProgram; } else { })
          // attrs.meta or { };
          passthru = attrs.passthru or { };

          override = f: changed (if builtins.isFunction f then f attrs else f);
          overrideAttrs =
            f:
            let
              first = f attrs;
            in
            if !builtins.isFunction f then
              changed f
            else if builtins.isFunction first then
              # `finalAttrs: previousAttrs: { … }`
              let
                final = changed (f final attrs);
              in
              final
            else
              changed first;
          overrideDerivation = f: changed (f attrs);
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
      byOutput = builtins.listToAttrs (map output outputs);
    in
    common
    // byOutput
    // {
      outPath = pathOf (builtins.head outputs);
      outputName = builtins.head outputs;
      all = map (name: byOutput.${name}) outputs;
    };
in
{
  inherit storePath mkPackage;
}
