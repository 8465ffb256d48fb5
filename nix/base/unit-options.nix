# Options of systemd's units. Not a module: systemd.nix builds its submodules from these.
{
  lib,
  pkgs,
  # The systemd whose programs are on every service's path.
  systemd ? pkgs.systemd,
}:

let
  inherit (lib) mkEnableOption mkOption types;

  listOf =
    type: description:
    mkOption {
      type = types.listOf type;
      default = [ ];
      inherit description;
    };
  texts = listOf types.str;
  units = listOf (
    types.strMatching "[a-zA-Z0-9@%:_.\\\\-]+[.](service|socket|device|mount|automount|swap|target|path|timer|scope|slice)"
  );

  # A setting of a section. Some may be given several times; these are lists then.
  settingAtom = types.nullOr (
    types.oneOf [
      types.bool
      types.int
      types.float
      types.str
      types.path
    ]
  );
  section =
    name:
    mkOption {
      type = types.attrsOf (types.either settingAtom (types.listOf settingAtom));
      default = { };
      description = "Settings of the section [${name}].";
    };

  triggers =
    what:
    mkOption {
      type = types.listOf types.unspecified;
      default = [ ];
      description = "Anything at all: the unit is ${what} when it is another than before.";
    };

  shell =
    when:
    mkOption {
      type = types.lines;
      default = "";
      description = "Shell commands to run ${when}.";
    };

  # The options of all kinds of units.
  common = {
    enable = mkOption {
      type = types.bool;
      default = true;
      description = "Whether the unit exists; if not it is masked.";
    };
    description = mkOption {
      type = types.str;
      default = "";
      description = "What the unit is, for people.";
    };
    documentation = texts "Where the unit is described, as URIs.";
    wantedBy = units "Units that start this one.";
    requiredBy = units "Units that start this one and fail if it fails.";
    upheldBy = units "Units that keep this one running.";
    upholds = units "Units that this one keeps running.";
    wants = units "Units that this one starts.";
    requires = units "Units that this one starts and cannot do without.";
    requisite = units "Units that must run already.";
    bindsTo = units "Units that this one stops with.";
    partOf = units "Units that this one is stopped and restarted with.";
    conflicts = units "Units that cannot run beside this one.";
    before = units "Units that wait for this one.";
    after = units "Units that this one waits for.";
    onFailure = units "Units to start when this one fails.";
    onSuccess = units "Units to start when this one ends well.";
    aliases = units "Other names of the unit.";
    overrideStrategy = mkOption {
      type = types.enum [
        "asDropinIfExists"
        "asDropin"
      ];
      default = "asDropinIfExists";
      description = "Whether the unit stands beside one that a package brings.";
    };
    unitConfig = section "Unit";
    restartTriggers = triggers "restarted";
    reloadTriggers = triggers "reloaded";
    startLimitBurst = mkOption {
      type = types.nullOr types.int;
      default = null;
      description = "How often the unit may start in an interval.";
    };
    startLimitIntervalSec = mkOption {
      type = types.nullOr types.int;
      default = null;
      description = "Length of the interval in seconds.";
    };
  };

  service = common // {
    serviceConfig = section "Service";
    environment = mkOption {
      type = types.attrsOf (
        types.nullOr (
          types.oneOf [
            types.str
            types.path
            types.package
          ]
        )
      );
      default = { };
      description = "Environment variables of the service.";
    };
    path = mkOption {
      type = types.listOf (
        types.nullOr (
          types.oneOf [
            types.package
            types.str
          ]
        )
      );
      default = [ ];
      description = "Packages whose programs the service finds.";
    };
    script = shell "as the service";
    scriptArgs = mkOption {
      type = types.str;
      default = "";
      description = "Arguments of that script.";
    };
    preStart = shell "before the service starts";
    postStart = shell "after the service has started";
    reload = shell "to reload the service";
    preStop = shell "to stop the service";
    postStop = shell "after the service has stopped";
    startAt = mkOption {
      type = types.coercedTo types.str lib.singleton (types.listOf types.str);
      default = [ ];
      example = "Sun 14:00:00";
      description = "When to start the service, as times of systemd.";
    };
    restartIfChanged = mkOption {
      type = types.bool;
      default = true;
      description = "Whether a switch to another system restarts the service when it has changed.";
    };
    reloadIfChanged = mkEnableOption "reloading the service instead";
    stopIfChanged = mkOption {
      type = types.bool;
      default = true;
      description = "Whether the old service is stopped before the switch and the new one started after it.";
    };
    notSocketActivated = mkEnableOption "stopping the service's socket before the service is started anew";
    enableStrictShellChecks = mkEnableOption "stricter checks of the scripts";
    enableDefaultPath = mkOption {
      type = types.bool;
      default = true;
      description = "Whether the usual tools are found by the service.";
    };
  };

  # Derives the section [Unit] from a unit's other options.
  unitSection =
    {
      name,
      config,
      ...
    }:
    let
      all = {
        Requires = config.requires;
        Wants = config.wants;
        Upholds = config.upholds;
        After = config.after;
        Before = config.before;
        BindsTo = config.bindsTo;
        PartOf = config.partOf;
        Conflicts = config.conflicts;
        Requisite = config.requisite;
        Documentation = config.documentation;
        OnFailure = config.onFailure;
        OnSuccess = config.onSuccess;
      };
      flat = value: if builtins.isList value then builtins.concatMap flat value else [ value ];
      text = value: if builtins.typeOf value == "path" then "${value}" else toString value;
      trigger = kind: list: {
        ${if list == [ ] then null else "X-${kind}-Triggers"} = "${
          pkgs.writeText "X-${kind}-Triggers-${name}" (lib.concatMapStringsSep " " text (flat list))
        }";
      };
    in
    {
      config.unitConfig =
        lib.mapAttrs (_: toString) (lib.filterAttrs (_: list: list != [ ]) all)
        // trigger "Restart" config.restartTriggers
        // trigger "Reload" config.reloadTriggers
        // lib.optionalAttrs (config.description != "") { Description = config.description; }
        // lib.optionalAttrs (config.startLimitIntervalSec != null) {
          StartLimitIntervalSec = toString config.startLimitIntervalSec;
        }
        // lib.optionalAttrs (config.startLimitBurst != null) { StartLimitBurst = toString config.startLimitBurst; };
    };

  # Turns the scripts of a service into command lines, and sets where the service finds programs.
  commands =
    { name, config, ... }:
    let
      scriptFor =
        kind: text:
        let
          script = lib.replaceStrings [ "\\" "@" ] [ "--" "_" ] "${name}-${kind}";
        in
        "${
          pkgs.writeTextFile {
            name = "unit-script-${script}";
            destination = "/bin/${script}";
            executable = true;
            text = ''
              #!${pkgs.runtimeShell}
              set -e

              ${text}
            '';
          }
        }/bin/${script}";
      command =
        setting: value: text:
        lib.mkIf (text != "") { ${setting} = value; };
    in
    {
      config.environment.PATH = lib.mkIf (
        config.path != [ ]
      ) "${lib.makeBinPath config.path}:${lib.makeSearchPath "sbin" (map (lib.getOutput "bin") config.path)}";
      config.serviceConfig = lib.mkMerge [
        (command "ExecStart" "${scriptFor "start" config.script} ${config.scriptArgs}" config.script)
        (command "ExecStartPre" [ (scriptFor "pre-start" config.preStart) ] config.preStart)
        (command "ExecStartPost" [ (scriptFor "post-start" config.postStart) ] config.postStart)
        (command "ExecReload" (scriptFor "reload" config.reload) config.reload)
        (command "ExecStop" (scriptFor "pre-stop" config.preStop) config.preStop)
        (command "ExecStopPost" (scriptFor "post-stop" config.postStop) config.postStop)
      ];
    };
  defaultPath =
    { config, ... }:
    {
      config.path = lib.mkIf config.enableDefaultPath (
        lib.mkAfter [
          pkgs.coreutils
          pkgs.findutils
          pkgs.gnugrep
          pkgs.gnused
          systemd
        ]
      );
    };

  # Derives the section of a mount from its other options.
  mountSection =
    { config, ... }:
    {
      config.mountConfig = {
        What = config.what;
        Where = config.where;
      }
      // lib.optionalAttrs (config.type != "") { Type = config.type; }
      // lib.optionalAttrs (config.options != "") { Options = config.options; };
    };
  automountSection =
    { config, ... }:
    {
      config.automountConfig.Where = config.where;
    };
