# Names, addresses and the firewall.
{ config, lib, ... }:

let
  inherit (lib) mkEnableOption mkOption types;

  ports = mkOption {
    type = types.listOf types.port;
    default = [ ];
    # Several services may open one port.
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
      default = [ "pool.ntp.org" ];
      description = "Servers that know the time.";
    };
    defaultGateway = mkOption {
      type = types.nullOr types.str;
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
      enable = mkEnableOption "a list of name servers that several programs keep";
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
        type = types.nullOr types.package;
        default = null;
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
    wireguard.enable = mkEnableOption "WireGuard";
  };
}
