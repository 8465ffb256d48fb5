# Systems, tests and packages of the 13.11 tree, for comparison with real Nix: `-A NAME --arg nixpkgs /the/tree`.
{ nixpkgs }:

let
  base = {
    boot.loader.grub.device = "/dev/sda";
    fileSystems."/" = { device = "/dev/sda1"; fsType = "ext4"; };
  };

  inherit (import ./common { inherit nixpkgs base; }) nixos system systemOf kernel;

  packages = args: names:
    let pkgs = import nixpkgs ({ system = "x86_64-linux"; } // args); in map (name: pkgs.${name}.drvPath) names;

  test = platform: name: (import (nixpkgs + "/nixos/tests") { system = platform; }).${name}.driver.drvPath;
in
{
  webServer = system [
    ({ config, pkgs, ... }: {
      services.httpd = { enable = true; adminAddr = "a@example.org"; documentRoot = "/srv"; };
      services.postgresql = { enable = true; package = pkgs.postgresql92; };
      services.mysql = { enable = true; package = pkgs.mysql; };
      services.openssh.enable = true;
      services.postfix.enable = true;
      services.cron.systemCronJobs = [ "0 0 * * * root true" ];
      networking.firewall = { enable = true; allowedTCPPorts = [ 22 80 ]; };
      services.munin-node.enable = true;
      users.extraUsers.alice = { createHome = true; home = "/home/alice"; extraGroups = [ "wheel" ]; };
      systemd.services.app = { wantedBy = [ "multi-user.target" ]; serviceConfig.ExecStart = "${pkgs.hello}/bin/hello"; };
    })
  ];
  kde = system [
    {
      services.xserver = { enable = true; desktopManager.kde4.enable = true; displayManager.kdm.enable = true; layout = "de"; };
      services.printing.enable = true;
      hardware.bluetooth.enable = true;
      hardware.pulseaudio.enable = true;
      i18n.defaultLocale = "de_DE.UTF-8";
      time.timeZone = "Europe/Berlin";
    }
  ];
  xfce = system [
    ({ config, pkgs, ... }: {
      services.xserver = { enable = true; desktopManager.xfce.enable = true; displayManager.slim.enable = true; videoDrivers = [ "intel" ]; };
      networking.networkmanager.enable = true;
      fonts.enableFontDir = true;
      environment.systemPackages = [ pkgs.gitFull pkgs.emacs pkgs.wget ];
      services.xserver.driSupport32Bit = true;
    })
  ];
  luks = system [
    {
      boot.initrd.luks.devices = [ { name = "root"; device = "/dev/sda2"; preLVM = true; } ];
      boot.initrd.kernelModules = [ "aes" ];
      boot.resumeDevice = "/dev/sda3";
      swapDevices = [ { device = "/dev/sda3"; } ];
      boot.extraModprobeConfig = "options snd_hda_intel model=auto";
      boot.blacklistedKernelModules = [ "pcspkr" ];
      boot.vesa = true;
    }
  ];
  zfs = system [ { boot.supportedFilesystems = [ "zfs" "btrfs" ]; } ];
  efi = system [ { boot.loader.grub.enable = false; boot.loader.gummiboot.enable = true; boot.loader.efi.canTouchEfiVariables = true; } ];
  virtual = system [ { virtualisation.libvirtd.enable = true; networking.nat = { enable = true; internalIPs = [ "192.168.1.0/24" ]; externalInterface = "eth0"; }; } ];
  container = system [ { systemd.containers.web.config = { services.httpd.enable = true; services.httpd.adminAddr = "a@example.org"; }; } ];
  services = system [
    {
      services.samba.enable = true;
      services.nfs.server.enable = true;
      services.bind.enable = true;
      services.dovecot2.enable = true;
      services.tor.client.enable = true;
      services.mongodb.enable = true;
      services.redis.enable = true;
      services.rabbitmq.enable = true;
      services.transmission.enable = true;
      services.unbound.enable = true;
      services.avahi.enable = true;
      services.openvpn.servers.a.config = "dev tun";
      services.openldap.enable = true;
      services.elasticsearch.enable = true;
      services.xinetd.enable = true;
    }
  ];
  oldKernel = kernel "linuxPackages_3_4";
  newKernel = kernel "linuxPackages_3_12";
  i686 = systemOf "i686-linux" [ ];
  armv7 = (nixos "armv7l-linux" [ { boot.loader.grub.enable = false; boot.kernelPackages = (import nixpkgs { system = "armv7l-linux"; }).linuxPackages_3_12; } ]).boot.kernelParams;
  vm = (nixos "x86_64-linux" [ (nixpkgs + "/nixos/modules/virtualisation/qemu-vm.nix") ]).system.build.vm.drvPath;
  iso = (import (nixpkgs + "/nixos/lib/eval-config.nix") { system = "x86_64-linux"; modules = [ (nixpkgs + "/nixos/modules/installer/cd-dvd/installation-cd-minimal.nix") ]; }).config.system.build.isoImage.drvPath;
  graphicalIso = (import (nixpkgs + "/nixos/lib/eval-config.nix") { system = "x86_64-linux"; modules = [ (nixpkgs + "/nixos/modules/installer/cd-dvd/installation-cd-graphical.nix") ]; }).config.system.build.isoImage.drvPath;
  amazon = (import (nixpkgs + "/nixos/lib/eval-config.nix") { system = "x86_64-linux"; modules = [ (nixpkgs + "/nixos/modules/virtualisation/amazon-image.nix") ]; }).config.system.build.amazonImage.drvPath;
  virtualBoxImage = (import (nixpkgs + "/nixos/lib/eval-config.nix") { system = "x86_64-linux"; modules = [ (nixpkgs + "/nixos/modules/virtualisation/virtualbox-image.nix") ]; }).config.system.build.virtualBoxImage.drvPath;
  manual = (nixos "x86_64-linux" [ ]).system.build.manual.manual.drvPath;
  tests = map (test "x86_64-linux") [ "login" "nat" "firefox" "nfs3" "openssh" "simple" "tomcat" "quake3" "kde4" "xfce" "mysql" "munin" "printing" "proxy" "bittorrent" ];
  packages = packages { } [ "hello" "firefox" "gitFull" "gcc" "emacs" "vim" "libreoffice" "gimp" "qemu" "chromium" "vlc" "ffmpeg" "python3" "ruby" "nodejs" "openjdk" "texLive" "systemd" "linux" ];
  darwin = packages { system = "x86_64-darwin"; } [ "hello" "git" ];
  i686Packages = packages { system = "i686-linux"; } [ "hello" "wine" "firefox" ];
  cross = map (p: p.drvPath) (let pkgs = import nixpkgs { system = "x86_64-linux"; crossSystem = { config = "armv5tel-unknown-linux-gnueabi"; bigEndian = false; arch = "arm"; float = "soft"; withTLS = true; libc = "glibc"; platform = { name = "pc"; kernelArch = "arm"; kernelHeadersBaseConfig = "versatile_defconfig"; kernelBaseConfig = "versatile_defconfig"; uboot = null; kernelMajor = "2.6"; kernelTarget = "uImage"; }; openssl.system = "linux-generic32"; gcc = { arch = "armv5te"; }; }; }; in [ pkgs.hello.crossDrv pkgs.bash.crossDrv ]);
}