in
{
  inherit common service;
  # The modules that fill in the sections of units.
  sections = {
    unit = [ unitSection ];
    service = [
      unitSection
      commands
      defaultPath
    ];
    initrdService = [
      unitSection
      commands
    ];
    mount = [
      unitSection
      mountSection
    ];
    automount = [
      unitSection
      automountSection
    ];
  };

  socket = common // {
    socketConfig = section "Socket";
    listenStreams = texts "Addresses of stream sockets to listen on.";
    listenDatagrams = texts "Addresses of datagram sockets to listen on.";
  };
  timer = common // {
    timerConfig = section "Timer";
  };
  path = common // {
    pathConfig = section "Path";
  };
  target = common;
  slice = common // {
    sliceConfig = section "Slice";
  };
  mount = common // {
    what = mkOption {
      type = types.str;
      example = "/dev/sda1";
      description = "The device.";
    };
    where = mkOption {
      type = types.str;
      example = "/mnt";
      description = "The mount point.";
    };
    type = mkOption {
      type = types.str;
      default = "";
      example = "ext4";
      description = "Type of the file system.";
    };
    options = mkOption {
      type = types.commas;
      default = "";
      example = "noatime";
      description = "Options to mount it with.";
    };
    mountConfig = section "Mount";
  };
  automount = common // {
    where = mkOption {
      type = types.str;
      example = "/mnt";
      description = "The mount point.";
    };
    automountConfig = section "Automount";
  };
  # A unit as text, for what the other kinds cannot express.
  unit = {
    inherit (common)
      enable
      aliases
      wantedBy
      requiredBy
      upheldBy
      overrideStrategy
      ;
    text = mkOption {
      type = types.nullOr types.str;
      default = null;
      description = "The unit's whole file.";
    };
  };
}
