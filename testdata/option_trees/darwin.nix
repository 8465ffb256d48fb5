# Definitions of many kinds, for nix-darwin.
{ lib, ... }:
{
  system.stateVersion = 5;
  nixpkgs.hostPlatform = "aarch64-darwin";
  environment.variables.EDITOR = lib.mkForce "vi";
  system.defaults.dock.autohide = true;
  system.defaults.NSGlobalDomain.AppleShowAllExtensions = lib.mkDefault true;
  launchd.user.agents.worker = {
    script = "true";
    serviceConfig.KeepAlive = true;
  };
  nix.settings.cores = 2;
  users.users.alice.home = "/Users/alice";
  services.nix-daemon.enable = lib.mkIf false true;
  security.pam.enableSudoTouchIdAuth = true;
  homebrew.enable = true;
  homebrew.brews = [
    "plain"
    { name = "set"; }
  ];
}
