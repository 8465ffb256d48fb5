# Definitions of many kinds, for home-manager.
{
  config,
  lib,
  pkgs,
  ...
}:
{
  home.username = "alice";
  home.homeDirectory = "/home/alice";
  home.stateVersion = "25.05";
  home.sessionVariables = {
    EDITOR = lib.mkForce "vi";
    OTHER = "y";
  };
  home.file.".words".text = "words";
  home.packages = [ pkgs.hello ];

  # Some of these are old names.
  programs.git = {
    enable = true;
    userName = "Alice";
    userEmail = "a@example.org";
    aliases.co = "checkout";
    extraConfig.core.editor = "vi";
  };
  programs.bash = {
    enable = true;
    shellAliases = lib.mkMerge [
      { ll = "ls -l"; }
      (lib.mkIf config.programs.git.enable { g = "git"; })
    ];
  };
  programs.ssh = {
    enable = true;
    matchBlocks.host = {
      hostname = "host.example.org";
      user = "me";
    };
  };
  xdg.enable = true;
  xdg.configFile."a/b".text = lib.mkIf false "off";
  systemd.user.services.worker = {
    Unit.Description = "A worker";
    Service.ExecStart = "true";
  };
}
