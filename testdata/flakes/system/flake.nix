{
  inputs.lib.url = "github:example/lib";
  outputs =
    { self, lib }:
    let
      option = name: value: {
        _type = "option";
        loc = [ name ];
        isDefined = true;
        type = {
          _type = "option-type";
          name = "anything";
          description = "anything";
        };
        declarations = [ (toString ./flake.nix) ];
        files = [ (toString ./flake.nix) ];
        inherit value;
      };
      configuration = port: {
        options.port = option "port" port;
        options.built = option "built" (import (derivation {
          name = "built";
          system = "x";
          builder = "b";
        }));
        options.input = option "input" lib.x;
        config.port = port;
        config.built = self.nixosConfigurations.host.options.built.value;
        config.input = lib.x;
      };
    in
    {
      nixosConfigurations.host = configuration 80;
      homeConfigurations."me@host" = configuration 81;
      debug = configuration 82;
    };
}
