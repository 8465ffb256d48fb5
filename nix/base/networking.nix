# Names, addresses and the firewall.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkEnableOption mkOption types;

  ports = mkOption {
    type = types.listOf types.port;
    default = [ ];
    # Several services may open the same port.
    apply = list: lib.unique (builtins.sort builtins.lessThan list);
    description = "Ports that may be reached from outside.";
  };

  portRanges = mkOption {
    type = types.listOf (types.attrsOf types.port);
    default = [ ];
    example = [
      {
        from = 8000;
        to = 8010;
      }
    ];
    description = "Ranges of such ports.";
  };

  address = length: {
    options = {
      address = mkOption {
        type = types.str;
        description = "The address.";
      };
      prefixLength = mkOption {
        type = types.ints.between 0 length;
        description = "How many bits of it name the network.";
      };
    };
  };

  addresses = length: {
    addresses = mkOption {
      type = types.listOf (types.submodule (address length));
      default = [ ];
      description = "Addresses of the interface.";
    };
  };

  gateway.options = {
    address = mkOption {
      type = types.str;
      description = "Its address.";
    };
    interface = mkOption {
      type = types.nullOr types.str;
      default = null;
      description = "The interface it is behind.";
    };
    source = mkOption {
      type = types.nullOr types.str;
      default = null;
      description = "Address that packets to it come from.";
    };
    metric = mkOption {
      type = types.nullOr types.int;
      default = null;
      description = "Of several gateways the one with the lowest number is used.";
    };
  };

  interface =
    { name, ... }:
    {
      options = {
        name = mkOption {
          type = types.str;
          default = name;
          defaultText = "the attribute's name";
          description = "Name of the interface.";
        };
        useDHCP = mkOption {
          type = types.nullOr types.bool;
          default = null;
          description = "Whether to ask for an address; `null` as for all interfaces.";
        };
        macAddress = mkOption {
          type = types.nullOr types.str;
          default = null;
          description = "Hardware address to take on.";
        };
        mtu = mkOption {
          type = types.nullOr types.int;
          default = null;
          description = "Largest packet that is sent.";
        };
        wakeOnLan.enable = mkEnableOption "waking up by a packet";
        ipv4 = addresses 32;
        ipv6 = addresses 128;
      };
    };
