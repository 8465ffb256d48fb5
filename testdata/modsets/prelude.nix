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

  # A declared option of a type.
  opt = type: lib.mkOption { inherit type; };

  # What is worth recording of a type.
  about = type: {
    inherit (type) name description descriptionClass;
    nested = builtins.attrNames type.nestedTypes;
  };
}
