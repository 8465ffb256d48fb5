# A service in several instances: backups of parts of the system, each with its own timer.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkOption types;
  cfg = config.services.backups;

  retention = {
    options = lib.genAttrs [ "daily" "weekly" "monthly" ] (
      period:
      mkOption {
        type = types.ints.unsigned;
        default = 0;
        description = "How many ${period} backups are kept.";
      }
    );
  };

  job =
    { name, config, ... }:
    {
      options = {
        enable = lib.mkEnableOption "this backup" // {
          default = true;
        };
        paths = mkOption {
          # One path may come without the brackets.
          type = types.coercedTo types.str lib.singleton (types.nonEmptyListOf types.str);
          example = "/home";
          description = "What is backed up.";
        };
        exclude = mkOption {
          type = types.listOf types.str;
          default = [ ];
          description = "Patterns of what is left out.";
        };
        repository = mkOption {
          type = types.str;
          default = "/var/backup/${name}";
          defaultText = lib.literalExpression ''"/var/backup/\${name}"'';
          description = "Where backups go.";
        };
        passwordFile = mkOption {
          type = types.nullOr types.path;
          default = null;
          description = "A file with the repository's password.";
        };
        schedule = mkOption {
          type = types.nullOr (types.either types.str (types.listOf types.str));
          default = "daily";
          description = "When it runs; `null` for by hand only.";
        };
        keep = mkOption {
          type = types.submodule retention;
          default = { };
          description = "What stays when old backups are removed.";
        };
        compression = mkOption {
          type = types.oneOf [
            types.bool
            (types.ints.between 1 22)
            (types.enum [
              "auto"
              "max"
            ])
          ];
          default = "auto";
          description = "How hard to compress: yes or no, a level, or a word.";
        };
        hooks = mkOption {
          type = types.attrsOf types.lines;
          default = { };
          example = {
            before = "pg_dumpall > /var/backup/db.sql";
          };
          description = "Shell commands to run `before` and `after`.";
        };
        arguments = mkOption {
          type = types.functionTo (types.listOf types.str);
          default = _: [ ];
          defaultText = lib.literalExpression "_: [ ]";
          description = "Further arguments, given the command (`backup` or `forget`).";
        };
        summary = mkOption {
          type = types.str;
          readOnly = true;
          default = "${name}: ${lib.concatStringsSep " " config.paths} → ${config.repository}";
          defaultText = "name, paths and repository";
          description = "The backup in a line.";
        };
      };
    };

  active = lib.filterAttrs (_: job: job.enable) cfg.jobs;

  compressionArgument =
    compression:
    if lib.isBool compression then
      (if compression then "auto" else "off")
    else
      toString compression;
in
{
  options.services.backups = {
    package = lib.mkPackageOption pkgs "restic" { };
    defaults = mkOption {
      type = types.raw;
      default = { };
      example = lib.literalExpression "{ keep.daily = 7; }";
      description = "A module that every backup begins with.";
    };
    jobs = mkOption {
      type = types.attrsOf (
        types.submodule [
          job
          cfg.defaults
        ]
      );
      default = { };
      description = "The backups, by name.";
    };
    overview = mkOption {
      type = types.lines;
      readOnly = true;
      default = lib.concatStringsSep "\n" (lib.mapAttrsToList (_: job: job.summary) active);
      defaultText = "a line for each backup";
      description = "All backups that are switched on.";
    };
  };

  config = lib.mkIf (active != { }) {
    assertions = lib.mapAttrsToList (name: job: {
      assertion = job.passwordFile != null || lib.hasPrefix "/" job.repository;
      message = "the backup `${name}' goes to ${job.repository} without a password";
    }) active;

    environment.systemPackages = [ cfg.package ];

    systemd.services = lib.mapAttrs' (
      name: job:
      lib.nameValuePair "backup-${name}" {
        description = "Backup ${name}";
        path = [ cfg.package ];
        environment = {
          RESTIC_REPOSITORY = job.repository;
          RESTIC_PASSWORD_FILE = job.passwordFile;
        };
        preStart = lib.mkIf (job.hooks ? before) job.hooks.before;
        postStop = lib.mkIf (job.hooks ? after) job.hooks.after;
        script = lib.concatStringsSep " " (
          [
            "restic"
            "backup"
            "--compression"
            (compressionArgument job.compression)
          ]
          ++ job.arguments "backup"
          ++ map (pattern: "--exclude=${lib.escapeShellArg pattern}") job.exclude
          ++ job.paths
        );
        serviceConfig.Type = "oneshot";
      }
    ) active;

    systemd.timers = lib.mapAttrs' (
      name: job:
      lib.nameValuePair "backup-${name}" {
        wantedBy = [ "timers.target" ];
        timerConfig = {
          OnCalendar = lib.toList job.schedule;
          Persistent = true;
        };
      }
    ) (lib.filterAttrs (_: job: job.schedule != null) active);

    systemd.tmpfiles.settings."10-backups" = lib.mapAttrs' (
      _: job: lib.nameValuePair job.repository { d.mode = "0700"; }
    ) (lib.filterAttrs (_: job: lib.hasPrefix "/" job.repository) active);
  };
}
