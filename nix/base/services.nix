# Services that boot and hardware modules set or read.
{
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkEnableOption mkOption types;

  lines =
    description:
    mkOption {
      type = types.lines;
      default = "";
      inherit description;
    };
  packages =
    description:
    mkOption {
      type = types.listOf types.path;
      default = [ ];
      inherit description;
    };
  sshdAtom =
    types.nullOr (
      types.oneOf [
        types.bool
        types.int
        types.float
        types.str
        (types.listOf types.str)
      ]
    )
    // {
      description = "atom (null, bool, int, float or string)";
    };
in
{
  options.services = {
    udev = {
      enable = mkEnableOption "udev" // {
        default = true;
      };
      packages = packages "Packages with rules.";
      path = packages "Packages whose programs rules call.";
      extraRules = lines "Rules to read after all others.";
      extraHwdb = lines "Facts about devices.";
    };

    dbus = {
      enable = mkEnableOption "D-Bus";
      packages = packages "Packages with D-Bus services.";
      implementation = mkOption {
        type = types.enum [
          "dbus"
          "broker"
        ];
        default = "broker";
        description = "Which message bus runs.";
      };
    };

    journald = {
      storage = mkOption {
        type = types.enum [
          "persistent"
          "volatile"
          "auto"
          "none"
        ];
        default = "persistent";
        description = "Where the journal is kept.";
      };
      extraConfig = lines "Text for journald.conf.";
    };
    logind.settings.Login = mkOption {
      type = types.submodule { freeformType = types.attrsOf types.anything; };
      default = { };
      example = {
        HandleLidSwitch = "suspend";
      };
      description = "Settings of logind.conf.";
    };
    timesyncd.enable = mkEnableOption "systemd's clock" // {
      default = true;
    };

    openssh = {
      enable = mkEnableOption "the SSH server";
      package = mkOption {
        type = types.package;
        default = pkgs.openssh;
        defaultText = lib.literalExpression "pkgs.openssh";
        description = "Which SSH.";
      };
      ports = mkOption {
        type = types.listOf types.port;
        default = [ 22 ];
        description = "Ports to listen on.";
      };
      openFirewall = mkOption {
        type = types.bool;
        default = true;
        description = "Whether the firewall lets them through.";
      };
      settings = mkOption {
        type = types.submodule {
          freeformType = types.attrsOf sshdAtom;
          options = {
            PasswordAuthentication = mkOption {
              type = types.nullOr types.bool;
              default = true;
              description = "Whether passwords are accepted.";
            };
            PermitRootLogin = mkOption {
              type = types.enum [
                "yes"
                "without-password"
                "prohibit-password"
                "forced-commands-only"
                "no"
              ];
              default = "prohibit-password";
              description = "Whether and how root may log in.";
            };
            X11Forwarding = mkEnableOption "windows over SSH";
          };
        };
        default = { };
        description = "Settings of sshd_config.";
      };
      extraConfig = lines "Further text for sshd_config.";
    };

    acpid.enable = mkEnableOption "acpid";
    avahi.enable = mkEnableOption "Avahi";
    cron.enable = mkEnableOption "cron";
    fstrim.enable = mkEnableOption "telling disks of unused blocks each week" // {
      default = true;
    };
    fwupd.enable = mkEnableOption "firmware updates";
    getty.autologinUser = mkOption {
      type = types.nullOr types.str;
      default = null;
      description = "Who is logged in on the consoles without asking.";
    };
    logrotate = {
      enable = mkEnableOption "logrotate";
      settings = mkOption {
        type = types.attrsOf (
          types.submodule {
            freeformType = types.attrsOf (
              types.nullOr (
                types.oneOf [
                  types.int
                  types.bool
                  types.str
                ]
              )
            );
            options = {
              enable = mkEnableOption "this entry" // {
                default = true;
              };
              global = mkEnableOption "it for all files";
              files = mkOption {
                type = types.either types.str (types.listOf types.str);
                default = [ ];
                description = "Which files.";
              };
              frequency = mkOption {
                type = types.nullOr types.str;
                default = null;
                description = "How often.";
              };
              priority = mkOption {
                type = types.int;
                default = 1000;
                description = "Entries of lower numbers come first.";
              };
            };
          }
        );
        default = { };
        description = "Which logs are rotated and how.";
      };
    };
    libinput.enable = mkEnableOption "libinput";
    lvm.enable = mkEnableOption "logical volumes" // {
      default = true;
    };
    pipewire = {
      enable = mkEnableOption "PipeWire";
      alsa.enable = mkEnableOption "its ALSA interface";
      pulse.enable = mkEnableOption "its PulseAudio interface";
    };
    power-profiles-daemon.enable = mkEnableOption "power profiles";
    printing.enable = mkEnableOption "printing";
    resolved.enable = mkEnableOption "systemd's resolver";
    smartd.enable = mkEnableOption "watching disks for signs of age";
    thermald.enable = mkEnableOption "thermald";
    tlp = {
      enable = mkEnableOption "TLP";
      settings = mkOption {
        type = types.attrsOf (
          types.oneOf [
            types.bool
            types.int
            types.float
            types.str
            (types.listOf types.str)
          ]
        );
        default = { };
        description = "Settings of tlp.conf.";
      };
    };
    upower.enable = mkEnableOption "UPower";
    xserver = {
      enable = mkEnableOption "the X server";
      videoDrivers = mkOption {
        type = types.listOf types.str;
        default = [
          "modesetting"
          "fbdev"
        ];
        description = "Graphics drivers to try.";
      };
      xkb.dir = mkOption {
        type = types.path;
        default = "${pkgs.xkeyboard_config}/etc/X11/xkb";
        defaultText = "that of xkeyboard_config";
        description = "Where layouts are.";
      };
      xkb.layout = mkOption {
        type = types.str;
        default = "us";
        description = "The keyboard's layout.";
      };
    };
  };

  # Every system has the bus: systemd talks through it.
  config.services.dbus.enable = true;
}
