# Language runtimes and the like, which contain functions and sets of further packages.
{ store }:

let
  inherit (builtins)
    elemAt
    isFunction
    isList
    listToAttrs
    match
    ;

  package =
    attribute: pname: more:
    store.mkPackage (
      {
        inherit attribute pname;
        version = store.versionOf attribute;
      }
      // more
    );

  pythonLibraries = store.mkScope "python3Packages" { };
  perlLibraries = store.mkScope "perlPackages" { };

  # An interpreter with the libraries that `choose` selects.
  withLibraries =
    interpreter: available: choose:
    let
      given = if isFunction choose then choose available else choose;
      chosen = if isList given then given else [ given ];
    in
    store.mkPackage {
      name = "${interpreter.name}-env";
      attribute = interpreter.attribute or "";
      seed = toString ([ interpreter ] ++ chosen);
      inherit (interpreter.meta) mainProgram;
      paths = chosen;
      passthru = interpreter.passthru or { };
    };

  # A package that is a function of further ones: `withPackages` or a similar name.
  withExtras =
    attribute: pname: functions: more:
    let
      extras = store.mkScope "${attribute}.pkgs" { };
      plain = package attribute pname (
        more
        // {
          passthru = {
            pkgs = extras;
          }
          // more.passthru or { };
        }
      );
      own = package attribute pname (
        more
        // {
          passthru = {
            pkgs = extras;
          }
          // more.passthru or { }
          // listToAttrs (
            map (name: {
              inherit name;
              value = withLibraries plain extras;
            }) functions
          );
        }
      );
    in
    own;

  python =
    attribute:
    let
      digits = match "python([0-9])_?([0-9]+)" attribute;
      version = if digits == null then "3.13" else "${elemAt digits 0}.${elemAt digits 1}";
      plain = package attribute "python3" { mainProgram = "python3"; };
    in
    package attribute "python3" {
      mainProgram = "python3";
      passthru = {
        pythonVersion = version;
        sitePackages = "lib/python${version}/site-packages";
        libPrefix = "python${version}";
        executable = "python${version}";
        interpreter = "${plain.outPath}/bin/python3";
        pkgs = pythonLibraries;
        withPackages = withLibraries plain pythonLibraries;
      };
    };

  perl = package "perl" "perl" {
    mainProgram = "perl";
    passthru = {
      libPrefix = "lib/perl5/site_perl";
      pkgs = perlLibraries;
      withPackages = withLibraries (package "perl" "perl" { mainProgram = "perl"; }) perlLibraries;
    };
  };

  # `php84`: its extensions, and the same PHP with other ones.
  php =
    attribute:
    let
      own = withExtras attribute "php" [ "withExtensions" ] {
        mainProgram = "php";
        passthru = {
          extensions = store.mkScope "${attribute}.extensions" { };
          packages = store.mkScope "${attribute}.packages" { };
          buildEnv =
            args:
            own
            // {
              phpIni = args.extraConfig or "";
            };
        };
      };
    in
    own;

  # `postgresql_17`
  postgresql =
    attribute:
    let
      digits = match "postgresql_([0-9]+)(_jit)?" attribute;
      own = withExtras attribute "postgresql" [ "withPackages" ] {
        mainProgram = "postgres";
        passthru = {
          psqlSchema = if digits == null then "9999" else elemAt digits 0;
          withJIT = own;
          withoutJIT = own;
        };
      };
    in
    own;

  kinds = [
    {
      pattern = "python[0-9_]*";
      make = python;
    }
    {
      pattern = "php[0-9]*";
      make = php;
    }
    {
      pattern = "postgresql(_[0-9]+)?(_jit)?";
      make = postgresql;
    }
  ];
in
{
  known = {
    inherit perl;
    python3 = python "python3";
    php = php "php";
    postgresql = postgresql "postgresql";
    postgresql_17 = postgresql "postgresql_17";
    python3Minimal = package "python3Minimal" "python3-minimal" { mainProgram = "python3"; };
    python3Packages = pythonLibraries;
    perlPackages = perlLibraries;
    ruby = package "ruby" "ruby" { mainProgram = "ruby"; };
    nodejs = package "nodejs" "nodejs" { mainProgram = "node"; };
    lua = package "lua" "lua" { mainProgram = "lua"; };
    go = package "go" "go" { mainProgram = "go"; };
    rustc = package "rustc" "rustc" { mainProgram = "rustc"; };
    cargo = package "cargo" "cargo" { mainProgram = "cargo"; };
    jdk = package "jdk" "openjdk" { mainProgram = "java"; };
    emacs = withExtras "emacs" "emacs" [ "emacsWithPackages" "withPackages" ] { mainProgram = "emacs"; };
    imagemagick = package "imagemagick" "imagemagick" { mainProgram = "magick"; };
  };

  # One of a family (`python312`, `php83`, `postgresql_16`), or null.
  ofFamily =
    name:
    let
      mayBe = builtins.elem (builtins.substring 0 3 name) [
        "pyt"
        "php"
        "pos"
      ];
      found = builtins.filter (kind: match kind.pattern name != null) kinds;
    in
    if !mayBe || found == [ ] then null else (builtins.head found).make name;
}
