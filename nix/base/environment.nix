# Packages, variables and shells of the whole system.
{ lib, pkgs, ... }:

let
  inherit (lib) mkOption types;

  variables =
    what:
    mkOption {
      type = types.attrsOf (
        types.nullOr (
          types.oneOf [
            (types.listOf (
              types.oneOf [
                types.int
                types.str
                types.path
              ]
            ))
            types.int
            types.str
            types.path
          ]
        )
      );
      default = { };
      apply = lib.mapAttrs (
        _: value: if lib.isList value then lib.concatMapStringsSep ":" toString value else value
      );
      description = "Environment variables ${what}. A list is joined with colons.";
    };

  shellText =
    when:
    mkOption {
      type = types.lines;
      default = "";
      description = "Shell commands to run ${when}.";
    };
in
{
  options.environment = {
    systemPackages = mkOption {
      type = types.listOf types.package;
      default = [ ];
      description = "Packages that every user has.";
    };
    defaultPackages = mkOption {
      type = types.listOf types.package;
      default = [ ];
      description = "Packages that every user has unless this list is emptied.";
    };
    pathsToLink = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Directories of these packages that are linked into the system's profile.";
    };
    extraOutputsToInstall = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Further outputs of packages to install.";
    };
    variables = variables "for every shell";
    sessionVariables = variables "for every session";
    profiles = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Profiles that make up the search path.";
    };
    shells = mkOption {
      type = types.listOf (types.either types.package types.path);
      default = [ ];
      description = "Shells that users may choose.";
    };
    shellAliases = mkOption {
      type = types.attrsOf (types.nullOr (types.either types.str types.path));
      default = { };
      description = "Abbreviations that all shells know.";
    };
    shellInit = shellText "when a shell starts";
    loginShellInit = shellText "when a login shell starts";
    interactiveShellInit = shellText "when an interactive shell starts";
    extraInit = shellText "when the environment of a shell is set up";
    binsh = mkOption {
      type = types.nullOr types.path;
      default = "${pkgs.bashInteractive}/bin/sh";
      defaultText = "Bash";
      visible = false;
      description = "The shell behind /bin/sh.";
    };
    usrbinenv = mkOption {
      type = types.nullOr types.path;
      default = "${pkgs.coreutils}/bin/env";
      defaultText = "that of coreutils";
      visible = false;
      description = "The program behind /usr/bin/env.";
    };
    extraSetup = shellText "when the packages have been put together";
    wordlist.enable = lib.mkEnableOption "lists of words";
    memoryAllocator.provider = mkOption {
      type = types.enum [
        "libc"
        "graphene-hardened"
        "graphene-hardened-light"
        "jemalloc"
        "mimalloc"
        "scudo"
      ];
      default = "libc";
      description = "The memory allocator of all programs.";
    };
  };

  # What every system links and contains, besides what its modules add.
  config.environment.profiles = [
    "$HOME/.nix-profile"
    "\${XDG_STATE_HOME}/nix/profile"
    "$HOME/.local/state/nix/profile"
    "/etc/profiles/per-user/$USER"
    "/nix/var/nix/profiles/default"
    "/run/current-system/sw"
  ];
  config.environment.extraOutputsToInstall = [
    "man"
    "info"
    "doc"
  ];
  config.environment.pathsToLink = [
    "/etc/dbus-1"
    "/share/dbus-1"
    "/share/nano"
    "/lib/gtk-2.0"
    "/lib/gtk-3.0"
    "/lib/gtk-4.0"
    "/etc/bash_completion.d"
    "/share/bash-completion"
    "/share/man"
    "/share/info"
    "/share/doc"
    "/share/gtk-doc"
    "/share/devhelp"
    "/share/sounds"
    "/share/mime"
    "/share/applications"
    "/share/desktop-directories"
    "/etc/xdg/menus"
    "/etc/xdg/menus/applications-merged"
    "/share/icons"
    "/share/pixmaps"
    "/etc/xdg/autostart"
    "/share/terminfo"
    "/bin"
    "/etc/xdg"
    "/etc/gtk-2.0"
    "/etc/gtk-3.0"
    "/lib"
    "/sbin"
    "/share/emacs"
    "/share/hunspell"
    "/share/org"
    "/share/themes"
    "/share/vulkan"
    "/share/kservices5"
    "/share/kservicetypes5"
    "/share/kxmlgui5"
    "/share/systemd"
    "/share/thumbnailers"
    "/share/metainfo"
    "/share/appdata"
  ];
}
