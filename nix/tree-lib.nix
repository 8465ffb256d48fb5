# The lib of a nixpkgs tree with native functions: they replace those of the same name. Data and everything
# that is not native stay the tree's own.
#
# native: the native lib as a function of the final lib; own: the tree's lib.
native: own:
let
  inherit (builtins)
    intersectAttrs
    mapAttrs
    removeAttrs
    ;

  # Names for which the tree has the better values, by namespace.
  facts = {
    trivial = [
      "codeName"
      "nixpkgsVersion"
      "oldestSupportedRelease"
      "oldestSupportedReleaseIsAtLeast"
      "isInOldestRelease"
      "release"
      "revisionWithDefault"
      "version"
      "versionSuffix"
    ];
    meta = [
      "getLicenseFromSpdxId"
      "getLicenseFromSpdxIdOr"
      "licensesSpdx"
    ];
  };
  data = [
    "licenses"
    "licensesSpdx"
    "maintainers"
    "platforms"
    "sourceTypes"
    "systems"
    "teams"
  ];

  namespace = name: theirs: ours: theirs // removeAttrs ours (facts.${name} or [ ]);
  namespaces = lib: removeAttrs lib data;
in
if own ? extend then
  # Names at the top follow the namespaces.
  removeAttrs (own.extend (
    final: prev:
    mapAttrs (name: ours: namespace name prev.${name} ours) (
      intersectAttrs prev (namespaces (native final).namespaces)
    )
  )) [ "__unfix__" ]
else
  let
    ours = native final;
    merged = mapAttrs (name: namespace name own.${name}) (
      intersectAttrs own (namespaces ours.namespaces)
    );
    final = own // intersectAttrs own (removeAttrs ours.top facts.trivial) // merged;
  in
  final
