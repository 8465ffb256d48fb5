# Mail, logs and small daemons whose options other services read.
{ lib, pkgs, ... }:

let
  inherit (lib) mkEnableOption types;
  inherit (import ./short.nix { inherit lib; })
    flag
    lines
    maybe
    names
    option
    package
    string
    ;
in
{
  options.services = {
    postfix = {
      enable = mkEnableOption "Postfix";
      package = package pkgs.postfix "Which Postfix.";
      user = string "postfix" "Who it runs as.";
      group = string "postfix" "Its group.";
      setgidGroup = string "postdrop" "The group that may send.";
      settings.main = option (types.submodule {
        freeformType = types.attrsOf (
          types.nullOr (
            types.oneOf [
              types.bool
              types.int
              types.path
              types.str
              (types.listOf types.str)
            ]
          )
        );
      }) { } "Settings of main.cf.";
      settings.master = option (types.attrsOf types.attrs) { } "Services of master.cf.";
      virtual = lines "Lines of the table of virtual addresses.";
      mapFiles = option (types.attrsOf types.path) { } "Further tables.";
    };
    mail.sendmailSetuidWrapper = maybe types.attrs "The program that sends mail.";
    dovecot2.enable = mkEnableOption "Dovecot";
    rspamd.enable = mkEnableOption "rspamd";
    opendkim.enable = mkEnableOption "OpenDKIM";

    cron.systemCronJobs = names "Lines of the system's crontab.";
    rsyslogd.enable = mkEnableOption "rsyslog";
    syslog-ng.enable = mkEnableOption "syslog-ng";
    fail2ban = {
      enable = mkEnableOption "fail2ban";
      jails = option (types.attrsOf types.anything) { } "What is watched, by name.";
    };
    fprintd.enable = mkEnableOption "fingerprints";
    pcscd = {
      enable = mkEnableOption "smart cards";
      plugins = option (types.listOf types.package) [ ] "Packages with drivers.";
    };
    nscd.enable = flag true "Whether names are looked up by a daemon.";
    dnsmasq = {
      enable = mkEnableOption "dnsmasq";
      resolveLocalQueries = flag true "Whether this machine asks it.";
    };
    bind.enable = mkEnableOption "BIND";
    unbound.enable = mkEnableOption "unbound";
    chrony.enable = mkEnableOption "chrony";
    ntp.enable = mkEnableOption "ntpd";
    rpcbind.enable = mkEnableOption "rpcbind";
    samba.enable = mkEnableOption "Samba";
    nfs.server.enable = mkEnableOption "an NFS server";
    tor.enable = mkEnableOption "Tor";
    tailscale.enable = mkEnableOption "Tailscale";
    grafana.enable = mkEnableOption "Grafana";
    prometheus.enable = mkEnableOption "Prometheus";
    mosquitto.enable = mkEnableOption "Mosquitto";
    firewalld.enable = mkEnableOption "firewalld";
    userborn.enable = mkEnableOption "userborn";
    avahi.openFirewall = flag true "Whether the firewall lets Avahi through.";
    avahi.publish = {
      enable = flag false "Whether this machine tells who it is.";
      userServices = flag false "Whether users may publish services.";
    };
    matrix-synapse = {
      enable = mkEnableOption "Synapse";
      serviceUnit = string "matrix-synapse.service" "The unit to wait for." // {
        readOnly = true;
      };
    };
  };
}
