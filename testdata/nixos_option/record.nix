# What the nixos-option of nixpkgs 26.11 prints for the configuration in nixos/; `nixpkgs` is its folder:
#
#   nix-instantiate --eval --json --arg nixpkgs PATH --argstr path web.enable --arg recursive false record.nix | jq -r
{
  nixpkgs,
  path,
  recursive,
}:
import (nixpkgs + "/pkgs/by-name/ni/nixos-option/nixos-option.nix") {
  nixos = import ./nixos { } // {
    pkgs.lib = import (nixpkgs + "/lib");
  };
  inherit path recursive;
}
