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
      forEach = f: nixpkgs.lib.genAttrs systems (system: f system nixpkgs.legacyPackages.${system});
    in
    {
      packages = forEach (
        _: pkgs: {
          default = pkgs.callPackage ./nix/package.nix { };
        }
      );

      apps = forEach (
        system: _: {
          default = {
            type = "app";
            program = nixpkgs.lib.getExe self.packages.${system}.default;
            meta = {
              inherit (self.packages.${system}.default.meta) description;
            };
          };
        }
      );
    };
}
