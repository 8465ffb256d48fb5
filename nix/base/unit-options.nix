# Options of systemd's units. Not a module: systemd.nix builds its submodules from these.
{ lib, pkgs }:

let
  inherit (lib) mkEnableOption mkOption types;

  units =
    description:
    mkOption {
      type = types.listOf types.str;
      default = [ ];
      inherit description;
    };

  # A setting of a section: some may be given several times, and are a list then.
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

  # What all kinds of units have.
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
    documentation = units "Where the unit is described, as URIs.";
    wantedBy = units "Units that start this one.";
    requiredBy = units "Units that start this one and fail if it fails.";
    upheldBy = units "Units that keep this one running.";
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
    enableDefaultPath = mkOption {
      type = types.bool;
      default = true;
      description = "Whether the usual tools are found by the service.";
    };
  };

  # The command lines that the scripts of a service turn into.
  serviceCommands =
    { name, config, ... }:
    let
      scriptFor =
        kind: text:
        "${
          pkgs.writeShellScript "unit-script-${name}-${kind}" ''
            set -e
            ${text}
          ''
        }";
      command =
        setting: kind: text:
        lib.mkIf (text != "") { ${setting} = [ (scriptFor kind text) ]; };
    in
    {
      config.serviceConfig = lib.mkMerge [
        (lib.mkIf (config.script != "") {
          ExecStart = lib.concatStringsSep " " (
            [ (scriptFor "start" config.script) ] ++ lib.optional (config.scriptArgs != "") config.scriptArgs
          );
        })
        (command "ExecStartPre" "pre-start" config.preStart)
        (command "ExecStartPost" "post-start" config.postStart)
        (command "ExecReload" "reload" config.reload)
        (command "ExecStop" "pre-stop" config.preStop)
        (command "ExecStopPost" "post-stop" config.postStop)
      ];
    };
in
{
  inherit common service serviceCommands;

  socket = common // {
    socketConfig = section "Socket";
    listenStreams = units "Addresses of stream sockets to listen on.";
    listenDatagrams = units "Addresses of datagram sockets to listen on.";
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
  # A unit as text, for what the other kinds cannot say.
  unit = {
    inherit (common)
      enable
      aliases
      wantedBy
      requiredBy
      upheldBy
      ;
    text = mkOption {
      type = types.nullOr types.str;
      default = null;
      description = "The unit's whole file.";
    };
    overrideStrategy = mkOption {
      type = types.enum [
        "asDropinIfExists"
        "asDropin"
      ];
      default = "asDropinIfExists";
      description = "Whether the file stands beside one that a package brings.";
    };
  };
}
