# Packages that need more than a name, because modules ask for other programs, outputs, or build options.
{ store }:

let
  # The attribute is also the package's name and, unless stated below, its main program.
  names = [
    "acl"
    "acpi"
    "acpid"
    "alacritty"
    "alsa-utils"
    "attr"
    "audit"
    "bcache-tools"
    "binutils"
    "bluez"
    "borgbackup"
    "brightnessctl"
    "btrfs-progs"
    "cacert"
    "caddy"
    "chrony"
    "cifs-utils"
    "clevis"
    "collectd"
    "cosmic-greeter"
    "cron"
    "crowdsec"
    "cryptsetup"
    "curl"
    "dash"
    "dbus"
    "dhcpcd"
    "diffutils"
    "dmidecode"
    "dms-shell"
    "dnsmasq"
    "docker"
    "dosfstools"
    "e2fsprogs"
    "efibootmgr"
    "efivar"
    "elasticsearch"
    "elvish"
    "emacs"
    "ethtool"
    "expat"
    "f2fs-tools"
    "fail2ban"
    "file"
    "firefox"
    "fish"
    "flashrom"
    "fprintd"
    "fuse"
    "fuse3"
    "fwupd"
    "gcc"
    "git"
    "gnome-keyring"
    "gnupg"
    "gptfdisk"
    "grub2"
    "grub2_efi"
    "gzip"
    "hdparm"
    "hello"
    "howdy"
    "htop"
    "hwdata"
    "hylafaxplus"
    "hyprland"
    "hyprlock"
    "incus-lts"
    "intel-gpu-tools"
    "intel-media-driver"
    "iproute2"
    "iptables"
    "iputils"
    "iw"
    "jq"
    "k3s"
    "kanidm"
    "kbd"
    "kexec-tools"
    "keyutils"
    "krb5"
    "ksh"
    "less"
    "libcap"
    "libnotify"
    "libvirt"
    "limine"
    "linux-pam"
    "lm_sensors"
    "lsof"
    "lvm2"
    "lxc"
    "lz4"
    "man-db"
    "mariadb"
    "mdadm"
    "memtest86plus"
    "mesa"
    "microcode-amd"
    "microcode-intel"
    "mksh"
    "mosquitto"
    "multipath-tools"
    "nano"
    "ncurses"
    "netcat"
    "nettools"
    "networkmanager"
    "nfs-utils"
    "nftables"
    "nginx"
    "nginxStable"
    "nix"
    "nixos-init"
    "nncp"
    "ntfs3g"
    "ntp"
    "nushell"
    "nvidia-container-toolkit"
    "nvme-cli"
    "oksh"
    "openafs"
    "openresolv"
    "openssh"
    "openssl"
    "openvpn"
    "openvswitch"
    "pam"
    "parted"
    "pciutils"
    "pipewire"
    "pkg-config"
    "podman"
    "polkit"
    "postfix"
    "powertop"
    "prometheus"
    "prosody"
    "pulseaudio"
    "qemu"
    "quickshell"
    "readline"
    "redis"
    "restic"
    "rke2"
    "rsync"
    "rsyslog"
    "samba"
    "sane-backends"
    "screen"
    "shadow"
    "smartmontools"
    "socat"
    "squashfsTools"
    "strace"
    "sudo"
    "suricata"
    "sway"
    "syslinux"
    "tailscale"
    "tcpdump"
    "tcsh"
    "tdarr"
    "terminus_font"
    "thermald"
    "tlp"
    "tmux"
    "tpm2-tools"
    "tpm2-tss"
    "tree"
    "tzdata"
    "unbound"
    "upower"
    "usbutils"
    "varnish"
    "vim"
    "wget"
    "which"
    "wireguard-tools"
    "wireless-regdb"
    "wpa_supplicant"
    "xfsprogs"
    "xkeyboard_config"
    "xonsh"
    "xz"
    "zfs"
    "zlib"
    "zram-generator"
    "zsh"
    "zstd"
  ];

  # The exceptions to that rule: other names, other programs, firmware, packages with several outputs.
  details = {
    alsa-utils.mainProgram = "alsactl";
    bluez.mainProgram = "bluetoothctl";
    borgbackup.mainProgram = "borg";
    btrfs-progs.mainProgram = "btrfs";
    cacert.pname = "nss-cacert";
    chrony.mainProgram = "chronyd";
    curl.outputs = [
      "bin"
      "dev"
      "out"
      "man"
    ];
    dbus.mainProgram = "dbus-daemon";
    e2fsprogs.outputs = [
      "bin"
      "dev"
      "out"
      "man"
    ];
    fail2ban.mainProgram = "fail2ban-server";
    fuse.mainProgram = "fusermount";
    fuse3.mainProgram = "fusermount3";
    gnupg.mainProgram = "gpg";
    gptfdisk.mainProgram = "sgdisk";
    grub2 = {
      pname = "grub";
      mainProgram = "grub-install";
    };
    grub2_efi = {
      pname = "grub-efi";
      mainProgram = "grub-install";
    };
    iproute2.mainProgram = "ip";
    iputils.mainProgram = "ping";
    kexec-tools.mainProgram = "kexec";
    libcap.mainProgram = "setcap";
    libvirt.mainProgram = "virsh";
    lvm2 = {
      mainProgram = "lvm";
      outputs = [
        "out"
        "bin"
        "dev"
        "scripts"
      ];
    };
    man-db.mainProgram = "man";
    netcat = {
      pname = "libressl-nc";
      mainProgram = "nc";
    };
    networkmanager.mainProgram = "nmcli";
    nfs-utils.mainProgram = "mount.nfs";
    nginxStable = {
      pname = "nginx";
      mainProgram = "nginx";
    };
    nftables.mainProgram = "nft";
    nvme-cli.mainProgram = "nvme";
    openssh.mainProgram = "ssh";
    openssl.outputs = [
      "bin"
      "dev"
      "out"
      "man"
    ];
    pciutils.mainProgram = "lspci";
    polkit.mainProgram = "pkexec";
    redis.mainProgram = "redis-server";
    rsyslog.mainProgram = "rsyslogd";
    samba.mainProgram = "smbd";
    smartmontools.mainProgram = "smartctl";
    tzdata.outputs = [
      "out"
      "bin"
    ];
    usbutils.mainProgram = "lsusb";
    wireguard-tools.mainProgram = "wg";
    xfsprogs.mainProgram = "xfs_repair";
  };

  # Login shells, and the program of each.
  shells = {
    brush = "brush";
    busybox = "ash";
    dash = "dash";
    elvish = "elvish";
    es = "es";
    fish = "fish";
    ion = "ion";
    ksh = "ksh";
    loksh = "loksh";
    mksh = "mksh";
    mrsh = "mrsh";
    murex = "murex";
    nsh = "nsh";
    nushell = "nu";
    oksh = "oksh";
    powershell = "pwsh";
    rc = "rc";
    rush = "rush";
    scponly = "scponly";
    shadow = "nologin";
    tcsh = "tcsh";
    xonsh = "xonsh";
    yash = "yash";
    zsh = "zsh";
  };

  simple = builtins.listToAttrs (
    map (attribute: {
      name = attribute;
      value = store.mkPackage (
        {
          inherit attribute;
          pname = attribute;
          version = store.newest;
          mainProgram = attribute;
        }
          // (if shells ? ${attribute} then { passthru.shellPath = "/bin/${shells.${attribute}}"; } else { })
        // details.${attribute} or { }
      );
    }) (names ++ builtins.attrNames shells)
  );

  package =
    pname: more:
    store.mkPackage (
      {
        inherit pname;
        attribute = pname;
        version = store.newest;
      }
      // more
    );

  # The schedulers of sched_ext, by their language.
  schedulers =
    let
      withSchedulers =
        name: list:
        package "scx_${name}" {
          attribute = "scx.${name}";
          passthru.schedulers = map (scheduler: "scx_${scheduler}") list;
        };
      rust = [
        "bpfland"
        "chaos"
        "cosmos"
        "flash"
        "lavd"
        "layered"
        "p2dq"
        "rlfifo"
        "rustland"
        "rusty"
        "tickless"
      ];
      c = [
        "central"
        "flatcg"
        "nest"
        "pair"
        "qmap"
        "sdt"
        "simple"
        "userland"
      ];
    in
    {
      rustscheds = withSchedulers "rustscheds" rust;
      cscheds = withSchedulers "cscheds" c;
      full = withSchedulers "full" (c ++ rust);
    };

  others = rec {
    bash = package "bash" {
      mainProgram = "bash";
      passthru.shellPath = "/bin/bash";
    };
    bashInteractive = package "bash-interactive" {
      attribute = "bashInteractive";
      mainProgram = "bash";
      passthru.shellPath = "/bin/bash";
    };
    coreutils = package "coreutils" { };
    findutils = package "findutils" { mainProgram = "find"; };
    gnugrep = package "gnugrep" { mainProgram = "grep"; };
    gnused = package "gnused" { mainProgram = "sed"; };
    gnutar = package "gnutar" { mainProgram = "tar"; };
    gawk = package "gawk" { mainProgram = "gawk"; };
    gnumake = package "gnumake" { mainProgram = "make"; };
    procps = package "procps" { mainProgram = "ps"; };
    util-linux = package "util-linux" {
      outputs = [
        "bin"
        "dev"
        "out"
        "lib"
        "man"
        "mount"
        "login"
        "swap"
      ];
    };
    kmod = package "kmod" {
      mainProgram = "kmod";
      outputs = [
        "out"
        "dev"
        "lib"
      ];
    };
    systemd = package "systemd" {
      mainProgram = "systemctl";
      outputs = [
        "out"
        "dev"
        "man"
      ];
      passthru = {
        inherit kmod util-linux;
        inherit (simple) kbd;
        interfaceVersion = 2;
        withBootloader = true;
        withCryptsetup = true;
        withEfi = true;
        withFido2 = true;
        withHostnamed = true;
        withImportd = true;
        withKmod = true;
        withLocaled = true;
        withLogind = true;
        withMachined = true;
        withNetworkd = true;
        withNspawn = true;
        withPortabled = true;
        withRepart = true;
        withSysupdate = true;
        withTimedated = true;
        withTpm2Tss = true;
        withTpm2Units = true;
        withUtmp = true;
      };
    };
    systemdMinimal = package "systemd-minimal" { mainProgram = "systemctl"; };
    systemdUkify = package "systemd-ukify" { mainProgram = "ukify"; };
    glibc = package "glibc" {
      outputs = [
        "out"
        "bin"
        "dev"
        "static"
        "getent"
      ];
    };
    glibcLocales = package "glibc-locales" { };
    getent = package "getent-glibc" { mainProgram = "getent"; };
    getty = package "agetty" { mainProgram = "agetty"; };
    makeWrapper = store.mkPackage { name = "make-shell-wrapper-hook"; };
    ukify = systemdUkify;

    linux-firmware = package "linux-firmware" { passthru.compressFirmware = true; };
    alsa-firmware = package "alsa-firmware" { };
    sof-firmware = package "sof-firmware" { };
    rtl8192su-firmware = package "rtl8192su" { };
    zd1211fw = package "zd1211-firmware" { };
    b43Firmware_5_1_138 = package "b43-firmware" { };
    intel2200BGFirmware = package "ipw2200-fw" { };
    raspberrypiWirelessFirmware = package "raspberrypi-wireless-firmware" { };
    ipu6-camera-bins = package "ipu6-camera-bins" { };

    unifi = package "unifi" {
      passthru.jrePackage = package "openjdk" { mainProgram = "java"; };
    };
    scx = {
      inherit (schedulers) full rustscheds cscheds;
    };

    # Names that old modules use.
    utillinux = util-linux;
    module_init_tools = kmod;
    udev = systemd;
    eudev = package "eudev" { mainProgram = "udevadm"; };
    iproute = simple.iproute2;
    pam_krb5 = package "pam-krb5" { };
    grub = simple.grub2;
    stdenvShell = bash;
    btrfsProgs = simple.btrfs-progs;
    firmwareLinuxNonfree = linux-firmware;
    microcodeIntel = simple.microcode-intel;
    microcodeAmd = simple.microcode-amd;
    wirelesstools = package "wireless-tools" { mainProgram = "iwconfig"; };
  };
in
simple // others
