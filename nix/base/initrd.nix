# The initial ramdisk, except the lists of its kernel modules.
{
  config,
  lib,
  ...
}:

let
  inherit (lib) mkEnableOption mkOption types;

  commands =
    when:
    mkOption {
      type = types.lines;
      default = "";
      description = "Shell commands to run ${when}.";
    };

  luksDevice =
    { name, ... }:
    {
      options = {
        name = mkOption {
          type = types.str;
          default = name;
          defaultText = "the attribute's name";
          description = "Name of the opened device under /dev/mapper.";
        };
        device = mkOption {
          type = types.path;
          example = "/dev/disk/by-uuid/430e9eff-d852-4f68-aa3b-2fa3599ebe08";
          description = "The encrypted device.";
        };
        header = mkOption {
          type = types.nullOr types.str;
          default = null;
          description = "A file or device that holds the header, where it is kept apart.";
        };
        keyFile = mkOption {
          type = types.nullOr types.str;
          default = null;
          description = "A file or device to read the key from, instead of asking for a passphrase.";
        };
        keyFileTimeout = mkOption {
          type = types.nullOr types.ints.positive;
          default = null;
          description = "Seconds to wait for the key file before a passphrase is asked for.";
        };
        allowDiscards = mkEnableOption "passing discards on to the device";
        bypassWorkqueues = mkEnableOption "encrypting without the kernel's work queues";
        preLVM = mkOption {
          type = types.bool;
          default = true;
          description = "Whether to open the device before logical volumes are looked for.";
        };
        fallbackToPassword = mkEnableOption "asking for a passphrase when the key file is missing";
        crypttabExtraOpts = mkOption {
          type = types.listOf types.str;
          default = [ ];
          example = [ "tpm2-device=auto" ];
          description = "Further options for the line in crypttab.";
        };
      };
    };
in
{
  options.boot.initrd = {
    enable = mkOption {
      type = types.bool;
      default = !config.boot.isContainer;
      defaultText = lib.literalExpression "!config.boot.isContainer";
      description = "Whether the system boots through an initial ramdisk.";
    };
    systemd = {
      enable = mkEnableOption "systemd in the initial ramdisk" // {
        default = true;
      };
      package = mkOption {
        type = types.package;
        default = config.systemd.package;
        defaultText = lib.literalExpression "config.systemd.package";
        description = "Which systemd.";
      };
      packages = mkOption {
        type = types.listOf types.package;
        default = [ ];
        description = "Packages with units.";
      };
      contents = mkOption {
        type = types.attrsOf types.attrs;
        default = { };
        description = "Files to put there, by path.";
      };
      emergencyAccess = mkOption {
        type = types.oneOf [
          types.bool
          (types.nullOr (types.passwdEntry types.str))
        ];
        default = false;
        description = "Who may log in when booting fails: everyone, nobody, or whoever knows the hashed password.";
      };
      services = mkOption {
        type = types.attrsOf types.attrs;
        default = { };
        description = "Services of systemd in the initial ramdisk.";
      };
      storePaths = mkOption {
        type = types.listOf types.path;
        default = [ ];
        description = "Store paths to copy into the initial ramdisk.";
      };
      extraBin = mkOption {
        type = types.attrsOf types.path;
        default = { };
        description = "Programs to put into the initial ramdisk, by the name they get there.";
      };
    };
    includeDefaultModules = mkOption {
      type = types.bool;
      default = true;
      description = "Whether to include modules for common hardware.";
    };
    supportedFilesystems = mkOption {
      type = types.coercedTo (types.listOf types.str) (
        names: lib.genAttrs names (_: true)
      ) (types.attrsOf types.bool);
      default = { };
      description = "File systems that the initial ramdisk can mount.";
    };
    compressor = mkOption {
      type = types.either types.str (types.functionTo types.str);
      default = "zstd";
      description = "Program that compresses the image.";
    };
    compressorArgs = mkOption {
      type = types.nullOr (types.listOf types.str);
      default = null;
      description = "Arguments for it; `null` for the usual ones.";
    };
    checkJournalingFS = mkOption {
      type = types.bool;
      default = true;
      description = "Whether to check journaling file systems, too.";
    };
    verbose = mkOption {
      type = types.bool;
      default = true;
      description = "Whether to say what happens while booting.";
    };
    secrets = mkOption {
      type = types.attrsOf (types.nullOr types.path);
      default = { };
      example = {
        "/etc/dropbear/host_key" = "/var/keys/dropbear";
      };
      description = "Files appended to the image when it is installed: place in the image → source, `null` if equal.";
    };
    extraFiles = mkOption {
      type = types.attrsOf (
        types.submodule {
          options.source = mkOption {
            type = types.package;
            description = "What to put there.";
          };
        }
      );
      default = { };
      description = "Further files in the image.";
    };
    prepend = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Archives to put before the image, such as microcode.";
    };

    extraUtilsCommands = commands "when the tools of the image are put together";
    preDeviceCommands = commands "before devices are looked for";
    preLVMCommands = commands "before logical volumes are looked for";
    postDeviceCommands = commands "when all devices are there";
    postResumeCommands = commands "after a resume was tried";
    preFailCommands = commands "before the emergency shell opens";
    postMountCommands = commands "when the file systems are mounted";

    network = {
      enable = mkEnableOption "networking in the initial ramdisk";
      ssh = {
        enable = mkEnableOption "a way to log in over SSH before the disks are open";
        port = mkOption {
          type = types.port;
          default = 22;
          description = "Port to listen on.";
        };
        hostKeys = mkOption {
          type = types.listOf (types.either types.str types.path);
          default = [ ];
          description = "Host keys; they end up readable in the image.";
        };
        authorizedKeys = mkOption {
          type = types.listOf types.str;
          default = [ ];
          description = "Keys that may log in.";
        };
      };
    };

    luks = {
      devices = mkOption {
        type = types.attrsOf (types.submodule luksDevice);
        default = { };
        description = "Encrypted devices to open before the root file system is mounted.";
      };
      cryptoModules = mkOption {
        type = types.listOf types.str;
        default = [
          "aes"
          "blowfish"
          "twofish"
          "serpent"
          "cbc"
          "xts"
          "lrw"
          "sha1"
          "sha256"
          "sha512"
          "af_alg"
          "algif_skcipher"
          "cryptd"
          "input_leds"
        ];
        description = "Kernel modules that are needed for it.";
      };
    };
  };
}
