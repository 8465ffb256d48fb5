# Databases in which other services keep their data.
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
    required
    string
    ;
  atom = types.oneOf [
    types.bool
    types.float
    types.int
    types.str
  ];

  redis =
    { name, config, ... }:
    let
      suffix = if name == "" then "" else "-${name}";
    in
    {
      options = {
        enable = mkEnableOption "this server";
        user = string "redis${suffix}" "Who it runs as." // {
          defaultText = "redis and the attribute's name";
        };
        group = string config.user "Its group." // {
          defaultText = lib.literalExpression "config.user";
        };
        port = short.port (if name == "" then 6379 else 0) "The port; 0 for none." // {
          defaultText = "6379 for the server without a name";
        };
        bind = option (types.nullOr types.str) "127.0.0.1" "The address to listen on.";
        openFirewall = flag false "Whether the firewall lets it through.";
        unixSocket =
          option (types.nullOr types.path) (
            if name == "" then "/run/redis/redis.sock" else "/run/redis-${name}/redis.sock"
          ) "The socket to listen on."
          // {
            defaultText = "below /run";
          };
        unixSocketPerm = option types.int 660 "Its permissions.";
        databases = option types.int 16 "How many databases there are.";
        maxclients = option types.int 10000 "How many clients there may be.";
        logLevel = string "notice" "How much it logs.";
        logfile = string "/dev/null" "Where it logs.";
        syslog = flag true "Whether it logs to the system's log.";
        save = option (types.listOf (types.listOf types.int)) [
          [
            900
            1
          ]
          [
            300
            10
          ]
          [
            60
            10000
          ]
        ] "When it saves: seconds, and changes.";
        appendOnly = flag false "Whether it keeps a log of all changes.";
        appendFsync = string "everysec" "How often that is written out.";
        requirePass = maybe types.str "The password.";
        requirePassFile = maybe types.path "A file with the password.";
        extraParams = names "Further words on the command line.";
        settings = option (types.attrsOf (
          types.oneOf [
            types.bool
            types.int
            types.str
            (types.listOf types.str)
          ]
        )) { } "Settings of redis.conf.";
      };
    };
in
{
  options.services = {
    postgresql = {
      enable = mkEnableOption "PostgreSQL";
      package = package pkgs.postgresql_17 "Which PostgreSQL.";
      finalPackage = package config.services.postgresql.package "The same with its extensions." // {
        internal = true;
        readOnly = true;
      };
      dataDir =
        option types.path "/var/lib/postgresql/${config.services.postgresql.package.psqlSchema}"
          "Where it keeps its data."
        // {
          defaultText = "below /var/lib/postgresql";
        };
      authentication = lines "Lines for pg_hba.conf.";
      identMap = lines "Lines for pg_ident.conf.";
      initialScript = maybe types.path "SQL to run once.";
      ensureDatabases = names "Databases that must be there.";
      ensureUsers = option (types.listOf (
        types.submodule {
          options = {
            name = required types.str "The user.";
            ensureDBOwnership = flag false "Whether the database of that name is the user's.";
            ensureClauses =
              option (types.submodule { freeformType = types.attrsOf atom; }) { }
                "What the user may do.";
          };
        }
      )) [ ] "Users that must be there.";
      enableTCPIP = flag false "Whether it listens on the network.";
      enableJIT = flag false "Whether it compiles queries.";
      settings = option (types.submodule {
        freeformType = types.attrsOf atom;
        options = {
          port = short.port 5432 "The port.";
          shared_preload_libraries =
            option (types.nullOr (types.coercedTo (types.listOf types.str) (lib.concatStringsSep ",") types.commas))
              null
              "Libraries to load.";
          log_line_prefix = string "[%p] " "What log lines begin with.";
        };
      }) { } "Settings of postgresql.conf.";
      superUser = string "postgres" "Who may do everything." // {
        internal = true;
        readOnly = true;
      };
    };

    mysql = {
      enable = mkEnableOption "MySQL or MariaDB";
      package = package pkgs.mariadb "Which of them.";
      user = string "mysql" "Who it runs as.";
      group = string "mysql" "Its group.";
      dataDir = option types.path "/var/lib/mysql" "Where it keeps its data.";
      settings = option (types.attrsOf (types.attrsOf types.unspecified)) { } "Settings of my.cnf, by section.";
      initialScript = maybe types.path "SQL to run once.";
      ensureDatabases = names "Databases that must be there.";
      ensureUsers = option (types.listOf (
        types.submodule {
          options = {
            name = required types.str "The user.";
            ensurePermissions = option (types.attrsOf types.str) { } "What the user may do.";
          };
        }
      )) [ ] "Users that must be there.";
    };

    redis = {
      package = package pkgs.redis "Which Redis.";
      vmOverCommit = flag true "Whether memory may be promised twice.";
      servers = attrs redis "Servers, by name.";
    };
    memcached.enable = mkEnableOption "memcached";
  };
}
