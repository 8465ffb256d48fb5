# Time zone, languages, keyboard and console.
{ lib, pkgs, ... }:

let
  inherit (lib) mkEnableOption mkOption types;
in
{
  options = {
    time = {
      timeZone = mkOption {
        type = types.nullOr (types.addCheck types.str (zone: builtins.match ".*[[:space:]].*" zone == null) // { description = "string without spaces"; });
        default = null;
        example = "Europe/Vienna";
        description = "The time zone; `null` lets it be set while the system runs.";
      };
      hardwareClockInLocalTime = mkEnableOption "a hardware clock that shows local time";
    };

    i18n = {
      defaultLocale = mkOption {
        type = types.str;
        default = "en_US.UTF-8";
        description = "The locale unless users choose another.";
      };
      extraLocaleSettings = mkOption {
        type = types.attrsOf types.str;
        default = { };
        example = {
          LC_TIME = "de_AT.UTF-8";
        };
        description = "Other locales for single categories.";
      };
      glibcLocales = mkOption {
        type = types.nullOr types.path;
        default = pkgs.glibcLocales;
        defaultText = lib.literalExpression "pkgs.glibcLocales";
        description = "The package of locales.";
      };
      supportedLocales = mkOption {
        type = types.listOf types.str;
        default = [
          "C.UTF-8/UTF-8"
          "en_US.UTF-8/UTF-8"
        ];
        description = "Locales to install.";
      };
    };

    console = {
      enable = mkEnableOption "virtual consoles" // {
        default = true;
      };
      keyMap = mkOption {
        type = types.either types.str types.path;
        default = "us";
        description = "The keyboard's layout.";
      };
      font = mkOption {
        type = types.nullOr (types.either types.str types.path);
        default = null;
        description = "The console's font; `null` for the kernel's own.";
      };
      colors = mkOption {
        type = types.listOf (types.strMatching "[[:xdigit:]]{6}");
        default = [ ];
        description = "Sixteen colours, as hexadecimal numbers.";
      };
      earlySetup = mkEnableOption "setting up the console in the initial ramdisk";
      useXkbConfig = mkEnableOption "the graphical session's keyboard layout";
      packages = mkOption {
        type = types.listOf types.package;
        default = [ ];
        description = "Packages with further fonts and layouts.";
      };
    };

    fonts.packages = mkOption {
      type = types.listOf types.path;
      default = [ ];
      description = "Fonts of the graphical session.";
    };
  };
}
