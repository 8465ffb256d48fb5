{ lib, ... }:
{
  options.next = lib.mkOption { default = import ./number.nix; };
  options.home = lib.mkOption { default = builtins.getEnv "HOME"; };
}
