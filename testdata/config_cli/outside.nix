{ lib, ... }:
let
  motd = /nix/store/ygq37cxkb2zhakz1wn64bxdvc9fzkfzm-motd;
in
{
  options.motd = {
    stored = lib.mkOption { default = builtins.readFile (motd + "/text"); };
    fetched = lib.mkOption { default = builtins.readFile (builtins.fetchurl "https://example.org/?a=b"); };
  };
}
