# Web servers and certificates: the options to which other services add.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkEnableOption types;
  short = import ./short.nix { inherit lib; };
  inherit (short)
    attrs
    flag
    lines
    maybe
    names
    option
    package
    port
    required
    string
    ;
  settings = types.attrsOf (
    types.oneOf [
      types.str
      types.int
      types.bool
    ]
  );

  listen.options = {
    addr = required types.str "The address.";
    port = maybe types.port "The port.";
    ssl = flag false "Whether it is encrypted.";
    proxyProtocol = flag false "Whether a proxy tells who is there.";
    extraParameters = names "Further words.";
  };

  location.options = {
    basicAuth = option (types.attrsOf types.str) { } "Users and passwords.";
    basicAuthFile = maybe types.path "A file with users and passwords.";
    proxyPass = maybe types.str "Where requests go on to.";
    uwsgiPass = maybe types.str "The uWSGI server that answers.";
    proxyWebsockets = flag false "Whether web sockets are passed on.";
    recommendedProxySettings =
      flag config.services.nginx.recommendedProxySettings "Whether proxies get the usual headers."
      // {
        defaultText = lib.literalExpression "config.services.nginx.recommendedProxySettings";
      };
    recommendedUwsgiSettings =
      flag config.services.nginx.recommendedUwsgiSettings "Whether uWSGI gets the usual settings."
      // {
        defaultText = lib.literalExpression "config.services.nginx.recommendedUwsgiSettings";
      };
    index = maybe types.str "The file for folders.";
    tryFiles = maybe types.str "Files to look for.";
    root = maybe types.path "The folder of files.";
    alias = maybe types.path "The folder in its place.";
    return = maybe (types.oneOf [
      types.str
      types.int
    ]) "What is answered at once.";
    fastcgiParams = option (types.attrsOf (
      types.either types.str types.path
    )) { } "Parameters of FastCGI.";
    extraConfig = lines "Further text.";
    priority = option types.int 1000 "Locations of lower numbers come first.";
  };

  host =
    { name, ... }:
    {
      options = {
        serverName = maybe types.str "The host's name, if it is not the attribute's.";
        serverAliases = names "Other names.";
        listen = option (types.listOf (types.submodule listen)) [ ] "Where it listens.";
        listenAddresses = names "Addresses to listen on.";
        enableACME = flag false "Whether a certificate is asked for.";
        useACMEHost = maybe types.str "The certificate that is used.";
        acmeRoot = option (types.nullOr types.str) "/var/lib/acme/acme-challenge" "Where challenges are put.";
        acmeFallbackHost = maybe types.str "Who else answers challenges.";
        addSSL = flag false "Whether it is there encrypted, too.";
        onlySSL = flag false "Whether it is there only encrypted.";
        forceSSL = flag false "Whether all are sent to the encrypted one.";
        rejectSSL = flag false "Whether encryption is refused.";
        kTLS = flag false "Whether the kernel encrypts.";
        sslCertificate = required types.path "The certificate.";
        sslCertificateKey = required types.path "Its key.";
        sslTrustedCertificate = maybe types.path "A certificate to check others with.";
        http2 = flag true "Whether HTTP/2 is spoken.";
        http3 = flag true "Whether HTTP/3 is spoken.";
        http3_hq = flag false "Whether its older form is spoken.";
        quic = flag false "Whether QUIC is spoken.";
        reuseport = flag false "Whether each worker has a socket.";
        root = maybe types.path "The folder of files.";
        default = flag false "Whether unknown names lead here.";
        extraConfig = lines "Further text.";
        globalRedirect = maybe types.str "Where everything is sent on to.";
        redirectCode = option (types.ints.between 300 399) 301 "With which code.";
        basicAuth = option (types.attrsOf types.str) { } "Users and passwords.";
        basicAuthFile = maybe types.path "A file with users and passwords.";
        locations = attrs location "Settings of parts of the host.";
      };
    };

  certificate =
    { name, ... }:
    {
      options = {
        domain = string name "The name it is for." // {
          defaultText = "the attribute's name";
        };
        directory = string "/var/lib/acme/${name}" "Where it is kept." // {
          readOnly = true;
          defaultText = "below /var/lib/acme";
        };
        extraDomainNames = names "Further names.";
        group = string "acme" "The group that may read it.";
        email = maybe types.str "Whom to write to.";
        webroot = maybe types.str "Where challenges are put.";
        listenHTTP = maybe types.str "Where challenges are answered.";
        dnsProvider = maybe types.str "The provider whose name servers answer challenges.";
        credentialFiles = option (types.attrsOf types.path) { } "Files with secrets for it.";
        environmentFile = maybe types.path "A file with secrets for it.";
        reloadServices = names "Services to reload when it is new.";
        postRun = lines "Shell commands to run when it is new.";
        keyType = string "ec256" "The kind of key.";
        server = maybe types.str "Who signs it.";
      };
    };

  pool =
    { name, config, ... }:
    {
      options = {
        socket = required types.str "The socket it listens on." // {
          readOnly = true;
        };
        listen = string "" "Another address to listen on.";
        user = required types.str "Who it runs as.";
        group = required types.str "Its group.";
        phpPackage = package pkgs.php "Which PHP.";
        phpOptions = lines "Text for php.ini.";
        phpEnv = option (types.attrsOf types.str) { } "Environment variables.";
        settings = option settings { } "Settings of the pool.";
        extraConfig = maybe types.lines "Further text.";
      };
      config.socket = if config.listen == "" then "/run/phpfpm/${name}.sock" else config.listen;
    };

  cgi =
    { name, config, ... }:
    {
      options = {
        process.user = maybe types.str "Who it runs as.";
        process.group = maybe types.str "Its group.";
        process.prefork = option types.ints.positive 1 "How many processes there are.";
        socket = {
          type = option (types.enum [
            "unix"
            "tcp"
            "tcp6"
          ]) "unix" "The kind of socket.";
          address = string "/run/fcgiwrap-${name}.sock" "Where it listens." // {
            defaultText = "below /run";
          };
          user = maybe types.str "The socket's owner.";
          group = maybe types.str "The socket's group.";
          mode =
            option (types.nullOr types.str) (if config.socket.type == "unix" then "0600" else null)
              "The socket's permissions."
            // {
              defaultText = "0600 for files";
            };
        };
      };
    };

  caddyHost =
    { name, ... }:
    {
      options = {
        hostName = string name "The host's name." // {
          defaultText = "the attribute's name";
        };
        serverAliases = names "Other names.";
        listenAddresses = names "Addresses to listen on.";
        useACMEHost = maybe types.str "The certificate that is used.";
        logFormat = maybe types.lines "How it logs.";
        extraConfig = lines "Further text.";
      };
    };
