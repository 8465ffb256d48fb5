# Definitions of many kinds, for nix-darwin.
{ config, lib, pkgs, ... }:
{
  system.stateVersion = 5; nixpkgs.hostPlatform = "aarch64-darwin";
  environment.variables.EDITOR = lib.mkForce "vi";
  system.defaults.dock.autohide = true;
  system.defaults.NSGlobalDomain.AppleShowAllExtensions = lib.mkDefault true;
  launchd.user.agents.foo = { script = "true"; serviceConfig.KeepAlive = true; };
  nix.settings.cores = 2;
  users.users.alice = { home = "/Users/alice"; };
  services.nix-daemon.enable = lib.mkIf false true;
  security.pam.enableSudoTouchIdAuth = true;
  homebrew = { enable = true; brews = [ "a" ({ name = "b"; }) ]; };
}
