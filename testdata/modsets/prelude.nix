# Names in scope of the expressions of this corpus.
lib:
lib
// lib.types
// {
  inherit (lib) mkMerge;

  # The configuration that modules make.
  eval = modules: (lib.evalModules { inherit modules; }).config;

  # The options that modules declare.
  declared = modules: (lib.evalModules { inherit modules; }).options;

  # The value of the only option, of a type, with some definitions.
  value =
    type: definitions:
    (lib.evalModules {
      modules = [ { options.x = lib.mkOption { inherit type; }; } ] ++ map (x: { inherit x; }) definitions;
    }).config.x;

  # The evaluation of an option of a type with some definitions, as in `value`.
  asked =
    type: definitions:
    lib.evalModules {
      modules = [ { options.x = lib.mkOption { inherit type; }; } ] ++ map (x: { inherit x; }) definitions;
    };

  # The same with several declarations of the option, each with a type.
  askedTwice =
    types: definitions:
    lib.evalModules {
      modules =
        map (type: { options.x = lib.mkOption { inherit type; }; }) types ++ map (x: { inherit x; }) definitions;
    };

  # A derivation that needs nothing.
  drv =
    name:
    derivation {
      inherit name;
      system = "s";
      builder = "/b";
    };

  # A declared option of a type.
  opt = type: lib.mkOption { inherit type; };

  # What is worth recording of a type.
  about = type: {
    inherit (type) name description descriptionClass;
    nested = builtins.attrNames type.nestedTypes;
  };
}