in
{
  options.services.nginx = {
    enable = mkEnableOption "nginx";
    package = package pkgs.nginxStable "Which nginx.";
    user = string "nginx" "Who it runs as.";
    group = string "nginx" "Its group.";
    virtualHosts = attrs host "Hosts, by name.";
    upstreams =
      option (types.attrsOf types.attrs) { }
        "Groups of servers that answer together, by name.";
    recommendedBrotliSettings = flag false "Whether Brotli is set up as usual.";
    recommendedGzipSettings = flag false "Whether gzip is set up as usual.";
    recommendedOptimisation = flag false "Whether it is tuned as usual.";
    recommendedProxySettings = flag false "Whether proxies get the usual headers.";
    recommendedTlsSettings = flag false "Whether encryption is set up as usual.";
    recommendedUwsgiSettings = flag false "Whether uWSGI gets the usual settings.";
    additionalModules = option (types.listOf (types.attrsOf types.anything)) [ ] "Modules to build in.";
    clientMaxBodySize = string "10m" "The largest request.";
    commonHttpConfig = lines "Text before all hosts.";
    appendHttpConfig = lines "Text behind all hosts.";
    appendConfig = lines "Text at the end.";
    httpConfig = lines "The text in the place of all hosts.";
    streamConfig = lines "Text for streams.";
    eventsConfig = lines "Text about connections.";
    preStart = lines "Shell commands to run before it starts.";
    statusPage = flag false "Whether it tells how it is.";
    serverTokens = flag false "Whether it tells its version.";
    proxyTimeout = string "60s" "How long proxies wait.";
    defaultHTTPListenPort = port 80 "The port of hosts.";
    defaultSSLListenPort = port 443 "Their port for encryption.";
    enableReload = flag false "Whether it is reloaded rather than restarted.";
  };
  options.services.caddy = {
    enable = mkEnableOption "Caddy";
    package = package pkgs.caddy "Which Caddy.";
    user = string "caddy" "Who it runs as.";
    group = string "caddy" "Its group.";
    dataDir = option types.path "/var/lib/caddy" "Where it keeps its data.";
    logDir = option types.path "/var/log/caddy" "Where it logs.";
    virtualHosts = attrs caddyHost "Hosts, by name.";
    extraConfig = lines "Further text.";
    globalConfig = lines "Text for all hosts.";
    openFirewall = flag false "Whether the firewall lets it through.";
  };
  options.services.httpd = {
    enable = mkEnableOption "Apache";
    user = string "wwwrun" "Who it runs as.";
    group = string "wwwrun" "Its group.";
    virtualHosts = option (types.attrsOf types.attrs) { } "Hosts, by name.";
    extraModules = option (types.listOf types.unspecified) [ ] "Modules to load.";
    extraConfig = lines "Further text.";
  };
  options.services.fcgiwrap.instances = attrs cgi "Servers of CGI programs, by name.";
  options.services.phpfpm = {
    pools = attrs pool "Pools of PHP processes, by name.";
    settings = option settings { } "Settings of all pools.";
    phpPackage = package pkgs.php "Which PHP.";
    phpOptions = lines "Text for php.ini.";
  };

  options.security.acme = {
    acceptTerms = flag false "Whether the terms of who signs are accepted.";
    certs = attrs certificate "Certificates, by name.";
    defaults = option (types.submodule {
      options = {
        email = maybe types.str "Whom to write to.";
        server = maybe types.str "Who signs.";
        group = string "acme" "The group that may read certificates.";
      };
    }) { } "What holds for all certificates.";
  };
}
