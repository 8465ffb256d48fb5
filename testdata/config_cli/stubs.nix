# What the stub package set gives for packages that nobody has listed.
{
  lib,
  pkgs,
  ...
}:

let
  of =
    value:
    lib.mkOption {
      type = lib.types.raw;
      default = value;
    };
  path = package: "${package}";
in
{
  options = {
    any = of (
      map path [
        pkgs.no-such-package
        pkgs.a.b.c
        pkgs.python3Packages.requests
        pkgs.kdePackages.okular
        pkgs.linuxPackages_6_12.zenpower
        pkgs.linuxKernel.packages.linux_6_6.anything
        pkgs.haskellPackages.pandoc
      ]
    );
    byWith = of (map path (with pkgs; [ one-thing otherThing ]));
    inherited = of (
      let
        inherit (pkgs) someThing;
      in
      path someThing
    );
    outputs = of (
      map path [
        pkgs.thing.dev
        pkgs.thing.lib
        pkgs.thing.bin
        pkgs.thing.man
      ]
    );
    programs = of [
      (lib.getExe pkgs.program)
      (lib.getExe' pkgs.program "part")
    ];
    called = of (
      map path [
        (pkgs.writeSomething "some.conf" "text")
        (pkgs.buildSomething { pname = "made"; version = "1"; })
        (pkgs.thing.override { some = true; })
        (pkgs.thing.overrideAttrs (_: { version = "2"; }))
        (pkgs.thing.withPlugins (plugins: [ plugins.one ]))
        (pkgs.python3.withPackages (libraries: [ libraries.one ]))
        (pkgs.callPackage ({ thing, absent ? null }: thing) { })
      ]
    );
    versions = of (
      map (package: package.version) [
        pkgs.thing
        pkgs.hello
        pkgs.postgresql_17
        pkgs.php84
        pkgs.nextcloud32
        pkgs.linux_6_12
      ]
    );
    newest = of (lib.versionAtLeast pkgs.thing.version "2026.1");
    # A package does not claim to have what only was asked for.
    has = of [
      (pkgs ? thing)
      (pkgs.thing ? other)
      (pkgs.thing.other or "no")
      (pkgs.thing.passthru.other or "no")
      (pkgs.python3Packages ? thing)
    ];
    platform = of [
      pkgs.stdenv.hostPlatform.isx86_64
      pkgs.stdenv.hostPlatform.isOther
    ];
    people = of [
      (with lib.maintainers; [ somebody ])
      lib.teams.some.shortName
      lib.licenses.someLicense.fullName
      (lib.maintainers ? anyone)
    ];
    formats = of (
      map (name: (pkgs.formats.${name} { }).type.description) [
        "json"
        "yaml"
        "toml"
        "ini"
        "keyValue"
        "gitIni"
        "iniWithGlobalSection"
        "libconfig"
        "hocon"
        "xml"
        "php"
        "pythonVars"
        "lua"
        "elixirConf"
        "javaProperties"
        "plist"
        "configobj"
        "cdn"
        "hcl1"
      ]
    );
  };
}
