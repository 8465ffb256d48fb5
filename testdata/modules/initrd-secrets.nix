# Secrets that the initial ramdisk holds: keys to open disks with, credentials to ask a server for them.
{
  config,
  lib,
  ...
}:

let
  inherit (lib) mkIf mkOption types;
  cfg = config.boot.initrd.sealedSecrets;

  secret =
    { name, config, ... }:
    {
      options = {
        source = mkOption {
          type = types.either types.str types.path;
          example = "/var/lib/secrets/disk.key";
          description = "The file, as found when the boot loader is installed.";
        };
        target = mkOption {
          type = types.strMatching "/.+";
          default = "/run/secrets/${name}";
          defaultText = lib.literalExpression ''"/run/secrets/\${name}"'';
          description = "Where the initial ramdisk has it.";
        };
        stage = mkOption {
          type = types.enum [
            "early"
            "late"
          ];
          default = "late";
          description = "Whether it is there before devices are looked for.";
        };
        destroy = lib.mkEnableOption "wiping it when the root file system is mounted" // {
          default = true;
        };
        command = mkOption {
          type = types.str;
          readOnly = true;
          internal = true;
          description = "The command that wipes it.";
        };
      };
      config.command = "shred -u ${lib.escapeShellArg config.target}";
    };

  wiped = lib.filter (secret: secret.destroy) (lib.attrValues cfg.files);
  targets = lib.mapAttrsToList (_: secret: secret.target) cfg.files;
in
{
  options.boot.initrd.sealedSecrets = {
    enable = lib.mkEnableOption "secrets in the initial ramdisk";
    files = mkOption {
      type = types.attrsOf (types.submodule secret);
      default = { };
      description = "The secrets, by name.";
    };
    count = mkOption {
      type = types.ints.unsigned;
      readOnly = true;
      default = lib.length (lib.attrNames cfg.files);
      defaultText = lib.literalExpression "the number of files";
      description = "How many there are.";
    };
  };

  config = mkIf cfg.enable {
    assertions = [
      {
        assertion = lib.length (lib.unique targets) == lib.length targets;
        message = "two secrets of the initial ramdisk have the same target: ${lib.concatStringsSep ", " targets}";
      }
    ]
    ++ lib.mapAttrsToList (name: secret: {
      assertion = !(lib.hasPrefix builtins.storeDir (toString secret.source));
      message = "the secret `${name}' is in the store, where everyone can read it";
    }) cfg.files;

    boot.initrd.secrets = lib.listToAttrs (
      map (secret: lib.nameValuePair secret.target secret.source) (lib.attrValues cfg.files)
    );
    boot.initrd.postMountCommands = mkIf (wiped != [ ]) (
      lib.mkAfter (lib.concatMapStringsSep "\n" (secret: secret.command) wiped)
    );
    warnings = lib.optional (cfg.files == { }) "boot.initrd.sealedSecrets is enabled without a secret";
  };
}
