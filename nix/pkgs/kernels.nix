# Linux kernels and the packages that are tied to one of them.
#
# Kernels have the version that their attribute names, because modules compare it. The rest of the version
# marks them as stubs.
{
  store,
  platform,
  open,
  callPackageWith,
}:

let
  # The answers of nixpkgs' kernels about features that do not follow from their build configuration alone.
  defaultFeatures = {
    efiBootStub = true;
    ia32Emulation = platform.isx86_64;
    netfilterRPFilter = true;
  };

  # A build configuration: option → "y" (built in), "m" (a module), "n", or any other value. Options that are not
  # listed are not set.
  defaultConfig = {
    MODULES = "y";
    BINFMT_ELF = "y";
    BLK_DEV_INITRD = "y";
    DEVTMPFS = "y";
    CGROUPS = "y";
    INOTIFY_USER = "y";
    SIGNALFD = "y";
    TIMERFD = "y";
    EPOLL = "y";
    NET = "y";
    SYSFS = "y";
    PROC_FS = "y";
    FHANDLE = "y";
    CRYPTO_USER_API_HASH = "m";
    CRYPTO_HMAC = "y";
    CRYPTO_SHA256 = "y";
    DMIID = "y";
    AUTOFS_FS = "m";
    TMPFS_POSIX_ACL = "y";
    TMPFS_XATTR = "y";
    SECCOMP = "y";
    TMPFS = "y";
    EFI_STUB = "y";
    ZRAM = "m";
    BTRFS_FS = "m";
    EXT4_FS = "m";
    VFAT_FS = "m";
    DM_CRYPT = "m";
    KVM = "m";
    USB_HID = "m";
    DRM_I915 = "m";
    FB_CON_DECOR = "n";
    IDE = "n";
    NR_CPUS = "384";
    HZ = "250";
  };

  # The questions that modules ask of `kernel.config`.
  configQuestions =
    settings:
    let
      isSet = option: settings ? ${option};
      getValue = option: settings.${option} or null;
      isYes = option: getValue option == "y";
      isNo = option: getValue option == "n";
      isModule = option: getValue option == "m";
    in
    {
      inherit
        isSet
        getValue
        isYes
        isNo
        isModule
        ;
      isEnabled = option: isYes option || isModule option;
      isDisabled = option: !(isSet option) || isNo option;
    };

  # `structuredExtraConfig` holds results of `lib.kernel.yes` and the like: `{ tristate = "y"; }`,
  # `{ freeform = "x"; }`.
  plainSetting = value: if builtins.isAttrs value then value.tristate or value.freeform or null else value;

  # mkKernel { version, … }: everything below is also an argument of `kernel.override`. `features = null` makes a kernel
  # without the attribute `features`, as kernels built by hand are: for these, modules look at `config` instead.
  mkKernel =
    given:
    let
      args = {
        pname = "linux";
        modDirVersion = given.version;
        features = defaultFeatures;
        config = defaultConfig;
        structuredExtraConfig = { };
        kernelPatches = [ ];
        isLTS = false;
        isZen = false;
        isHardened = false;
        seed = "";
      }
      // given;
      settings = builtins.mapAttrs (_: plainSetting) (args.config // args.structuredExtraConfig);
      changed =
        changes:
        mkKernel (
          args
          // {
            seed = "${args.seed}+${builtins.concatStringsSep "," (builtins.attrNames changes)}";
          }
          // changes
          // changes.argsOverride or { }
        );
    in
    store.mkPackage {
      inherit (args) pname version seed;
      outputs = [
        "out"
        "dev"
        "modules"
      ];
      meta.description = "The Linux kernel (a stub)";
      passthru = {
        inherit (args)
          modDirVersion
          kernelPatches
          isLTS
          isZen
          isHardened
          ;
        baseVersion = builtins.head (builtins.match "([0-9]+\\.[0-9]+).*" args.version);
        config = configQuestions settings;
        configfile = store.mkPackage {
          name = "linux-config-${args.version}";
          seed = builtins.toJSON settings;
        };
        buildDTBs = false;
        isModular = settings.MODULES or null == "y";
        target = platform.linux-kernel.target;
        kernelOlder = other: builtins.compareVersions args.version other < 0;
        kernelAtLeast = other: builtins.compareVersions args.version other >= 0;
        override = change: changed (if builtins.isFunction change then change args else change);
      }
      // (if args.features == null then { } else { inherit (args) features; });
    };

  # The packages built against one kernel, whichever is asked for. The functions of nixpkgs' set (`extend`,
  # `callPackage`) are not among its attributes: it is the value of `boot.kernelPackages`, which must print as
  # JSON.
  linuxPackagesFor =
    kernel:
    let
      module =
        pname:
        store.mkPackage {
          inherit pname;
          attribute = "linuxPackages.${pname}";
          version = "${store.newest}-${kernel.version}";
          seed = kernel.outPath;
          meta.description = "The kernel module ${pname} (a stub)";
        };
      tool =
        pname: mainProgram:
        store.mkPackage {
          inherit pname mainProgram;
          attribute = "linuxPackages.${pname}";
          inherit (kernel) version;
        };
      listed = builtins.listToAttrs (
        map
          (name: {
            inherit name;
            value = module (builtins.replaceStrings [ "_" ] [ "-" ] name);
          })
          [
            "acpi_call"
            "bbswitch"
            "ddcci_driver"
            "digimend"
            "nvidia_x11"
            "rtl88x2bu"
            "rtl8812au"
            "v4l2loopback"
            "virtualbox"
            "vmware"
            "wireguard"
            "zenpower"
            "zfs_unstable"
          ]
      );
      known = listed // {
        inherit kernel;
        cpupower = tool "cpupower" "cpupower";
        perf = tool "perf-linux" "perf";
        zfs = module "zfs-kernel";
        nvidiaPackages = store.mkScope "linuxPackages.nvidiaPackages" {
          stable = known.nvidia_x11;
          production = known.nvidia_x11;
          latest = known.nvidia_x11;
        };
      };
      changed =
        f:
        let
          final = open false "linuxPackages" (known // f final known) answer;
        in
        final;
      answer =
        name:
        if name == "extend" || name == "overrideScope" then
          changed
        else if name == "callPackage" then
          callPackageWith (known // { inherit kernel; })
        else if name == "kernelOlder" || name == "kernelAtLeast" then
          kernel.${name}
        else if builtins.match "__.*" name != null then
          null
        else
          module (builtins.replaceStrings [ "_" ] [ "-" ] name);
    in
    open false "linuxPackages" known answer;

  kernels = rec {
    linux_3_10 = mkKernel { version = "3.10.9999-stub"; };
    linux_5_10 = mkKernel {
      version = "5.10.9999-stub";
      isLTS = true;
    };
    linux_5_15 = mkKernel {
      version = "5.15.9999-stub";
      isLTS = true;
    };
    linux_6_1 = mkKernel {
      version = "6.1.9999-stub";
      isLTS = true;
    };
    linux_6_6 = mkKernel {
      version = "6.6.9999-stub";
      isLTS = true;
    };
    linux_6_12 = mkKernel {
      version = "6.12.9999-stub";
      isLTS = true;
    };
    linux_6_18 = mkKernel {
      version = "6.18.9999-stub";
      isLTS = true;
    };
    linux_6_19 = mkKernel { version = "6.19.9999-stub"; };
    linux_zen = mkKernel {
      pname = "linux-zen";
      version = "6.18.9999-stub";
      modDirVersion = "6.18.9999-zen1";
      isZen = true;
    };
    linux_hardened = mkKernel {
      pname = "linux-hardened";
      version = "6.12.9999-stub";
      modDirVersion = "6.12.9999-hardened1";
      isHardened = true;
    };

    # Like a kernel built by hand: only its build configuration is known, which is sound …
    linux_custom = mkKernel {
      pname = "linux-custom";
      version = "6.12.9999-stub";
      features = null;
    };
    # … or lacks what every NixOS needs: no loadable modules, ELF programs only by a module, and little else.
    linux_tiny = mkKernel {
      pname = "linux-tiny";
      version = "6.12.9999-stub";
      features = null;
      config = {
        MODULES = "n";
        BINFMT_ELF = "m";
        EXT4_FS = "y";
        NET = "y";
      };
    };

    linux = linux_6_18;
    linux_latest = linux_6_19;
  };

  # linux_6_12 → linuxPackages_6_12
  packageSets = builtins.listToAttrs (
    map (name: {
      name = "linuxPackages" + builtins.substring 5 (-1) name;
      value = linuxPackagesFor kernels.${name};
    }) (builtins.attrNames kernels)
  );

  # A kernel that is not listed: `linux_6_20`, `linux_xanmod`.
  unknown =
    name:
    let
      version = store.versionOf name;
    in
    mkKernel {
      pname = builtins.replaceStrings [ "_" ] [ "-" ] name;
      version = if version == store.newest then kernels.linux.version else version;
    };

  # `linux_NAME`, `linuxPackages_NAME`, or null.
  ofFamily =
    name:
    let
      suffix = builtins.match "linux(Packages)?(_.*)" name;
      kernel = unknown "linux${builtins.elemAt suffix 1}";
    in
    if builtins.substring 0 5 name != "linux" || suffix == null then
      null
    else if builtins.head suffix == null then
      kernel
    else
      linuxPackagesFor kernel;
in
{
  inherit ofFamily;
  known =
    kernels
    // packageSets
    // {
      inherit linuxPackagesFor;
      linuxManualConfig =
        {
          version,
          configfile ? null,
          config ? { },
          ...
        }@args:
        mkKernel (
          removeAttrs args [ "configfile" ]
          // {
            pname = "linux-manual";
            features = null;
            inherit config;
          }
        );
      linuxKernel = {
        kernels = open true "linuxKernel.kernels" kernels ofFamily;
        packages = open true "linuxKernel.packages" (
          builtins.listToAttrs (
            map (name: {
              inherit name;
              value = linuxPackagesFor kernels.${name};
            }) (builtins.attrNames kernels)
          )
          // packageSets
        ) (name: if ofFamily name == null then null else linuxPackagesFor (ofFamily name));
        packagesFor = linuxPackagesFor;
      };
    };
}
