# Programs whose options other modules read or set.
{ lib, pkgs, ... }:

let
  inherit (lib) mkEnableOption mkOption types;

  text =
    when:
    mkOption {
      type = types.lines;
      default = "";
      description = "Commands to run ${when}.";
    };
in
{
  options.programs = {
    bash = {
      enable = mkEnableOption "Bash" // {
        default = true;
      };
      completion.enable = mkEnableOption "completion of commands" // {
        default = true;
      };
      shellAliases = mkOption {
        type = types.attrsOf (types.nullOr (types.either types.str types.path));
        default = { };
        description = "Abbreviations.";
      };
      shellInit = text "when a shell starts";
      loginShellInit = text "when a login shell starts";
      interactiveShellInit = text "when an interactive shell starts";
    };
    zsh = {
      enable = mkEnableOption "Zsh";
      shellInit = text "when a shell starts";
      loginShellInit = text "when a login shell starts";
      interactiveShellInit = text "when an interactive shell starts";
    };
    fish = {
      enable = mkEnableOption "fish";
      shellInit = text "when a shell starts";
      loginShellInit = text "when a login shell starts";
      interactiveShellInit = text "when an interactive shell starts";
    };
    command-not-found.enable = mkEnableOption "hints on which package has a missing command";
    dconf.enable = mkEnableOption "dconf";
    firefox.enable = mkEnableOption "Firefox";
    fuse.userAllowOther = mkEnableOption "mounts that users share";
    git = {
      enable = mkEnableOption "Git";
      config = mkOption {
        type = types.attrsOf (types.attrsOf types.anything);
        default = { };
        description = "Git's configuration for all users.";
      };
    };
    gnupg.agent = {
      enable = mkEnableOption "GnuPG's agent";
      enableSSHSupport = mkEnableOption "SSH keys in it";
    };
    less.enable = mkEnableOption "less";
    nano.enable = mkEnableOption "nano" // {
      default = true;
    };
    nix-ld.enable = mkEnableOption "foreign dynamic programs";
    ssh = {
      package = lib.mkPackageOption pkgs "openssh" { };
      startAgent = mkEnableOption "an agent for SSH keys";
      extraConfig = mkOption {
        type = types.lines;
        default = "";
        description = "Text for the client's configuration.";
      };
      knownHosts = mkOption {
        type = types.attrsOf (
          types.submodule (
            { name, ... }:
            {
              options = {
                hostNames = mkOption {
                  type = types.listOf types.str;
                  default = [ name ];
                  defaultText = "the attribute's name";
                  description = "Names and addresses of the host.";
                };
                publicKey = mkOption {
                  type = types.nullOr types.str;
                  default = null;
                  description = "Its key.";
                };
              };
            }
          )
        );
        default = { };
        description = "Keys of other hosts.";
      };
    };
    sway.enable = mkEnableOption "Sway";
    tmux.enable = mkEnableOption "tmux";
    vim.enable = mkEnableOption "Vim";
  };

  config.programs.less.enable = lib.mkDefault true;
}
