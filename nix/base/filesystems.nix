# File systems and swap.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkEnableOption mkOption types;
  utils = import ../utils { inherit config lib pkgs; };
  systemConfig = config;

  fileSystem =
    { name, config, ... }:
    {
      options = {
        mountPoint = mkOption {
          type = types.str;
          default = name;
          defaultText = "the attribute's name";
          description = "Where it is mounted.";
        };
        device = mkOption {
          type = types.nullOr types.str;
          default = null;
          example = "/dev/sda";
          description = "The device.";
        };
        label = mkOption {
          type = types.nullOr types.str;
          default = null;
          description = "The label of the device, instead of its path.";
        };
        fsType = mkOption {
          type = types.str;
          default = "auto";
          example = "ext4";
          description = "Type of the file system.";
        };
        options = mkOption {
          type = types.listOf types.str;
          default = [ "defaults" ];
          example = [ "noatime" ];
          description = "Options to mount it with.";
        };
        neededForBoot = mkEnableOption "mounting it in the initial ramdisk";
        autoFormat = mkEnableOption "making the file system if the device is empty";
        autoResize = mkEnableOption "growing it to the size of its device";
        noCheck = mkEnableOption "leaving it unchecked";
        depends = mkOption {
          type = types.listOf types.str;
          default = [ ];
          description = "Mount points to mount before it.";
        };
        encrypted = {
          enable = mkEnableOption "opening an encrypted device before mounting";
          blkDev = mkOption {
            type = types.nullOr types.str;
            default = null;
            description = "The encrypted device.";
          };
          label = mkOption {
            type = types.nullOr types.str;
            default = null;
            description = "Name of the opened device.";
          };
        };
      };
      config.device = lib.mkIf (config.label != null) (lib.mkDefault "/dev/disk/by-label/${config.label}");
      config.options =
        let
          inInitrd = utils.fsNeededForBoot config;
          ordered = !inInitrd || systemConfig.boot.initrd.systemd.enable;
          root = lib.optionalString inInitrd "/sysroot";
        in
        lib.mkMerge [
          (lib.mkIf config.autoResize [ "x-systemd.growfs" ])
          (lib.mkIf config.autoFormat [ "x-systemd.makefs" ])
          (lib.mkIf inInitrd [ "x-initrd.mount" ])
          (lib.mkIf (config.depends != [ ] && ordered) (
            map (path: "x-systemd.requires-mounts-for=${root}${path}") config.depends
          ))
        ];
    };

  swapDevice =
    { config, ... }:
    {
      options = {
        device = mkOption {
          type = types.str;
          description = "The device or file.";
        };
        label = mkOption {
          type = types.nullOr types.str;
          default = null;
          description = "The label of the device, instead of its path.";
        };
        size = mkOption {
          type = types.nullOr types.ints.positive;
          default = null;
          example = 2048;
          description = "Size in MiB of a swap file that is made if missing.";
        };
        priority = mkOption {
          type = types.nullOr (types.ints.between (-1) 32767);
          default = null;
          description = "Devices of higher priority are used first.";
        };
        options = mkOption {
          type = types.listOf types.str;
          default = [ "defaults" ];
          description = "Options to swap with.";
        };
        discardPolicy = mkOption {
          type = types.nullOr (
            types.enum [
              "once"
              "pages"
              "both"
            ]
          );
          default = null;
          description = "Which unused blocks the device is told of.";
        };
        randomEncryption = {
          enable = mkEnableOption "a new key at each boot";
          cipher = mkOption {
            type = types.str;
            default = "aes-xts-plain64";
            description = "The cipher to encrypt with.";
          };
        };
      };
      config.device = lib.mkIf (config.label != null) (lib.mkDefault "/dev/disk/by-label/${config.label}");
    };
in
{
  options = {
    fileSystems = mkOption {
      type = types.attrsOf (types.submodule fileSystem);
      default = { };
      example = {
        "/".device = "/dev/sda1";
      };
      description = "File systems to mount, by mount point.";
    };
    swapDevices = mkOption {
      type = types.listOf (types.submodule swapDevice);
      default = [ ];
      description = "Devices and files to swap to.";
    };
  };
}
