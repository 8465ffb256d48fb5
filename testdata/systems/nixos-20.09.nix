# Systems, tests and packages of the 20.09 tree, for comparison with real Nix: `-A NAME --arg nixpkgs /the/tree`.
{ nixpkgs }:

let
  # The tree lacks the file with all Haskell packages.
  withoutHaskell = self: super: {
    shellcheck = super.hello;
    pandoc = super.hello;
    haskellPackages = { };
  };

  base = {
    boot.loader.grub.device = "/dev/sda";
    fileSystems."/" = { device = "/dev/sda1"; fsType = "ext4"; };
    nixpkgs.overlays = [ withoutHaskell ];
    nixpkgs.config.allowUnfree = true;
    system.stateVersion = "20.09";
  };

  inherit (import ./common { inherit nixpkgs base; }) nixos system systemOf kernel;

  packages = args: names:
    let pkgs = import nixpkgs ({ system = "x86_64-linux"; overlays = [ withoutHaskell ]; config.allowUnfree = true; } // args);
    in map (name: pkgs.${name}.drvPath) names;
in
{
  minimal = system [ ];
  webServer = system [
    ({ config, pkgs, ... }: {
      services.nginx = { enable = true; recommendedTlsSettings = true; virtualHosts."example.org" = { enableACME = true; forceSSL = true; root = "/srv"; }; };
      security.acme = { acceptTerms = true; email = "a@example.org"; };
      services.postgresql = { enable = true; package = pkgs.postgresql_12; ensureDatabases = [ "app" ]; };
      services.redis.enable = true;
      services.fail2ban.enable = true;
      services.openssh = { enable = true; permitRootLogin = "no"; };
      services.prometheus = { enable = true; exporters.node.enable = true; };
      networking.firewall.allowedTCPPorts = [ 80 443 ];
      users.users.alice = { isNormalUser = true; extraGroups = [ "wheel" ]; };
      systemd.services.app = { wantedBy = [ "multi-user.target" ]; script = "true"; };
    })
  ];
  gnome = system [ { services.xserver = { enable = true; displayManager.gdm.enable = true; desktopManager.gnome3.enable = true; }; networking.networkmanager.enable = true; services.printing.enable = true; } ];
  plasma = system [ { services.xserver = { enable = true; displayManager.sddm.enable = true; desktopManager.plasma5.enable = true; }; hardware.bluetooth.enable = true; hardware.pulseaudio.enable = true; } ];
  xfce = system [ ({ pkgs, ... }: { services.xserver = { enable = true; desktopManager.xfce.enable = true; videoDrivers = [ "intel" ]; }; environment.systemPackages = [ pkgs.git pkgs.vim pkgs.wget ]; fonts.fonts = [ pkgs.dejavu_fonts ]; i18n.defaultLocale = "de_DE.UTF-8"; time.timeZone = "Europe/Berlin"; }) ];
  container = system [ { containers.web = { autoStart = true; privateNetwork = true; hostAddress = "10.0.0.1"; localAddress = "10.0.0.2"; config = { services.httpd = { enable = true; adminAddr = "a@example.org"; }; }; }; virtualisation.docker.enable = true; } ];
  isContainer = (nixos "x86_64-linux" [ { boot.isContainer = true; } ]).system.build.toplevel.drvPath;
  luksZfs = system [ { boot.initrd.luks.devices.root = { device = "/dev/sda2"; preLVM = true; }; boot.supportedFilesystems = [ "zfs" "btrfs" ]; networking.hostId = "deadbeef"; swapDevices = [ { device = "/dev/sda3"; } ]; } ];
  efi = system [ { boot.loader.grub.enable = false; boot.loader.systemd-boot.enable = true; boot.loader.efi.canTouchEfiVariables = true; boot.plymouth.enable = true; } ];
  services = system [
    {
      services.samba.enable = true;
      services.nfs.server.enable = true;
      services.bind.enable = true;
      services.dovecot2.enable = true;
      services.postfix.enable = true;
      services.tor.enable = true;
      services.unbound.enable = true;
      services.avahi.enable = true;
      services.openvpn.servers.a.config = "dev tun";
      services.grafana.enable = true;
      services.nagios = { enable = true; objectDefs = [ ]; };
      services.gitea.enable = true;
      services.mysql = { enable = true; package = (import nixpkgs { system = "x86_64-linux"; }).mariadb; };
    }
  ];
  virtual = system [ { virtualisation.libvirtd.enable = true; virtualisation.virtualbox.host.enable = true; networking.nat = { enable = true; internalIPs = [ "192.168.1.0/24" ]; externalInterface = "eth0"; }; } ];
  kernel = kernel "linuxPackages_latest";
  aarch64 = systemOf "aarch64-linux" [ { boot.loader.grub.enable = false; boot.loader.generic-extlinux-compatible.enable = true; } ];
  i686 = systemOf "i686-linux" [ ];
  cross = (nixos "x86_64-linux" [ { nixpkgs.crossSystem = { config = "aarch64-unknown-linux-gnu"; }; } ]).boot.kernelPackages.kernel.drvPath;
  vm = (nixos "x86_64-linux" [ (nixpkgs + "/nixos/modules/virtualisation/qemu-vm.nix") ]).system.build.vm.drvPath;
  iso = (import (nixpkgs + "/nixos/lib/eval-config.nix") { system = "x86_64-linux"; modules = [ (nixpkgs + "/nixos/modules/installer/cd-dvd/installation-cd-minimal.nix") ]; }).config.system.build.isoImage.drvPath;
  platforms =
    let
      pkgs = import nixpkgs { system = "x86_64-linux"; };
      cross = import nixpkgs { system = "x86_64-linux"; crossSystem = { config = "aarch64-unknown-linux-gnu"; }; };
      lib = pkgs.lib;
      equal = pkgs: with pkgs.stdenv; [ (hostPlatform == buildPlatform) (targetPlatform == hostPlatform) (hostPlatform == pkgs.stdenv.hostPlatform) ];
      elaborate = lib.systems.elaborate;
      linux = elaborate "x86_64-linux";
    in [
      (equal pkgs) (equal cross) (equal pkgs.buildPackages) (equal pkgs.pkgsi686Linux) (equal pkgs.pkgsMusl)
      (linux == linux) (linux == elaborate "x86_64-linux") (elaborate linux == linux) (elaborate linux == elaborate linux)
      (linux // { } == linux) (linux.parsed == (elaborate "x86_64-linux").parsed) (lib == lib) (lib == pkgs.lib) (lib == import (nixpkgs + "/lib"))
      (pkgs.stdenv == pkgs.stdenv) ({ inherit (lib) id; } == { inherit (lib) id; }) (lib.types == lib.types) (lib.lists == lib.lists // { })
    ];
  tests = map (name: (import (nixpkgs + "/nixos/tests/${name}.nix") { system = "x86_64-linux"; pkgs = import nixpkgs { system = "x86_64-linux"; }; }).driver.drvPath) [ "simple" "login" "openssh" "nginx" "firefox" ];
  packages = packages { } [ "hello" "firefox" "gcc" "emacs" "libreoffice" "gimp" "qemu" "vlc" "ffmpeg" "ruby" "nodejs" "linux" "rustc" "go" ];
  darwin = packages { system = "x86_64-darwin"; } [ "hello" "git" ];
  crossPackages = packages { crossSystem = { config = "armv7l-unknown-linux-gnueabihf"; }; } [ "hello" "bash" "openssl" "systemd" ];
}
