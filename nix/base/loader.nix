# Boot loaders: the options of the common ones, which other modules read.
{
  config,
  lib,
  ...
}:

let
  inherit (lib) mkEnableOption mkOption types;

  limit =
    type: default:
    mkOption {
      inherit type default;
      description = "How many generations the menu offers.";
    };
in
{
  options.boot.loader = {
    timeout = mkOption {
      type = types.nullOr types.int;
      default = 5;
      description = "Seconds until the default entry is started; `null` waits for ever.";
    };
    supportsInitrdSecrets = mkOption {
      type = types.bool;
      default = config.boot.loader.systemd-boot.enable || config.boot.loader.grub.enable;
      defaultText = "whether systemd-boot or GRUB is enabled";
      internal = true;
      description = "Whether the boot loader can append secrets to the initial ramdisk.";
    };
    initScript.enable = mkEnableOption "a plain /sbin/init instead of a boot loader";
    external = {
      enable = mkEnableOption "a boot loader that is installed by a program of yours";
      installHook = mkOption {
        type = types.nullOr types.path;
        default = null;
        description = "That program; it is given the system's path.";
      };
    };

    efi = {
      canTouchEfiVariables = mkEnableOption "changing the firmware's boot variables";
      efiSysMountPoint = mkOption {
        type = types.str;
        default = "/boot";
        description = "Where the EFI system partition is mounted.";
      };
    };

    systemd-boot = {
      enable = mkEnableOption "systemd-boot";
      editor = mkOption {
        type = types.bool;
        default = true;
        description = "Whether the kernel command line can be edited in the menu.";
      };
      consoleMode = mkOption {
        type = types.enum [
          "0"
          "1"
          "2"
          "5"
          "auto"
          "max"
          "keep"
        ];
        default = "keep";
        description = "The console's resolution.";
      };
      configurationLimit = limit (types.nullOr types.int) null;
      memtest86.enable = mkEnableOption "an entry for Memtest86+";
    };

    grub = {
      enable = mkOption {
        type = types.bool;
        default = !config.boot.isContainer && !config.boot.loader.systemd-boot.enable;
        defaultText = "unless this is a container or systemd-boot is enabled";
        description = "Whether to boot with GRUB.";
      };
      device = mkOption {
        type = types.str;
        default = "";
        example = "/dev/disk/by-id/wwn-0x500001234567890a";
        description = "The disk that GRUB is installed on, or `nodev`.";
      };
      devices = mkOption {
        type = types.listOf types.str;
        default = [ ];
        description = "Several such disks.";
      };
      efiSupport = mkEnableOption "GRUB for EFI";
      efiInstallAsRemovable = mkEnableOption "installing at the place where firmware looks by itself";
      useOSProber = mkEnableOption "menu entries for other systems";
      splashImage = mkOption {
        type = types.nullOr types.path;
        default = null;
        description = "The menu's background.";
      };
      extraConfig = mkOption {
        type = types.lines;
        default = "";
        description = "Text to put into the configuration file.";
      };
      configurationLimit = limit types.int 100;
      configurationName = mkOption {
        type = types.str;
        default = "";
        description = "How the menu calls this system.";
      };
    };

    generic-extlinux-compatible = {
      enable = mkEnableOption "a menu as U-Boot reads it";
      configurationLimit = limit types.int 20;
    };
  };
}