in
{
  options.networking = {
    hostName = mkOption {
      type = types.strMatching "^$|^[[:alnum:]]([[:alnum:]_-]{0,61}[[:alnum:]])?$";
      default = "nixos";
      description = "The machine's name, without a domain.";
    };
    domain = mkOption {
      type = types.nullOr types.str;
      default = null;
      example = "home.arpa";
      description = "The domain it is in.";
    };
    fqdn = mkOption {
      type = types.str;
      readOnly = true;
      default =
        let
          inherit (config.networking) hostName domain;
        in
        if domain == null then hostName else "${hostName}.${domain}";
      defaultText = "host name and domain";
      description = "The full name.";
    };
    hostId = mkOption {
      type = types.nullOr types.str;
      default = null;
      example = "4e98920d";
      description = "Eight hexadecimal digits that ZFS tells machines apart by.";
    };
    hosts = mkOption {
      type = types.attrsOf (types.listOf types.str);
      default = { };
      example = {
        "192.0.2.7" = [ "printer" ];
      };
      description = "Names to know without asking a name server, by address.";
    };
    extraHosts = mkOption {
      type = types.lines;
      default = "";
      description = "Further lines for /etc/hosts.";
    };
    nameservers = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Name servers.";
    };
    search = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Domains to look for short names in.";
    };
    timeServers = mkOption {
      type = types.listOf types.str;
      default = map (number: "${toString number}.nixos.pool.ntp.org") [
        0
        1
        2
        3
      ];
      description = "Servers that know the time.";
    };
    defaultGateway = mkOption {
      type = types.nullOr (types.coercedTo types.str (address: { inherit address; }) (types.submodule gateway));
      default = null;
      description = "The router to all other networks.";
    };

    useDHCP = mkOption {
      type = types.bool;
      default = true;
      description = "Whether interfaces ask for their addresses.";
    };
    useNetworkd = mkEnableOption "systemd-networkd";
    dhcpcd = {
      enable = mkOption {
        type = types.bool;
        default = true;
        description = "Whether dhcpcd asks for addresses, where they are asked for.";
      };
      denyInterfaces = mkOption {
        type = types.listOf types.str;
        default = [ ];
        description = "Interfaces it stays away from.";
      };
    };
    resolvconf = {
      enable = mkEnableOption "a list of name servers that several programs keep" // {
        default = true;
      };
      useLocalResolver = mkEnableOption "the name server of this machine";
    };
    enableIPv6 = mkOption {
      type = types.bool;
      default = true;
      description = "Whether IPv6 is used.";
    };
    usePredictableInterfaceNames = mkOption {
      type = types.bool;
      default = true;
      description = "Whether interfaces are named after the place they are plugged in.";
    };
    interfaces = mkOption {
      type = types.attrsOf (types.submodule interface);
      default = { };
      description = "Settings of single interfaces.";
    };
    wireless = {
      enable = mkEnableOption "wpa_supplicant";
      interfaces = mkOption {
        type = types.listOf types.str;
        default = [ ];
        description = "Interfaces it looks after; all if empty.";
      };
    };
    networkmanager = {
      enable = mkEnableOption "NetworkManager";
      wifi.powersave = mkOption {
        type = types.nullOr types.bool;
        default = null;
        description = "Whether radios save power.";
      };
      unmanaged = mkOption {
        type = types.listOf types.str;
        default = [ ];
        description = "Interfaces to keep its hands off.";
      };
    };

    firewall = {
      enable = mkOption {
        type = types.bool;
        default = true;
        description = "Whether packets from outside are refused unless allowed.";
      };
      package = mkOption {
        type = types.package;
        default = if config.networking.nftables.enable then pkgs.nftables else pkgs.iptables;
        defaultText = "nftables or iptables";
        description = "The program that sets it up.";
      };
      allowPing = mkOption {
        type = types.bool;
        default = true;
        description = "Whether pings are answered.";
      };
      allowedTCPPorts = ports;
      allowedUDPPorts = ports;
      allowedTCPPortRanges = portRanges;
      allowedUDPPortRanges = portRanges;
      trustedInterfaces = mkOption {
        type = types.listOf types.str;
        default = [ ];
        description = "Interfaces that everything is accepted from.";
      };
      checkReversePath = mkOption {
        type = types.either types.bool (types.enum [
          "strict"
          "loose"
        ]);
        default = true;
        description = "Whether packets must come from where answers would go.";
      };
      extraCommands = mkOption {
        type = types.lines;
        default = "";
        description = "Shell commands to run when the firewall starts.";
      };
      extraStopCommands = mkOption {
        type = types.lines;
        default = "";
        description = "Shell commands to run when it stops.";
      };
      extraInputRules = mkOption {
        type = types.lines;
        default = "";
        description = "Rules of nftables for what comes in.";
      };
      extraForwardRules = mkOption {
        type = types.lines;
        default = "";
        description = "Rules of nftables for what passes through.";
      };
      interfaces = mkOption {
        type = types.attrsOf (
          types.submodule {
            options = {
              allowedTCPPorts = ports;
              allowedUDPPorts = ports;
              allowedTCPPortRanges = portRanges;
              allowedUDPPortRanges = portRanges;
            };
          }
        );
        default = { };
        description = "The same for single interfaces.";
      };
      backend = mkOption {
        type = types.enum [
          "iptables"
          "nftables"
          "firewalld"
        ];
        default = if config.networking.nftables.enable then "nftables" else "iptables";
        defaultText = "nftables where that is enabled";
        description = "What the firewall is made of.";
      };
      connectionTrackingModules = mkOption {
        type = types.listOf types.str;
        default = [ ];
        description = "Helpers that follow connections.";
      };
    };
    nat = {
      enable = mkEnableOption "address translation";
      internalInterfaces = mkOption {
        type = types.listOf types.str;
        default = [ ];
        description = "Interfaces whose addresses are translated.";
      };
      externalInterface = mkOption {
        type = types.nullOr types.str;
        default = null;
        description = "The interface to the outside.";
      };
    };
    bridges = mkOption {
      type = types.attrsOf (
        types.submodule {
          options.interfaces = mkOption {
            type = types.listOf types.str;
            description = "Interfaces to bridge.";
          };
        }
      );
      default = { };
      description = "Bridges, by name.";
    };
    fqdnOrHostName = mkOption {
      type = types.str;
      readOnly = true;
      default = if config.networking.domain == null then config.networking.hostName else config.networking.fqdn;
      defaultText = "the full name where there is a domain";
      description = "The full name, or the host name alone.";
    };
    proxy.envVars = mkOption {
      type = types.attrs;
      default = { };
      internal = true;
      description = "Environment variables about proxies.";
    };
    nftables = {
      enable = mkEnableOption "nftables";
      tables = mkOption {
        type = types.attrsOf (
          types.submodule (
            { name, ... }:
            {
              options = {
                enable = mkEnableOption "the table" // {
                  default = true;
                };
                name = mkOption {
                  type = types.str;
                  default = name;
                  defaultText = "the attribute's name";
                  description = "The table's name.";
                };
                content = mkOption {
                  type = types.lines;
                  description = "What it says.";
                };
                family = mkOption {
                  type = types.enum [
                    "ip"
                    "ip6"
                    "inet"
                    "arp"
                    "bridge"
                    "netdev"
                  ];
                  description = "The packets that it is about.";
                };
              };
            }
          )
        );
        default = { };
        description = "Tables, by name.";
      };
    };
    useHostResolvConf = mkEnableOption "the name servers of a container's host";
    vlans = mkOption {
      type = types.attrsOf (
        types.submodule {
          options = {
            id = mkOption {
              type = types.int;
              description = "The network's number.";
            };
            interface = mkOption {
              type = types.str;
              description = "The interface that it is on.";
            };
          };
        }
      );
      default = { };
      description = "Virtual networks, by name.";
    };
    bonds = mkOption {
      type = types.attrsOf (
        types.submodule {
          options = {
            interfaces = mkOption {
              type = types.listOf types.str;
              description = "The interfaces.";
            };
            driverOptions = mkOption {
              type = types.attrsOf types.str;
              default = { };
              description = "Options of the driver.";
            };
          };
        }
      );
      default = { };
      description = "Interfaces that stand for several, by name.";
    };
    wireguard.enable = mkEnableOption "WireGuard";
  };

  config.networking.hosts = lib.mkIf (config.networking.hostName != "") {
    "127.0.0.2" = [ config.networking.hostName ];
  };
  config.networking.firewall.trustedInterfaces = [ "lo" ];
}
