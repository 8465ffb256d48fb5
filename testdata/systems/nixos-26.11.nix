# Systems, tests and packages of the 26.11 tree, for comparison with real Nix: `-A NAME --arg nixpkgs /the/tree`.
{ nixpkgs }:

let
  # The tree lacks the file with all Haskell packages.
  withoutHaskell = self: super: {
    shellcheck = super.hello;
    shellcheck-minimal = self.pandoc;
    pandoc = super.hello // { compiler.bootstrapAvailable = false; };
    haskellPackages = { };
  };

  base = {
    boot.loader.grub.device = "/dev/sda";
    fileSystems."/" = { device = "/dev/sda1"; fsType = "ext4"; };
    nixpkgs.overlays = [ withoutHaskell ];
    nixpkgs.config.allowUnfree = true;
    system.stateVersion = "26.05";
  };

  inherit (import ./common { inherit nixpkgs base; }) nixos system systemOf kernel;

  packages = args: names:
    let
      pkgs = import nixpkgs ({ system = "x86_64-linux"; overlays = [ withoutHaskell ]; config.allowUnfree = true; } // args);
      at = set: path: builtins.foldl' (set: name: set.${name}) set path;
    in
    map (path: (at pkgs path).drvPath) names;
in
{
  webServer = system [
    ({ config, lib, pkgs, ... }: {
      services.nginx = {
        enable = true;
        recommendedTlsSettings = true;
        recommendedProxySettings = true;
        virtualHosts."example.org" = {
          enableACME = true;
          forceSSL = true;
          locations."/".proxyPass = "http://127.0.0.1:8080";
        };
      };
      security.acme = { acceptTerms = true; defaults.email = "a@example.org"; };
      services.postgresql = {
        enable = true;
        ensureDatabases = [ "app" ];
        ensureUsers = [ { name = "app"; ensureDBOwnership = true; } ];
        settings.shared_buffers = "1GB";
      };
      services.redis.servers.cache = { enable = true; port = 6380; };
      services.fail2ban.enable = true;
      services.openssh = { enable = true; settings.PermitRootLogin = "no"; };
      services.prometheus = {
        enable = true;
        exporters.node.enable = true;
        scrapeConfigs = [ { job_name = "n"; static_configs = [ { targets = [ "localhost:9100" ]; } ]; } ];
      };
      networking.firewall.allowedTCPPorts = [ 80 443 ];
      networking.nftables.enable = true;
      systemd.services.app = {
        wantedBy = [ "multi-user.target" ];
        serviceConfig = { ExecStart = "${pkgs.hello}/bin/hello"; DynamicUser = true; MemoryMax = "1G"; };
        environment.PORT = toString 8080;
      };
      systemd.timers.app = { wantedBy = [ "timers.target" ]; timerConfig.OnCalendar = "daily"; };
      users.users.alice = { isNormalUser = true; extraGroups = [ "wheel" ]; };
      boot.kernel.sysctl."net.core.somaxconn" = 4096;
    })
  ];

  plasma = system [
    {
      services.desktopManager.plasma6.enable = true;
      services.displayManager.sddm.enable = true;
      services.pipewire = { enable = true; pulse.enable = true; alsa.enable = true; };
      networking.networkmanager.enable = true;
      hardware.bluetooth.enable = true;
      services.printing.enable = true;
      i18n.defaultLocale = "de_DE.UTF-8";
      time.timeZone = "Europe/Berlin";
    }
  ];

  gnome = system [
    ({ pkgs, ... }: {
      services.desktopManager.gnome.enable = true;
      services.displayManager.gdm.enable = true;
      environment.gnome.excludePackages = [ pkgs.gnome-tour ];
      programs.firefox = { enable = true; preferences."browser.startup.page" = 3; };
      fonts.packages = [ pkgs.dejavu_fonts ];
      hardware.graphics.enable32Bit = true;
      programs.steam.enable = true;
    })
  ];

  sway = system [
    ({ pkgs, ... }: {
      programs.sway.enable = true;
      programs.zsh = { enable = true; ohMyZsh.enable = true; };
      services.greetd = { enable = true; settings.default_session.command = "${pkgs.sway}/bin/sway"; };
      xdg.portal = { enable = true; wlr.enable = true; };
      security.rtkit.enable = true;
      services.xserver.xkb.layout = "de";
      console.useXkbConfig = true;
    })
  ];

  xfce = system [
    {
      services.xserver = { enable = true; desktopManager.xfce.enable = true; };
      services.libinput.enable = true;
      services.flatpak.enable = true;
      xdg.portal.config.common.default = "*";
      xdg.portal.enable = true;
      hardware.sane.enable = true;
    }
  ];

  containers = system [
    {
      containers.web = {
        autoStart = true;
        privateNetwork = true;
        hostAddress = "10.0.0.1";
        localAddress = "10.0.0.2";
        config = { services.httpd.enable = true; services.httpd.adminAddr = "a@example.org"; system.stateVersion = "26.05"; nixpkgs.overlays = [ withoutHaskell ]; };
      };
      virtualisation.podman = { enable = true; dockerCompat = true; };
      virtualisation.oci-containers.containers.hello = { image = "hello"; ports = [ "8080:80" ]; };
      virtualisation.libvirtd.enable = true;
    }
  ];

  luks = system [
    {
      boot.loader.grub.enable = false;
      boot.loader.systemd-boot.enable = true;
      boot.loader.efi.canTouchEfiVariables = true;
      boot.initrd.luks.devices.root = { device = "/dev/disk/by-uuid/1"; allowDiscards = true; keyFile = "/key"; };
      boot.initrd.secrets."/key" = "/etc/key";
      boot.resumeDevice = "/dev/mapper/swap";
      swapDevices = [ { device = "/dev/mapper/swap"; randomEncryption.enable = false; } ];
      fileSystems."/boot" = { device = "/dev/sda2"; fsType = "vfat"; };
      fileSystems."/data" = { device = "/dev/mapper/data"; fsType = "btrfs"; options = [ "compress=zstd" ]; encrypted = { enable = true; blkDev = "/dev/sdb"; label = "data"; }; };
      services.lvm.boot.thin.enable = true;
    }
  ];

  zfs = system [
    {
      networking.hostId = "deadbeef";
      boot.supportedFilesystems = [ "zfs" ];
      fileSystems."/pool" = { device = "tank/data"; fsType = "zfs"; };
      services.zfs.autoScrub.enable = true;
      services.sanoid = { enable = true; datasets.tank.autosnap = true; };
    }
  ];

  systemdInitrd = system [
    {
      boot.initrd.systemd.enable = true;
      boot.initrd.network.enable = true;
      boot.initrd.network.ssh = { enable = true; hostKeys = [ "/etc/key" ]; authorizedKeys = [ "ssh-ed25519 AAAA" ]; };
      boot.initrd.systemd.network.networks."10-lan" = { matchConfig.Name = "en*"; networkConfig.DHCP = "yes"; };
      boot.swraid = { enable = true; mdadmConf = "MAILADDR root"; };
      networking.useNetworkd = true;
      boot.tmp.useTmpfs = true;
    }
  ];

  hardened = system [ (nixpkgs + "/nixos/modules/profiles/minimal.nix") (nixpkgs + "/nixos/modules/profiles/headless.nix") { security.apparmor.enable = true; security.auditd.enable = true; security.lockKernelModules = true; } ];

  latestKernel = kernel "linuxPackages_latest";
  zenKernel = kernel "linuxPackages_zen";
  ltsKernel = kernel "linuxPackages_6_12";
  customKernel = system [
    ({ lib, pkgs, ... }: {
      boot.kernelPatches = [
        { name = "options"; patch = null; structuredExtraConfig = { DEBUG_INFO = lib.mkForce lib.kernel.no; BPF_SYSCALL = lib.kernel.yes; }; }
      ];
      boot.extraModulePackages = [ pkgs.linuxPackages.v4l2loopback ];
      boot.kernelModules = [ "v4l2loopback" ];
    })
  ];

  aarch64 = systemOf "aarch64-linux" [ { boot.loader.grub.enable = false; boot.loader.generic-extlinux-compatible.enable = true; } ];
  riscv = (nixos null [ { nixpkgs.hostPlatform = "riscv64-linux"; boot.loader.grub.enable = false; } ]).system.build.toplevel.drvPath;
  cross = (nixos null [ { nixpkgs.buildPlatform = "x86_64-linux"; nixpkgs.hostPlatform = "aarch64-linux"; boot.loader.grub.enable = false; documentation.enable = false; } ]).system.build.toplevel.drvPath;

  iso = (nixos "x86_64-linux" [ (nixpkgs + "/nixos/modules/installer/cd-dvd/installation-cd-minimal.nix") ]).system.build.isoImage.drvPath;
  netboot = (nixos "x86_64-linux" [ (nixpkgs + "/nixos/modules/installer/netboot/netboot-minimal.nix") ]).system.build.netbootRamdisk.drvPath;
  vm = (nixos "x86_64-linux" [ (nixpkgs + "/nixos/modules/virtualisation/qemu-vm.nix") { virtualisation.memorySize = 2048; } ]).system.build.vm.drvPath;
  amazon = (nixos "x86_64-linux" [ (nixpkgs + "/nixos/modules/virtualisation/amazon-image.nix") ({ lib, ... }: { fileSystems."/".device = lib.mkForce "/dev/xvda"; boot.loader.grub.device = lib.mkForce "/dev/xvda"; }) ]).system.build.toplevel.drvPath;
  specialisation = system [ { specialisation.other.configuration = { services.openssh.enable = true; boot.kernelParams = [ "other" ]; }; } ];
  manual = let c = nixos "x86_64-linux" [ ]; in [ c.system.build.manual.optionsJSON.drvPath c.system.build.manual.manualHTML.drvPath ];

  router = system [
    {
      networking = {
        useDHCP = false;
        bridges.br0.interfaces = [ "eth1" "eth2" ];
        vlans.guest = { id = 10; interface = "eth0"; };
        interfaces.br0.ipv4.addresses = [ { address = "192.168.1.1"; prefixLength = 24; } ];
        nat = { enable = true; internalInterfaces = [ "br0" ]; externalInterface = "eth0"; forwardPorts = [ { sourcePort = 80; destination = "192.168.1.2:80"; proto = "tcp"; } ]; };
        wireguard.interfaces.wg0 = { ips = [ "10.1.0.1/24" ]; privateKeyFile = "/key"; peers = [ { publicKey = "x"; allowedIPs = [ "10.1.0.2/32" ]; } ]; };
        firewall.extraCommands = "iptables -A INPUT -j ACCEPT";
      };
      services.dnsmasq = { enable = true; settings.server = [ "9.9.9.9" ]; };
      services.kea.dhcp4 = { enable = true; settings.valid-lifetime = 4000; };
      services.unbound.enable = true;
    }
  ];

  services = system [
    ({ pkgs, ... }: {
      services.gitea = { enable = true; settings.server.DOMAIN = "git.example.org"; };
      services.nextcloud = { enable = true; hostName = "cloud.example.org"; config.adminpassFile = "/pass"; config.dbtype = "sqlite"; };
      services.grafana = { enable = true; settings.server.http_port = 3000; settings.security.secret_key = "x"; };
      services.mysql = { enable = true; package = pkgs.mariadb; };
      services.borgbackup.jobs.home = { paths = "/home"; repo = "/backup"; encryption.mode = "none"; startAt = "daily"; };
      services.restic.backups.etc = { paths = [ "/etc" ]; repository = "/r"; passwordFile = "/p"; };
      services.samba = { enable = true; settings.public.path = "/srv"; };
      services.jellyfin.enable = true;
      services.syncthing = { enable = true; settings.devices.a.id = "A"; };
      services.postfix.enable = true;
      services.cron = { enable = true; systemCronJobs = [ "0 0 * * * root true" ]; };
      services.logrotate.enable = true;
    })
  ];

  packages = packages { } [
    [ "hello" ] [ "firefox" ] [ "git" ] [ "gcc" ] [ "rustc" ] [ "go" ] [ "nodejs" ] [ "emacs" ] [ "vim" ] [ "llvmPackages" "clang" ]
    [ "jdk" ] [ "ruby" ] [ "perl" ] [ "php" ] [ "libreoffice" ] [ "gimp" ] [ "qemu" ] [ "docker" ] [ "kubectl" ] [ "terraform" ]
    [ "chromium" ] [ "thunderbird" ] [ "vlc" ] [ "ffmpeg" ] [ "blender" ] [ "inkscape" ] [ "nix" ] [ "systemd" ] [ "linux" ] [ "mesa" ]
    [ "gtk4" ] [ "kdePackages" "dolphin" ] [ "gnome-shell" ] [ "postgresql" ] [ "texliveFull" ] [ "sbcl" ] [ "ocaml" ] [ "erlang" ] [ "elixir" ]
    [ "julia" ] [ "R" ] [ "octave" ] [ "dotnet-sdk" ] [ "mono" ] [ "zig" ] [ "nim" ] [ "crystal" ] [ "lua" ] [ "guile" ] [ "racket" ] [ "vscode" ]
  ];
  python = let pkgs = import nixpkgs { system = "x86_64-linux"; overlays = [ withoutHaskell ]; }; in [
    (pkgs.python3.withPackages (p: [ p.numpy p.requests p.django p.pandas p.scipy p.pillow p.pytest ])).drvPath
    (pkgs.perl.withPackages (p: [ p.DBI p.JSON ])).drvPath
    (pkgs.vim-full.customize { vimrcConfig.customRC = "set nocompatible"; }).drvPath
    (pkgs.emacs.pkgs.withPackages (p: [ p.magit ])).drvPath
    (pkgs.texlive.combine { inherit (pkgs.texlive) scheme-basic beamer; }).drvPath
    (pkgs.writeShellApplication { name = "x"; runtimeInputs = [ pkgs.hello ]; checkPhase = ""; text = "hello"; }).drvPath
    (pkgs.dockerTools.buildLayeredImage { name = "hello"; config.Cmd = [ "${pkgs.hello}/bin/hello" ]; }).drvPath
    (pkgs.symlinkJoin { name = "both"; paths = [ pkgs.hello pkgs.git ]; }).drvPath
    (pkgs.mkShell { packages = [ pkgs.hello ]; }).drvPath
  ];
  crossPackages = map (cross: packages { crossSystem = { config = cross; }; } [ [ "hello" ] [ "bash" ] [ "openssl" ] ]) [
    "aarch64-unknown-linux-gnu" "armv7l-unknown-linux-gnueabihf" "riscv64-unknown-linux-gnu" "x86_64-unknown-linux-musl" "powerpc64le-unknown-linux-gnu"
  ];
  pkgsCross = let pkgs = import nixpkgs { system = "x86_64-linux"; overlays = [ withoutHaskell ]; }; in
    map (name: pkgs.pkgsCross.${name}.hello.drvPath) [ "aarch64-multiplatform" "mingwW64" "raspberryPi" "riscv32" "s390x" "musl64" "gnu32" "mips64el-linux-gnuabi64" "wasi32" "avr" ]
    ++ [ pkgs.pkgsStatic.hello.drvPath pkgs.pkgsMusl.hello.drvPath pkgs.pkgsi686Linux.hello.drvPath pkgs.pkgsLLVM.hello.drvPath ];
  darwin = packages { system = "aarch64-darwin"; } [ [ "hello" ] [ "git" ] [ "curl" ] ];

  tests = let pkgs = import nixpkgs { system = "x86_64-linux"; overlays = [ withoutHaskell ]; }; in
    map (name: pkgs.nixosTests.${name}.driver.drvPath) [ "login" "openssh" "nginx" ];
}
