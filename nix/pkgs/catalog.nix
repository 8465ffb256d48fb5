# The packages that modules mention most, each by name and version only.
{ store }:

let
  # attribute → version; the attribute is also the package's name and, unless said below, its main program.
  versions = {
    acl = "2.3.2";
    acpi = "1.8";
    acpid = "2.0.34";
    alacritty = "0.16.1";
    alsa-utils = "1.2.15";
    attr = "2.5.2";
    audit = "4.1.2";
    bcache-tools = "1.1";
    binutils = "2.44";
    bluez = "5.84";
    borgbackup = "1.4.3";
    brightnessctl = "0.5.1";
    btrfs-progs = "6.17.1";
    cacert = "3.119";
    chrony = "4.8";
    cifs-utils = "7.4";
    cron = "4.1";
    cryptsetup = "2.8.1";
    curl = "8.17.0";
    dash = "0.5.13";
    dbus = "1.16.2";
    dhcpcd = "10.3.0";
    diffutils = "3.12";
    dmidecode = "3.6";
    dnsmasq = "2.92";
    docker = "29.1.3";
    dosfstools = "4.2";
    e2fsprogs = "1.47.3";
    efibootmgr = "18";
    efivar = "39";
    emacs = "30.2";
    ethtool = "6.15";
    expat = "2.7.3";
    f2fs-tools = "1.16.0";
    fail2ban = "1.1.0";
    file = "5.45";
    firefox = "146.0.1";
    fish = "4.2.1";
    flashrom = "1.6.0";
    fuse = "2.9.9";
    fuse3 = "3.17.4";
    fwupd = "2.0.18";
    gcc = "15.2.0";
    git = "2.52.0";
    gnome-keyring = "48.0";
    gnupg = "2.4.8";
    gptfdisk = "1.0.10";
    grub2 = "2.12";
    grub2_efi = "2.12";
    gzip = "1.14";
    hdparm = "9.65";
    hello = "2.12.2";
    htop = "3.4.1";
    hwdata = "0.402";
    intel-gpu-tools = "2.2";
    intel-media-driver = "25.4.5";
    iproute2 = "6.18.0";
    iptables = "1.8.11";
    iputils = "20250605";
    iw = "6.17";
    jq = "1.8.1";
    kbd = "2.9.0";
    keyutils = "1.6.3";
    kexec-tools = "2.0.32";
    less = "691";
    libcap = "2.77";
    libnotify = "0.8.7";
    libvirt = "11.10.0";
    limine = "10.5.1";
    linux-pam = "1.7.1";
    lm_sensors = "3.6.2";
    lsof = "4.99.5";
    lvm2 = "2.03.37";
    lz4 = "1.10.0";
    man-db = "2.13.1";
    mdadm = "4.4";
    memtest86plus = "8.00";
    mesa = "25.3.2";
    microcode-amd = "20251202";
    microcode-intel = "20251111";
    mosquitto = "2.0.22";
    nano = "8.7";
    ncurses = "6.6";
    netcat = "1.229";
    nettools = "2.10";
    networkmanager = "1.54.3";
    nfs-utils = "2.8.4";
    nftables = "1.1.6";
    nginx = "1.28.1";
    nix = "2.34.8";
    ntfs3g = "2022.10.3";
    ntp = "4.2.8p18";
    nvme-cli = "2.16";
    openssh = "10.2p1";
    openssl = "3.6.0";
    openvpn = "2.6.17";
    pam = "1.7.1";
    parted = "3.6";
    pciutils = "3.14.0";
    pipewire = "1.4.9";
    pkg-config = "0.29.2";
    polkit = "126";
    postfix = "3.10.6";
    powertop = "2.15";
    prometheus = "3.8.1";
    pulseaudio = "17.0";
    qemu = "10.1.3";
    readline = "8.3p3";
    redis = "8.2.3";
    restic = "0.18.1";
    rsync = "3.4.1";
    rsyslog = "8.2510.0";
    samba = "4.22.6";
    screen = "5.0.1";
    shadow = "4.18.0";
    smartmontools = "7.5";
    socat = "1.8.0.3";
    squashfsTools = "4.7.4";
    strace = "6.18";
    sudo = "1.9.17p2";
    syslinux = "6.04-pre3";
    sway = "1.11";
    tcpdump = "4.99.5";
    terminus_font = "4.49.1";
    thermald = "2.5.10";
    tlp = "1.9.0";
    tmux = "3.6a";
    tpm2-tools = "5.7";
    tpm2-tss = "4.1.3";
    tree = "2.2.1";
    tzdata = "2025c";
    unbound = "1.24.2";
    upower = "1.90.10";
    usbutils = "018";
    vim = "9.1.1918";
    wget = "1.25.0";
    which = "2.23";
    wireguard-tools = "1.0.20250521";
    wireless-regdb = "2025.10.07";
    wpa_supplicant = "2.11";
    xfsprogs = "6.17.0";
    xz = "5.8.1";
    zfs = "2.3.4";
    zlib = "1.3.1";
    zram-generator = "1.2.1";
    zsh = "5.9";
    zstd = "1.5.7";
  };

  # What differs from that rule: other names, other programs, firmware, packages with several outputs.
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

  simple = builtins.mapAttrs (
    attribute: version:
    store.mkPackage (
      {
        pname = attribute;
        inherit version;
        mainProgram = attribute;
      }
      // details.${attribute} or { }
    )
  ) versions;

  package = pname: version: more: store.mkPackage ({ inherit pname version; } // more);

  others = rec {
    bash = package "bash" "5.3p3" { mainProgram = "bash"; };
    bashInteractive = package "bash-interactive" "5.3p3" { mainProgram = "bash"; };
    busybox = package "busybox" "1.37.0" { mainProgram = "busybox"; };
    coreutils = package "coreutils" "9.9" { };
    findutils = package "findutils" "4.10.0" { mainProgram = "find"; };
    gnugrep = package "gnugrep" "3.12" { mainProgram = "grep"; };
    gnused = package "gnused" "4.9" { mainProgram = "sed"; };
    gnutar = package "gnutar" "1.35" { mainProgram = "tar"; };
    gawk = package "gawk" "5.3.2" { mainProgram = "gawk"; };
    gnumake = package "gnumake" "4.4.1" { mainProgram = "make"; };
    procps = package "procps" "4.0.4" { mainProgram = "ps"; };
    util-linux = package "util-linux" "2.41.2" {
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
    kmod = package "kmod" "34.2" {
      mainProgram = "kmod";
      outputs = [
        "out"
        "dev"
        "lib"
      ];
    };
    systemd = package "systemd" "258.3" {
      mainProgram = "systemctl";
      outputs = [
        "out"
        "dev"
        "man"
      ];
      passthru = {
        withEfi = true;
        withCryptsetup = true;
        kmod = kmod;
        util-linux = util-linux;
        interfaceVersion = 2;
      };
    };
    systemdMinimal = package "systemd-minimal" "258.3" { mainProgram = "systemctl"; };
    systemdUkify = package "systemd-ukify" "258.3" { mainProgram = "ukify"; };
    glibc = package "glibc" "2.42" {
      outputs = [
        "out"
        "bin"
        "dev"
        "static"
        "getent"
      ];
    };
    glibcLocales = package "glibc-locales" "2.42" { };
    getent = package "getent-glibc" "2.42" { mainProgram = "getent"; };
    getty = package "agetty" "2.41.2" { mainProgram = "agetty"; };
    makeWrapper = store.mkPackage { name = "make-shell-wrapper-hook"; };
    ukify = systemdUkify;

    linux-firmware = package "linux-firmware" "20251125" { passthru.compressFirmware = true; };
    alsa-firmware = package "alsa-firmware" "1.2.4" { };
    sof-firmware = package "sof-firmware" "2025.05.1" { };
    rtl8192su-firmware = package "rtl8192su" "unstable-2016-10-05" { };
    zd1211fw = package "zd1211-firmware" "1.5" { };
    b43Firmware_5_1_138 = package "b43-firmware" "5.1.138" { };
    intel2200BGFirmware = package "ipw2200-fw" "3.1" { };
    raspberrypiWirelessFirmware = package "raspberrypi-wireless-firmware" "unstable-2025-04-08" { };
    ipu6-camera-bins = package "ipu6-camera-bins" "unstable-2025-06-27" { };

    # Names that old modules use.
    utillinux = util-linux;
    module_init_tools = kmod;
    udev = systemd;
    eudev = package "eudev" "3.2.14" { mainProgram = "udevadm"; };
    iproute = simple.iproute2;
    pam_krb5 = package "pam-krb5" "4.11" { };
    grub = simple.grub2;
    stdenvShell = bash;
    btrfsProgs = simple.btrfs-progs;
    firmwareLinuxNonfree = linux-firmware;
    microcodeIntel = simple.microcode-intel;
    microcodeAmd = simple.microcode-amd;
    wirelesstools = package "wireless-tools" "30.pre9" { mainProgram = "iwconfig"; };
  };
in
simple // others
