# Boot options, except those of the kernel module, the initial ramdisk and the boot loader.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkEnableOption mkOption types;
  sysctlValue = types.nullOr (
    types.oneOf [
      types.bool
      types.int
      types.str
    ]
  );
in
{
  options.boot = {
    isContainer = mkOption {
      type = types.bool;
      default = false;
      description = "Whether this system is a container, which has neither a kernel nor a boot loader of its own.";
    };

    kernel.enable = mkOption {
      type = types.bool;
      default = !config.boot.isContainer;
      defaultText = lib.literalExpression "!config.boot.isContainer";
      description = "Whether the system comes with a kernel.";
    };
    kernel.features = mkOption {
      type = types.unspecified;
      default = { };
      internal = true;
      description = "Features asked of the kernel, for modules to look at.";
    };
    kernel.randstructSeed = mkOption {
      type = types.str;
      default = "";
      description = "Seed for the layout of kernel structures, where the kernel can shuffle them.";
    };
    kernel.sysctl = mkOption {
      type = types.attrsOf sysctlValue;
      default = { };
      example = {
        "vm.swappiness" = 10;
        "net.ipv4.ip_forward" = true;
      };
      description = "Kernel settings to make at boot. A setting that is `null` is left alone.";
    };

    kernelPatches = mkOption {
      type = types.listOf types.attrs;
      default = [ ];
      description = "Patches to apply to the kernel's source.";
    };
    blacklistedKernelModules = mkOption {
      # A list of names, or a set that switches names on and off; a list becomes such a set.
      type = types.coercedTo (types.listOf types.str) (names: lib.genAttrs names (_: true)) (
        types.attrsOf types.bool
      );
      default = { };
      apply = names: lib.attrNames (lib.filterAttrs (_: on: on) names);
      example = [ "pcspkr" ];
      description = "Kernel modules that the hardware may not load by itself.";
    };
    extraModprobeConfig = mkOption {
      type = types.lines;
      default = "";
      example = "options snd_hda_intel power_save=1";
      description = "Text for modprobe's configuration: parameters of modules, aliases and the like.";
    };
    modprobeConfig.enable = mkEnableOption "the configuration of modprobe" // {
      default = true;
    };

    supportedFilesystems = mkOption {
      # A list of names, or a set that switches names on and off; a list becomes such a set.
      type = types.coercedTo (types.listOf types.str) (
        names: lib.genAttrs names (_: true)
      ) (types.attrsOf types.bool);
      default = { };
      example = [ "btrfs" ];
      description = "File systems that the running system can mount.";
    };
    resumeDevice = mkOption {
      type = types.str;
      default = "";
      example = "/dev/disk/by-label/swap";
      description = "The device that a hibernated system is resumed from; empty to try all swap devices.";
    };
    growPartition = mkEnableOption "growing the root partition at boot";
    hardwareScan = mkOption {
      type = types.bool;
      default = true;
      description = "Whether to load modules for the devices found at boot.";
    };
    devShmSize = mkOption {
      type = types.str;
      default = "50%";
      description = "Size limit of /dev/shm, as tmpfs takes it.";
    };
    runSize = mkOption {
      type = types.str;
      default = "25%";
      description = "Size limit of /run, as tmpfs takes it.";
    };
    postBootCommands = mkOption {
      type = types.lines;
      default = "";
      description = "Shell commands to run before systemd starts.";
    };
    extraSystemdUnitPaths = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Further directories with units.";
    };

    tmp = {
      useTmpfs = mkEnableOption "a tmpfs on /tmp";
      tmpfsSize = mkOption {
        type = types.oneOf [
          types.str
          types.ints.positive
        ];
        default = "50%";
        description = "Size limit of a tmpfs on /tmp.";
      };
      cleanOnBoot = mkEnableOption "emptying /tmp at boot";
    };

    plymouth = {
      enable = mkEnableOption "a splash screen while booting";
      theme = mkOption {
        type = types.str;
        default = "bgrt";
        description = "The splash screen's theme.";
      };
    };
    swraid.enable = mkEnableOption "software RAID";
    binfmt.emulatedSystems = mkOption {
      type = types.listOf types.str;
      default = [ ];
      example = [ "aarch64-linux" ];
      description = "Systems whose programs are run by an emulator.";
    };
    enableContainers = mkOption {
      type = types.bool;
      default = config.containers != { };
      defaultText = lib.literalExpression "config.containers != { }";
      description = "Whether this system can run NixOS containers.";
    };
    bootspec.extensions = mkOption {
      type = types.attrsOf types.anything;
      default = { };
      description = "Further facts for boot loaders.";
    };
    bootspec.enable = mkEnableOption "a description of the boot files for boot loaders" // {
      default = true;
      internal = true;
    };
    zfs.enabled = mkOption {
      type = types.bool;
      default = config.boot.supportedFilesystems.zfs or false || config.boot.initrd.supportedFilesystems.zfs or false;
      defaultText = "whether ZFS is among the file systems";
      readOnly = true;
      description = "Whether ZFS is used.";
    };
    zfs.package = mkOption {
      type = types.package;
      default = pkgs.zfs;
      defaultText = lib.literalExpression "pkgs.zfs";
      description = "The user-space part of ZFS.";
    };
  };
}
