# Definitions of many kinds, for home-manager.
{ config, lib, pkgs, ... }:
{
  home.username = "alice"; home.homeDirectory = "/home/alice"; home.stateVersion = "25.05";
  programs.git = { enable = true; userName = "Alice"; userEmail = "a@example.org"; aliases.co = "checkout"; extraConfig.core.editor = "vi"; };
  programs.bash = { enable = true; shellAliases = lib.mkMerge [ { ll = "ls -l"; } (lib.mkIf config.programs.git.enable { g = "git"; }) ]; };
  home.sessionVariables = { EDITOR = lib.mkForce "vi"; X = "y"; };
  home.file.".foo".text = "bar";
  xdg.enable = true;
  xdg.configFile."a/b".text = lib.mkIf false "x";
  programs.ssh = { enable = true; matchBlocks."x" = { hostname = "x.example"; user = "me"; }; };
  systemd.user.services.foo = { Unit.Description = "foo"; Service.ExecStart = "true"; };
  home.packages = [ pkgs.hello ];
}
