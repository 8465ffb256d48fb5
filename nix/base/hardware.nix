# Firmware, microcode and other hardware options.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkEnableOption mkOption types;
in
{
  options.hardware = {
    firmware = mkOption {
      # Today's nixpkgs takes only packages; modules of 2013 give directories.
      type = types.listOf types.path;
      default = [ ];
      description = "Packages or directories with firmware files. Earlier ones win.";
    };
    firmwareCompression = mkOption {
      type = types.enum [
        "xz"
        "zstd"
        "none"
      ];
      default = "zstd";
      defaultText = "what the kernel can read";
      description = "How firmware is compressed.";
    };
    enableAllFirmware = mkEnableOption "all firmware, redistributable or not";
    enableRedistributableFirmware = mkOption {
      type = types.bool;
      default = config.hardware.enableAllFirmware;
      defaultText = lib.literalExpression "config.hardware.enableAllFirmware";
      description = "Whether to include firmware that is not free, but may be passed on.";
    };
    wirelessRegulatoryDatabase = mkEnableOption "the database of radio rules";

    cpu.intel.updateMicrocode = mkEnableOption "microcode for Intel processors";
    cpu.amd.updateMicrocode = mkEnableOption "microcode for AMD processors";

    graphics = {
      enable = mkEnableOption "accelerated graphics";
      enable32Bit = mkEnableOption "accelerated graphics for 32-bit programs";
      extraPackages = mkOption {
        type = types.listOf types.package;
        default = [ ];
        description = "Further drivers.";
      };
    };
    bluetooth = {
      enable = mkEnableOption "Bluetooth";
      powerOnBoot = mkOption {
        type = types.bool;
        default = true;
        description = "Whether adapters are switched on at boot.";
      };
    };
    nvidia.modesetting.enable = mkEnableOption "mode setting by NVIDIA's driver";
    deviceTree = {
      enable = mkEnableOption "a device tree";
      package = mkOption {
        type = types.nullOr types.path;
        default = null;
        description = "The files of device trees.";
      };
      name = mkOption {
        type = types.nullOr types.str;
        default = null;
        description = "File name of the device tree.";
      };
    };
    facter = {
      enable = mkEnableOption "what a report says of the hardware" // {
        default = config.hardware.facter.report != { };
        defaultText = "whether there is a report";
      };
      report = mkOption {
        type = types.attrsOf types.anything;
        default = { };
        description = "A report about the hardware.";
      };
    };
    nvidia.package = mkOption {
      type = types.package;
      default = pkgs.linuxPackages.nvidiaPackages.stable;
      defaultText = "the kernel's";
      description = "Which of NVIDIA's drivers.";
    };
    sane.enable = mkEnableOption "scanners";
    steam-hardware.enable = mkEnableOption "Steam's devices";
    cpu.x86.msr.enable = mkEnableOption "access to the processor's registers";
    amdgpu.initrd.enable = mkEnableOption "AMD's graphics driver in the initial ramdisk";
    uinput.enable = mkEnableOption "user-space input devices";
    i2c.enable = mkEnableOption "access to I²C buses";
    rasdaemon.enable = mkEnableOption "logging of memory errors";
    sensor.iio.enable = mkEnableOption "sensors of tablets and laptops";
  };

  options.powerManagement = {
    enable = mkOption {
      type = types.bool;
      default = true;
      description = "Whether to save power, and to hook into suspending and resuming.";
    };
    cpuFreqGovernor = mkOption {
      type = types.nullOr types.str;
      default = null;
      example = "powersave";
      description = "How the processor's speed is chosen.";
    };
    powertop.enable = mkEnableOption "tuning by powertop at boot";
    resumeCommands = mkOption {
      type = types.lines;
      default = "";
      description = "Shell commands to run after resuming.";
    };
    powerDownCommands = mkOption {
      type = types.lines;
      default = "";
      description = "Shell commands to run before suspending or shutting down.";
    };
  };

  config.hardware = lib.mkMerge [
    (lib.mkIf config.hardware.enableRedistributableFirmware {
      firmware = [ pkgs.linux-firmware ];
      wirelessRegulatoryDatabase = lib.mkDefault true;
    })
    (lib.mkIf config.hardware.wirelessRegulatoryDatabase { firmware = [ pkgs.wireless-regdb ]; })
  ];
}
