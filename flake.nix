{
  description = "A Nix evaluator that answers NixOS option questions fast and offline";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      forEach = f: nixpkgs.lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
      packageOf = pkgs: self.packages.${pkgs.stdenv.hostPlatform.system}.default;
    in
    {
      packages = forEach (pkgs: rec {
        nival = pkgs.callPackage ./nix/package.nix { };
        default = nival;
      });

      apps = forEach (pkgs: {
        default = {
          type = "app";
          program = nixpkgs.lib.getExe (packageOf pkgs);
          meta = {
            inherit ((packageOf pkgs).meta) description;
          };
        };
      });

      devShells = forEach (pkgs: {
        default = pkgs.callPackage ./nix/flake/shell.nix { nival = packageOf pkgs; };
      });

      formatter = forEach (pkgs: pkgs.callPackage ./nix/flake/formatter.nix { });

      checks = forEach (pkgs: {
        # Building the package runs the tests.
        tests = packageOf pkgs;
        # The suite that `nix flake init` writes.
        template = self.lib.mkCheck {
          inherit pkgs;
          suite = ./nix/template;
        };
      });

      overlays.default = final: _: { nival = final.callPackage ./nix/package.nix { }; };

      lib.mkCheck = import ./nix/flake/check.nix { inherit self nixpkgs; };

      flakeModules.default = import ./nix/flake/parts-module.nix { inherit (self.lib) mkCheck; };
      flakeModule = self.flakeModules.default;

      templates.default = {
        path = ./nix/template;
        description = "A NixOS module with fixtures, whose option values are checked";
      };
    };
}
