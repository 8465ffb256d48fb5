# Graphical sessions: the options that services and hardware modules use.
{
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkEnableOption types;
  inherit (import ./short.nix { inherit lib; })
    flag
    lines
    maybe
    names
    option
    package
    ;
in
{
  options.services = {
    displayManager = {
      enable = mkEnableOption "a display manager";
      autoLogin = option (types.submodule (
        { config, ... }:
        {
          options = {
            enable = flag (config.user != null) "Whether somebody is logged in without asking." // {
              defaultText = lib.literalExpression "config.user != null";
            };
            user = maybe types.str "Who.";
          };
        }
      )) { } "Who is logged in without asking.";
      defaultSession = maybe types.str "The session that is offered first.";
      sessionPackages = option (types.listOf types.package) [ ] "Packages with sessions.";
      environment = option (types.attrsOf types.unspecified) { } "Environment variables of the display manager.";
      execCmd = maybe types.str "The command that starts it.";
      preStart = lines "Shell commands to run before it starts.";
    };
    desktopManager = {
      gnome.enable = mkEnableOption "GNOME";
      plasma6.enable = mkEnableOption "Plasma";
    };
    gnome = {
      gnome-keyring.enable = mkEnableOption "the keyring of GNOME";
      at-spi2-core.enable = mkEnableOption "help for people who see or move otherwise";
      glib-networking.enable = mkEnableOption "encryption for programs of GNOME";
    };
    pulseaudio = {
      enable = mkEnableOption "PulseAudio";
      systemWide = flag false "Whether it is one for all users.";
      package = package pkgs.pulseaudio "Which PulseAudio.";
    };
    accounts-daemon.enable = mkEnableOption "facts about users for graphical sessions";
    flatpak.enable = mkEnableOption "Flatpak";
    geoclue2.enable = mkEnableOption "finding out where this is";
    udisks2.enable = mkEnableOption "disks for users";
  };
  options.xdg = {
    portal = {
      enable = mkEnableOption "portals of desktops";
      extraPortals = option (types.listOf types.package) [ ] "Packages with portals.";
    };
    mime.enable = flag true "Whether kinds of files are known.";
    icons.enable = flag true "Whether icons are installed.";
    autostart.enable = flag true "Whether programs are started with a session.";
    menus.enable = flag true "Whether menus are installed.";
    sounds.enable = flag true "Whether sounds are installed.";
  };
  options.fonts = {
    fontDir.enable = mkEnableOption "a folder with all fonts";
    enableDefaultPackages = flag false "Whether the usual fonts are installed.";
    fontconfig = {
      enable = flag true "Whether fonts are found by their properties.";
      cache32Bit = flag false "Whether 32-bit programs have a cache of fonts.";
      antialias = flag true "Whether edges are smoothed.";
      hinting = {
        enable = flag true "Whether shapes are fitted to pixels.";
        autohint = flag false "Whether that is done without the font's own hints.";
        style = option (types.enum [
          "none"
          "slight"
          "medium"
          "full"
        ]) "slight" "How much they are fitted.";
      };
      subpixel = {
        rgba = option (types.enum [
          "rgb"
          "bgr"
          "vrgb"
          "vbgr"
          "none"
        ]) "none" "In which order a pixel's colours are.";
        lcdfilter = option (types.enum [
          "none"
          "default"
          "light"
          "legacy"
        ]) "default" "How fringes of colour are kept down.";
      };
      defaultFonts = {
        monospace = option (types.listOf types.str) [ "DejaVu Sans Mono" ] "Fonts whose letters are equally wide.";
        sansSerif = option (types.listOf types.str) [ "DejaVu Sans" ] "Fonts without serifs.";
        serif = option (types.listOf types.str) [ "DejaVu Serif" ] "Fonts with serifs.";
        emoji = option (types.listOf types.str) [ "Noto Color Emoji" ] "Fonts with pictures.";
      };
    };
  };
  options.i18n.inputMethod = {
    enable = flag false "Whether there is a way to write other scripts.";
    type = maybe (types.enum [
      "ibus"
      "fcitx5"
      "nabi"
      "uim"
      "hime"
      "kime"
    ]) "Which one.";
  };
  options.programs = {
    dconf.packages = option (types.listOf types.package) [ ] "Packages with profiles of dconf.";
    xwayland.enable = mkEnableOption "programs for X in a Wayland session";
    nm-applet.enable = mkEnableOption "an applet for NetworkManager";
  };
  options.location = {
    provider = option (types.enum [
      "manual"
      "geoclue2"
    ]) "manual" "How it is found out where this is.";
  };
}
