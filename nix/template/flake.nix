{
  description = "A NixOS module whose option values are checked";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    # The flake that this template comes from. `nix registry add nival URL` says where it is, or write the URL here.
    nival.url = "flake:nival";
    nival.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs =
    {
      self,
      nixpkgs,
      nival,
    }:
    let
      forEach = nixpkgs.lib.genAttrs [
        "x86_64-linux"
        "aarch64-linux"
      ];
    in
    {
      nixosModules.default = ./module.nix;

      # `nix flake check` compares the fixtures with their snapshots. `nival check --accept` records new ones.
      checks = forEach (system: {
        options = nival.lib.mkCheck {
          pkgs = nixpkgs.legacyPackages.${system};
          suite = self;
        };
      });
    };
}
