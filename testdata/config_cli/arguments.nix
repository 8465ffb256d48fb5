{ lib, host, n, modulesPath, utils ? null, ... }:
{
  imports = [ (modulesPath + "/profiles/qemu-guest.nix") ];
  options.host = lib.mkOption { default = "${host} ${toString (n + 1)}"; };
}
