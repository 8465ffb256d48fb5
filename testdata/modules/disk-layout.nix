# Disks and what is on them, nested as deep as one likes: partitions, encryption, volumes, file systems.
{
  config,
  lib,
  ...
}:

let
  inherit (lib) mkOption types;
  cfg = config.disks;

  # What can be on a device: one of these kinds, which differ in what they have.
  kinds = {
    filesystem = {
      options = {
        format = mkOption {
          type = types.enum [
            "btrfs"
            "ext4"
            "vfat"
            "xfs"
          ];
          default = "ext4";
          description = "Its type.";
        };
        mountPoint = mkOption {
          type = types.path;
          description = "Where it is mounted.";
        };
        mountOptions = mkOption {
          type = types.listOf types.str;
          default = [ ];
          description = "Options to mount it with.";
        };
      };
    };
    swap.options.priority = mkOption {
      type = types.nullOr types.int;
      default = null;
      description = "Devices of higher priority are used first.";
    };
    encrypted.options = {
      name = mkOption {
        type = types.strMatching "[a-z][a-z0-9-]*";
        description = "Name of the opened device.";
      };
      discards = lib.mkEnableOption "passing discards on";
      inside = mkOption {
        type = content;
        default = { };
        description = "What is on the opened device.";
      };
    };
  };

  content = types.submodule {
    options = lib.mapAttrs (
      kind: module:
      mkOption {
        type = types.nullOr (types.submodule module);
        default = null;
        description = "Contents of the kind ${kind}.";
      }
    ) kinds;
  };

  partition =
    { config, ... }:
    {
      options = {
        label = mkOption {
          type = types.str;
          description = "Its label, which it is found by.";
        };
        size = mkOption {
          type = types.either (types.enum [ "rest" ]) (types.strMatching "[0-9]+[KMGT]");
          default = "rest";
          description = "Its size.";
        };
        bootable = mkOption {
          type = types.bool;
          default = config.content.filesystem.format or null == "vfat";
          defaultText = "whether it holds a FAT file system";
          description = "Whether firmware boots from it.";
        };
        content = mkOption {
          type = content;
          default = { };
          description = "What is on it.";
        };
      };
    };

  disk =
    { name, ... }:
    {
      options = {
        device = mkOption {
          type = types.path;
          default = "/dev/${name}";
          defaultText = "the attribute's name, under /dev";
          description = "The disk.";
        };
        table = mkOption {
          type = types.enum [
            "gpt"
            "mbr"
          ];
          default = "gpt";
          description = "Its kind of partition table.";
        };
        partitions = mkOption {
          type = types.listOf (types.submodule partition);
          default = [ ];
          description = "Its partitions, in order.";
        };
      };
    };

  # Every content along with its device, those inside of others as well.
  flatten =
    device: content:
    [ { inherit device content; } ]
    ++ lib.optionals (content.encrypted != null) (
      flatten "/dev/mapper/${content.encrypted.name}" content.encrypted.inside
    );

  all = lib.concatMap (
    disk:
    lib.concatMap (
      partition: flatten "/dev/disk/by-partlabel/${partition.label}" partition.content
    ) disk.partitions
  ) (lib.attrValues cfg);

  ofKind =
    kind:
    map (entry: entry.content.${kind} // { inherit (entry) device; }) (
      lib.filter (entry: entry.content.${kind} != null) all
    );
in
{
  options.disks = mkOption {
    type = types.attrsOf (types.submodule disk);
    default = { };
    description = "Disks, by the name of their device.";
  };

  config = {
    fileSystems = lib.listToAttrs (
      map (
        found:
        lib.nameValuePair found.mountPoint {
          inherit (found) device;
          fsType = found.format;
          options = lib.mkIf (found.mountOptions != [ ]) found.mountOptions;
          neededForBoot = found.mountPoint == "/";
        }
      ) (ofKind "filesystem")
    );
    swapDevices = map (found: { inherit (found) device priority; }) (ofKind "swap");
    boot.initrd.luks.devices = lib.listToAttrs (
      map (
        found:
        lib.nameValuePair found.name {
          inherit (found) device;
          allowDiscards = found.discards;
        }
      ) (ofKind "encrypted")
    );
    boot.initrd.availableKernelModules = lib.unique (map (found: found.format) (ofKind "filesystem"));

    assertions =
      lib.mapAttrsToList (name: disk: {
        assertion = lib.count (partition: partition.size == "rest") disk.partitions <= 1;
        message = "only one partition of ${name} can have the rest of it";
      }) cfg
      ++ map (entry: {
        assertion = lib.count (kind: entry.content.${kind} != null) (lib.attrNames kinds) <= 1;
        message = "${entry.device} cannot hold several things at once";
      }) all;
  };
}
