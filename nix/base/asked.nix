# What modules ask of modules that are not here: whether they are switched on, and plain settings of theirs.
{ lib, pkgs, ... }:

let
  inherit (lib) types;
  short = import ./short.nix { inherit lib; };
  asked = "Another module's setting, which modules ask for.";

  off = short.flag false asked;
  on = short.flag true asked;
  text = default: short.string default asked;
  maybeText = short.maybe types.str asked;
  texts = short.names asked;
  lines = short.lines asked;
  number = default: short.option types.int default asked;
  port = default: short.port default asked;
  package = default: short.package default asked;
  sets = short.option (types.attrsOf types.attrs) { } asked;
  settings = default: short.option (types.attrsOf types.anything) default asked;
in
{
  options.boot = {
    bootspec.enableValidation = off;
    initrd.clevis.enable = off;
    initrd.clevis.package = package pkgs.clevis;
    initrd.clevis.useTang = off;
    initrd.network.udhcpc.enable = off;
    initrd.network.udhcpc.extraArgs = texts;
    initrd.systemd.dmVerity.enable = off;
    initrd.systemd.network.enable = off;
    loader.generic-extlinux-compatible.populateCmd =
      short.option types.str "${pkgs.writeText "extlinux-conf-builder.sh" ""} -g 20 -t 5" asked
      // {
        defaultText = "the script, and what it is called with";
      };
    initrd.systemd.repart.enable = off;
    isNspawnContainer = off;
    loader.grub.forcei686 = off;
    loader.grub.memtest86.enable = off;
    loader.grub.memtest86.params = texts;
    loader.limine.enable = off;
  };
  options.documentation.man = {
    cache.enable = off;
    cache.generateAtRuntime = off;
  };
  options.environment.profileRelativeSessionVariables = short.option (types.attrsOf (types.listOf types.str)) { } asked;
  options.nix.buildMachines = short.option (types.listOf types.attrs) [ ] asked;
  options.systemd.user.generators = short.option (types.attrsOf types.path) { } asked;
  options.environment.shell.enable = on;
  options.hardware = {
    bluetooth.hsphfpd.enable = off;
    cpu.intel.sgx.provision.group = text "sgx_prv";
    cpu.x86.msr.group = text "msr";
    nvidia-container-toolkit.enable = off;
    nvidia-container-toolkit.extraArgs = texts;
    nvidia-container-toolkit.mount-nvidia-docker-1-directories = on;
    nvidia-container-toolkit.mount-nvidia-executables = on;
    nvidia-container-toolkit.package = package pkgs.nvidia-container-toolkit;
    nvidia-container-toolkit.suppressNvidiaDriverAssertion = off;
    nvidia.datacenter.enable = off;
    sane.backends-package = package pkgs.sane-backends;
  };
  options.i18n = {
    defaultCharset = text "UTF-8";
    imperativeLocale = off;
  };
  options.networking = {
    firewall.extraPackages = short.option (types.listOf types.package) [ ] asked;
    firewall.filterForward = off;
    firewall.logRefusedConnections = off;
    fooOverUDP = sets;
    greTunnels = sets;
    ipips = sets;
    ipvlans = sets;
    macvlans = sets;
    firewall.rejectPackets = off;
    nftables.flushRuleset = off;
    sits = sets;
    vswitches = sets;
    resolvconf.package = package pkgs.openresolv;
    wireless.iwd.enable = off;
  };
  options.nix = {
    daemonGroup = text "root";
    daemonUser = text "root";
  };
  options.programs = {
    bash.enableLsColors = on;
    direnv.enable = off;
    dms-shell.enable = off;
    dms-shell.package = package pkgs.dms-shell;
    dms-shell.quickshell.package = package pkgs.quickshell;
    gnupg.package = package pkgs.gnupg;
    hyprland.enable = off;
    hyprland.package = package pkgs.hyprland;
    hyprlock.package = package pkgs.hyprlock;
    i3lock.enable = off;
    java.package = package pkgs.jdk;
    nncp.enable = off;
    nncp.group = text "uucp";
    nncp.package = package pkgs.nncp;
    nncp.secrets = texts;
    nncp.settings = settings { };
    zsh.enableLsColors = on;
    zsh.ohMyZsh.enable = off;
  };
  options.security = {
    googleOsLogin.enable = off;
    krb5.enable = off;
    krb5.package = package pkgs.krb5;
    pam.mount.enable = off;
    pam.oath.enable = off;
    pam.oath.digits = short.option (types.enum [
      6
      7
      8
    ]) 6 asked;
    pam.oath.usersFile = short.option types.path "/etc/users.oath" asked;
    pam.oath.window = number 5;
    pam.p11.enable = off;
    pam.u2f.enable = off;
    pam.zfs.enable = off;
  };
  options.services = {
    apache-kafka.enable = off;
    auto-cpufreq.enable = off;
    bird.enable = off;
    ceph.client.enable = off;
    cfssl.dataDir = short.option types.path "/var/lib/cfssl" asked;
    cloud-init.enable = off;
    collectd.package = package pkgs.collectd;
    colord.enable = off;
    connman.enable = off;
    consul.enable = off;
    corosync.enable = off;
    coturn.listening-port = port 3478;
    coturn.static-auth-secret = maybeText;
    cron.mailto = maybeText;
    crowdsec.enable = off;
    crowdsec.group = text "crowdsec";
    crowdsec.package = package pkgs.crowdsec;
    crowdsec.settings = settings { general.api.server.listen_uri = "127.0.0.1:8080"; };
    crowdsec.user = text "crowdsec";
    dendrite.enable = off;
    displayManager.cosmic-greeter.package = package pkgs.cosmic-greeter;
    displayManager.gdm.enable = off;
    displayManager.lemurs.enable = off;
    displayManager.logToFile = off;
    displayManager.logToJournal = on;
    displayManager.ly.enable = off;
    displayManager.plasma-login-manager.enable = off;
    displayManager.sddm.enable = off;
    dockerRegistry.listenAddress = text "127.0.0.1";
    dockerRegistry.port = port 5000;
    ejabberd.enable = off;
    ejabberd.user = text "ejabberd";
    elasticsearch.package = package pkgs.elasticsearch;
    etcd.enable = off;
    fprintd.package = package pkgs.fprintd;
    fwupd.package = package pkgs.fwupd;
    gitolite.group = text "gitolite";
    gnome.gnome-initial-setup.enable = off;
    greetd.enable = off;
    hadoop.gatewayRole.enable = off;
    h2o.defaultHTTPListenPort = port 80;
    h2o.defaultTLSListenPort = port 443;
    hardware.bolt.enable = off;
    headscale.configFile = short.option types.path ((pkgs.formats.yaml { }).generate "headscale.yaml" { }) asked;
    headscale.enable = off;
    headscale.group = text "headscale";
    headscale.port = port 8080;
    headscale.settings = settings { server_url = "http://127.0.0.1:8080"; };
    headscale.user = text "headscale";
    home-assistant.enable = off;
    homed.enable = off;
    howdy.control = text "required";
    howdy.enable = off;
    howdy.package = package pkgs.howdy;
    httpd.adminAddr = maybeText;
    hylafax.enable = off;
    hylafax.package = package pkgs.hylafaxplus;
    icingaweb2.enable = off;
    imaginary.address = text "localhost";
    imaginary.port = port 8088;
    immich.settings = settings { server.externalDomain = ""; };
    influxdb.enable = off;
    influxdb.user = text "influxdb";
    intune.enable = off;
    jack.jackd.enable = off;
    jenkins.enable = off;
    jenkins.home = short.option types.path "/var/lib/jenkins" asked;
    jibri.enable = off;
    joycond.enable = off;
    k3s.package = package pkgs.k3s;
    kanidm.package = package pkgs.kanidm;
    kanidm.unix.enable = off;
    kerberos_server.enable = off;
    keycloak.enable = off;
    klipper.apiSocket = short.maybe types.path asked;
    klipper.enable = off;
    klipper.mutableConfig = off;
    kubernetes.addons.dns.clusterDomain = text "cluster.local";
    kubernetes.apiserver.enable = off;
    kubernetes.apiserver.serviceClusterIpRange = text "10.0.0.0/24";
    kubernetes.caFile = short.maybe types.path asked;
    kubernetes.featureGates = short.option (types.attrsOf types.bool) { } asked;
    kubernetes.kubelet.enable = off;
    kubo.enable = off;
    kubo.group = text "ipfs";
    kubo.user = text "ipfs";
    libinput.mouse.leftHanded = off;
    libinput.mouse.tapping = on;
    livekit.enable = off;
    livekit.ingress.enable = off;
    mailman.restApiPassFile = maybeText;
    matrix-conduit.enable = off;
    meilisearch.listenAddress = text "localhost";
    meilisearch.listenPort = port 7700;
    mirakurun.enable = off;
    mirakurun.unixSocket = short.option (types.nullOr types.path) "/run/mirakurun/mirakurun.sock" asked;
    mongodb.bind_ip = text "127.0.0.1";
    mongodb.enable = off;
    moonraker.enable = off;
    mpd.credentials = short.option (types.listOf types.attrs) [ ] asked;
    mpd.enable = off;
    mpd.settings = settings {
      bind_to_address = "127.0.0.1";
      port = 6600;
    };
    multipath.enable = off;
    multipath.package = package pkgs.multipath-tools;
    mysqlBackup.enable = off;
    nextcloud.https = off;
    nscd.group = text "nscd";
    nscd.user = text "nscd";
    oauth2-proxy.enable = off;
    oauth2-proxy.httpAddress = text "http://127.0.0.1:4180";
    octoprint.enable = off;
    octoprint.group = text "octoprint";
    octoprint.user = text "octoprint";
    openafsServer.package = package pkgs.openafs;
    openssh.startWhenNeeded = off;
    pantheon.parental-controls.enable = off;
    peertube.enable = off;
    pipewire.systemWide = off;
    postfix.setSendmail = on;
    prometheus.stateDir = text "prometheus2";
    prosody.package = package pkgs.prosody;
    radicle.enable = off;
    rke2.package = package pkgs.rke2;
    rtorrent.group = text "rtorrent";
    rtorrent.rpcSocket = text "/run/rtorrent/rpc.sock";
    rtorrent.user = text "rtorrent";
    scion.scion-dispatcher.enable = off;
    scx.enable = off;
    sks.enable = off;
    sks.hkpAddress = short.option (types.listOf types.str) [
      "127.0.0.1"
      "::1"
    ] asked;
    sks.hkpPort = port 11371;
    spamassassin.enable = off;
    sssd.enable = off;
    strongswan.enable = off;
    suricata.package = package pkgs.suricata;
    svnserve.enable = off;
    svnserve.svnBaseDir = text "/repos";
    tailscale.package = package pkgs.tailscale;
    taler.enable = off;
    tdarr.enable = off;
    tdarr.package = package pkgs.tdarr;
    tdarr.server.serverPort = port 8266;
    tomcat.axis2.enable = off;
    tomcat.enable = off;
    tor.client.enable = off;
    tuned.enable = off;
    tuned.ppdSupport = on;
    varnish.package = package pkgs.varnish;
    xscreensaver.enable = off;
    xserver.desktopManager.cinnamon.enable = off;
    xserver.displayManager.lightdm.enable = off;
    xserver.displayManager.lightdm.greeters.lomiri.enable = off;
    xserver.displayManager.startx.enable = off;
    xserver.displayManager.sx.enable = off;
    xserver.display = short.option (types.nullOr types.int) 0 asked;
    xserver.displayManager.xserverArgs = texts;
    xserver.synaptics.enable = off;
    xserver.wacom.enable = off;
    xserver.xkb.model = text "pc104";
    xserver.xkb.options = short.option types.commas "terminate:ctrl_alt_bksp" asked;
    xserver.xkb.variant = text "";
    yggdrasil.enable = off;
    zabbixServer.enable = off;
    zabbixWeb.enable = off;
    zerotierone.enable = off;
  };
  options.system = {
    activatable = on;
    nixos-init.enable = off;
    nixos-init.package = package pkgs.nixos-init;
    nixos.revision = maybeText;
    nixos.versionSuffix = text "pre-git";
  };
  options.users = {
    defaultUserHome = text "/home";
    ldap.daemon.enable = off;
    ldap.enable = off;
    ldap.loginPam = on;
    motd = lines;
    mysql.enable = off;
  };
  options.virtualisation = {
    containers.ociSeccompBpfHook.enable = off;
    docker.enableNvidia = off;
    incus.package = package pkgs.incus-lts;
    libvirtd.package = package pkgs.libvirt;
    lxc.package = package pkgs.lxc;
    podman.dockerSocket.enable = off;
    podman.enableNvidia = off;
    podman.networkSocket.enable = off;
    podman.package = package pkgs.podman;
    virtualbox.host.enable = off;
    vswitch.enable = off;
    vswitch.package = package pkgs.openvswitch;
  };
  options.xdg = {
    portal.lxqt.enable = off;
    portal.wlr.enable = off;
  };
  options.zramSwap = {
    enable = off;
    swapDevices = number 1;
  };
}
