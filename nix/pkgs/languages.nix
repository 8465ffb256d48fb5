# Language runtimes, which carry functions and sets of further packages.
{ store }:

let
  package = pname: version: more: store.mkPackage ({ inherit pname version; } // more);

  # A set of libraries, by name; each is called prefix-name.
  libraries =
    prefix: versions:
    builtins.mapAttrs (name: version: package "${prefix}-${name}" version { }) versions;

  pythonLibraries = libraries "python3.13" {
    click = "8.3.1";
    jinja2 = "3.1.6";
    pyyaml = "6.0.3";
    requests = "2.32.5";
    systemd-python = "235";
  };
  perlLibraries = libraries "perl5.42.0" {
    ConfigIniFiles = "3.000003";
    FileSlurp = "9999.32";
    JSON = "4.10";
  };

  # An interpreter along with the libraries that `choose` picks.
  withLibraries =
    interpreter: available: choose:
    let
      chosen = choose available;
    in
    store.mkPackage {
      name = "${interpreter.name}-env";
      seed = toString ([ interpreter ] ++ chosen);
      inherit (interpreter.meta) mainProgram;
      paths = chosen;
    };

  python3 = package "python3" "3.13.11" {
    mainProgram = "python3";
    passthru = {
      pythonVersion = "3.13";
      sitePackages = "lib/python3.13/site-packages";
      interpreter = "${python3.outPath}/bin/python3";
      pkgs = pythonLibraries;
      withPackages = withLibraries python3 pythonLibraries;
    };
  };
  perl = package "perl" "5.42.0" {
    mainProgram = "perl";
    passthru = {
      pkgs = perlLibraries;
      withPackages = withLibraries perl perlLibraries;
    };
  };
in
{
  inherit python3 perl;
  python3Minimal = package "python3-minimal" "3.13.11" { mainProgram = "python3"; };
  python3Packages = pythonLibraries;
  perlPackages = perlLibraries;
  ruby = package "ruby" "3.4.8" { mainProgram = "ruby"; };
  nodejs = package "nodejs" "24.12.0" { mainProgram = "node"; };
  lua = package "lua" "5.2.4" { mainProgram = "lua"; };
  go = package "go" "1.25.5" { mainProgram = "go"; };
  rustc = package "rustc" "1.92.0" { mainProgram = "rustc"; };
  cargo = package "cargo" "1.92.0" { mainProgram = "cargo"; };
  jdk = package "openjdk" "21.0.9+10" { mainProgram = "java"; };
}
