# Our own restatement of the kernel module of 2013: the same options, types, defaults and logic, in the same style.
{ config, pkgs, ... }:

with pkgs.lib;

let

  kernel = config.boot.kernelPackages.kernel;

  # One module a line, as systemd-modules-load reads it.
  modulesFile = pkgs.writeText "nixos.conf" ''
    ${concatStringsSep "\n" config.boot.kernelModules}
  '';

  # A demand on an option of the kernel's build configuration: how to ask whether
  # it is met, what to say if not, and the setting that would meet it.
  demand = ask: wanted: setting: option: {
    assertion = config: ask config option;
    message = "CONFIG_${option} is not ${wanted}!";
    configLine = "CONFIG_${option}=${setting}";
  };

in

{

  options = {

    boot.kernelPackages = mkOption {
      default = pkgs.linuxPackages;
      # As text only, since a manual need not evaluate every package of the set.
      defaultText = "pkgs.linuxPackages";
      example = literalExample "pkgs.linuxPackages_6_12";
      description = ''
        The kernel, in a set with the packages that are built for it: at least
        <varname>kernel</varname>, and whatever else the configuration asks for,
        such as <varname>nvidia_x11</varname> for the graphics driver of that
        name. Choosing another set changes all of them together.
      '';
    };

    boot.kernelParams = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "What the kernel's command line says.";
    };

    boot.consoleLogLevel = mkOption {
      type = types.int;
      default = 4;
      description = ''
        How urgent a message of the kernel must be to reach the console: its
        level has to be below this number.
      '';
    };

    boot.vesa = mkOption {
      type = types.bool;
      default = false;
      description = "Whether the console boots in a VESA graphics mode.";
    };

    boot.extraModulePackages = mkOption {
      type = types.listOf types.path;
      default = [ ];
      example = literalExample "[ pkgs.linuxPackages.v4l2loopback ]";
      description = "Packages with modules that the kernel itself does not have.";
    };

    boot.kernelModules = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = ''
        Modules to load once the root file system is mounted. What is needed to
        get there belongs into
        <option>boot.initrd.availableKernelModules</option> or
        <option>boot.initrd.kernelModules</option>.
      '';
    };

    boot.initrd.availableKernelModules = mkOption {
      type = types.listOf types.str;
      default = [ ];
      example = [ "nvme" "btrfs" ];
      description = ''
        Modules to put into the initial ramdisk, along with all that they depend
        on: drivers of the root device, and of its file system. They are loaded
        when something asks for them, a device that is found or a file system
        that is mounted. To load one in any case name it in
        <option>boot.initrd.kernelModules</option>.
      '';
    };

    boot.initrd.kernelModules = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Modules that the initial ramdisk loads in any case.";
    };

    system.modulesTree = mkOption {
      type = types.listOf types.path;
      internal = true;
      default = [ ];
      description = ''
        The kernel's modules and those of other packages. They are given as a
        list and become one tree, for modprobe reads a single directory.
      '';
      apply = pkgs.aggregateModules;
    };

    system.requiredKernelConfig = mkOption {
      default = [ ];
      example = literalExample ''
        with config.lib.kernelConfig; [ (isYes "MODULES") (isEnabled "EFI_STUB") ]
      '';
      internal = true;
      type = types.listOf types.attrs;
      description = ''
        What modules demand of the kernel's build configuration. The functions
        of <literal>lib.kernelConfig</literal> make the elements.
      '';
    };

  };

  # A container shares the kernel of its host and sets nothing of this.
  config = mkIf (!config.boot.isContainer) {

    system.build = { inherit kernel; };

    system.modulesTree = [ kernel ] ++ config.boot.extraModulePackages;

    # The log level is set twice: on the command line for early messages, and
    # by sysctl, so that a change needs no reboot.
    boot.kernelParams =
      [ "loglevel=${toString config.boot.consoleLogLevel}" ]
      ++ optionals config.boot.vesa [ "vga=0x317" ];

    boot.kernel.sysctl."kernel.printk" = config.boot.consoleLogLevel;

    boot.kernelModules = [ "loop" ];

    boot.initrd.availableKernelModules = [
      # Serial and parallel ATA.
      "ahci"
      "sata_nv"
      "sata_via"
      "sata_sis"
      "sata_uli"
      "ata_piix"
      "pata_marvell"

      # SCSI disks and drives.
      "sd_mod"
      "sr_mod"

      # IDE.
      "ide_cd"
      "ide_disk"
      "ide_generic"

      # USB keyboards, for typing when booting went wrong.
      "uhci_hcd"
      "ehci_hcd"
      "ehci_pci"
      "ohci_hcd"
      "xhci_hcd"
      "usbhid"
      "hid_generic"

      # udev talks over Unix sockets.
      "unix"

      # Mice and keyboards of the PS/2 kind.
      "pcips2"
      "xtkbd"

      # Lets the boot wait until SCSI devices are there.
      "scsi_wait_scan"
    ];

    # The device mapper, which logical volumes need.
    boot.initrd.kernelModules = [ "dm_mod" ];

    # Kernels have brought some firmware along since 2.6.27.
    hardware.firmware = [ "${kernel}/lib/firmware" ];

    environment.etc = singleton {
      target = "modules-load.d/nixos.conf";
      source = modulesFile;
    };

    # systemd has this service itself. It is defined here for the restart when
    # the file changes, and for multi-user.target to try it a second time.
    systemd.services."systemd-modules-load" = {
      description = "Load Kernel Modules";
      wantedBy = [ "sysinit.target" "multi-user.target" ];
      before = [ "sysinit.target" "shutdown.target" ];
      conflicts = [ "shutdown.target" ];
      unitConfig = {
        DefaultDependencies = false;
        ConditionCapability = "CAP_SYS_MODULE";
      };
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
        ExecStart = "${config.systemd.package}/lib/systemd/systemd-modules-load";
        # A module that cannot be loaded is usually one that is merely nice to
        # have, and no reason to fail.
        SuccessExitStatus = "0 1";
      };
      restartTriggers = [ modulesFile ];
    };

    lib.kernelConfig = {
      isYes = demand (config: config.isYes) "yes" "y";
      isNo = demand (config: config.isNo) "no" "n";
      isModule = demand (config: config.isModule) "built as a module" "m";

      # Mostly it does not matter whether something is built in or a module, or
      # whether it is switched off or unknown.
      isEnabled = demand (config: config.isEnabled) "enabled" "y";
      isDisabled = demand (config: config.isDisabled) "disabled" "n";
    };

    # What every system demands.
    system.requiredKernelConfig = with config.lib.kernelConfig; [
      (isYes "MODULES")
      (isYes "BINFMT_ELF")
    ];

    # A kernel with `features` comes from nixpkgs and is taken at its word.
    assertions =
      if kernel ? features then
        [ ]
      else
        map (required: {
          assertion = required.assertion kernel.config;
          inherit (required) message;
        }) config.system.requiredKernelConfig;

  };

}
