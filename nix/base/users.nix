# Users and groups.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkEnableOption mkOption types;
  inherit (config.users) defaultUserShell;

  secret =
    description:
    mkOption {
      type = types.nullOr types.str;
      default = null;
      inherit description;
    };

  ranges =
    kind:
    mkOption {
      type = types.listOf (
        types.submodule {
          options = {
            ${"start${lib.toUpper (lib.substring 0 1 kind)}id"} = mkOption {
              type = types.int;
              description = "The first number.";
            };
            count = mkOption {
              type = types.int;
              default = 1;
              description = "How many.";
            };
          };
        }
      );
      default = [ ];
      description = "Numbers of ${kind}s in the user's containers.";
    };

  user =
    { name, config, ... }:
    {
      options = {
        enable = mkOption {
          type = types.bool;
          default = true;
          description = "Whether the account is made.";
        };
        name = mkOption {
          type = types.str;
          default = name;
          defaultText = "the attribute's name";
          description = "The user's name.";
        };
        description = mkOption {
          type = types.str;
          default = "";
          example = "Ada Lovelace";
          description = "The user's full name.";
        };
        uid = mkOption {
          type = types.nullOr types.int;
          default = null;
          description = "The user's number; `null` for any free one.";
        };
        isSystemUser = mkEnableOption "an account for a service";
        isNormalUser = mkEnableOption "an account for a person";
        group = mkOption {
          type = types.str;
          default = "";
          description = "The user's own group.";
        };
        extraGroups = mkOption {
          type = types.listOf types.str;
          default = [ ];
          example = [ "wheel" ];
          description = "Further groups.";
        };
        home = mkOption {
          type = types.str;
          default = "/var/empty";
          description = "The home directory.";
        };
        createHome = mkEnableOption "making the home directory";
        shell = mkOption {
          type = types.nullOr (types.either types.package types.path);
          default = pkgs.shadow;
          defaultText = lib.literalExpression "pkgs.shadow";
          description = "The login shell; as it is by default, nobody can log in.";
        };
        packages = mkOption {
          type = types.listOf types.package;
          default = [ ];
          description = "Packages for this user.";
        };
        useDefaultShell = mkEnableOption "the usual login shell";
        ignoreShellProgramCheck = mkEnableOption "a login shell that the system does not set up";
        homeMode = mkOption {
          type = types.strMatching "[0-7]{1,5}";
          default = "700";
          description = "Permissions of the home directory.";
        };
        linger = mkOption {
          type = types.nullOr types.bool;
          default = null;
          description = "Whether a session outlives the last login; `null` leaves that to `loginctl`.";
        };
        expires = mkOption {
          type = types.nullOr (types.strMatching "[[:digit:]]{4}-[[:digit:]]{2}-[[:digit:]]{2}");
          default = null;
          description = "The day on which the account expires.";
        };
        cryptHomeLuks = secret "A device with the home directory, encrypted.";
        autoSubUidGidRange = mkEnableOption "a range of numbers for the user's containers";
        subUidRanges = ranges "user";
        subGidRanges = ranges "group";
        pamMount = mkOption {
          type = types.attrsOf types.str;
          default = { };
          description = "A volume to mount at login.";
        };
        password = secret "The password, readable by everyone who reads the configuration.";
        hashedPassword = secret "The password's hash.";
        initialPassword = secret "The password until it is changed, readable by everyone.";
        initialHashedPassword = secret "The hash of the password until it is changed.";
        hashedPasswordFile = secret "A file with the password's hash.";
        openssh.authorizedKeys = {
          keys = mkOption {
            type = types.listOf types.str;
            default = [ ];
            description = "Keys that may log in over SSH.";
          };
          keyFiles = mkOption {
            type = types.listOf types.path;
            default = [ ];
            description = "Files with such keys.";
          };
        };
      };

      config = lib.mkMerge [
        { shell = lib.mkIf config.useDefaultShell (lib.mkDefault defaultUserShell); }
        (lib.mkIf config.isNormalUser {
          group = lib.mkDefault "users";
          home = lib.mkDefault "/home/${config.name}";
          createHome = lib.mkDefault true;
          useDefaultShell = lib.mkDefault true;
        })
        # Such users get ranges of their own unless they set some.
        (lib.mkIf (config.isNormalUser && config.subUidRanges == [ ] && config.subGidRanges == [ ]) {
          autoSubUidGidRange = lib.mkDefault true;
        })
      ];
    };

  group =
    { name, ... }:
    {
      options = {
        name = mkOption {
          type = types.str;
          default = name;
          defaultText = "the attribute's name";
          description = "The group's name.";
        };
        gid = mkOption {
          type = types.nullOr types.int;
          default = null;
          description = "The group's number; `null` for any free one.";
        };
        members = mkOption {
          type = types.listOf types.str;
          default = [ ];
          description = "Members beside those that name the group themselves.";
        };
      };
    };
in
{
  imports = [
    (lib.mkAliasOptionModule [ "users" "extraUsers" ] [ "users" "users" ])
    (lib.mkAliasOptionModule [ "users" "extraGroups" ] [ "users" "groups" ])
  ];

  options.users = {
    users = mkOption {
      type = types.attrsOf (types.submodule user);
      default = { };
      description = "User accounts.";
    };
    groups = mkOption {
      type = types.attrsOf (types.submodule group);
      default = { };
      description = "Groups of users.";
    };
    mutableUsers = mkOption {
      type = types.bool;
      default = true;
      description = "Whether users may be changed while the system runs.";
    };
    defaultUserShell = mkOption {
      type = types.either types.path types.package;
      default = pkgs.bashInteractive;
      defaultText = "Bash";
      description = "The usual login shell.";
    };
    enforceIdUniqueness = mkOption {
      type = types.bool;
      default = true;
      description = "Whether no two users or groups share a number.";
    };
  };

  config.users.users.root = {
    uid = 0;
    description = "System administrator";
    group = "root";
    home = "/root";
    shell = lib.mkDefault defaultUserShell;
  };
  config.users.groups = {
    root.gid = 0;
    wheel.gid = 1;
    users.gid = 100;
  };
}
