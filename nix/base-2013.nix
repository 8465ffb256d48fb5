# The base modules for a lib of 2013: as much as the kernel module of that year needs.
#
# Such a lib has no `coercedTo`, `enum`, `either` or free-form types, and passes `pkgs` and its lib to modules
# as plain arguments. The options shared with ./base give the same values.
{ config, pkgs, ... }:

with pkgs.lib;

let
  flag = default: description: mkOption { type = types.bool; inherit default description; };
  strings = description: mkOption { type = types.listOf types.str; default = [ ]; inherit description; };
  text = description: mkOption { type = types.lines; default = ""; inherit description; };
  maybe = type: description: mkOption { type = types.nullOr type; default = null; inherit description; };
  anything = description: mkOption { type = types.attrsOf types.unspecified; default = { }; inherit description; };

  # Files are identified by their target, whether they come as a list or as a set.
  etcFiles =
    let
      byName = types.attrsOf (types.submodule etcFile);
      byTarget = def: def // {
        value =
          if isList def.value then
            listToAttrs (map (file: nameValuePair file.target file) def.value)
          else
            def.value;
      };
    in
    mkOptionType {
      name = "files under /etc";
      check = files: isList files || isAttrs files;
      merge = loc: defs: byName.merge loc (map byTarget defs);
      getSubOptions = byName.getSubOptions;
    };

  etcFile = { name, config, ... }: {
    options = {
      enable = flag true "Whether the file is made.";
      target = mkOption {
        type = types.str;
        description = "Path of the file, relative to /etc.";
      };
      text = maybe types.lines "What the file says.";
      source = mkOption {
        type = types.path;
        description = "The file to link to; made from `text` if that is given.";
      };
      mode = mkOption {
        type = types.str;
        default = "symlink";
        description = "Permissions of a copy, or `symlink` for a link.";
      };
      uid = mkOption { type = types.int; default = 0; description = "Owner of a copy, by number."; };
      gid = mkOption { type = types.int; default = 0; description = "Group of a copy, by number."; };
      user = mkOption { type = types.str; description = "Owner of a copy, by name."; };
      group = mkOption { type = types.str; description = "Group of a copy, by name."; };
    };
    config = {
      target = mkDefault name;
      user = mkDefault "+${toString config.uid}";
      group = mkDefault "+${toString config.gid}";
      source = mkIf (config.text != null) (
        mkDefault (pkgs.writeText "etc-${replaceChars [ "/" "@" ":" ] [ "-" "-" "-" ] name}" config.text)
      );
    };
  };

  service = { name, config, ... }: {
    options = {
      enable = flag true "Whether the unit exists; if not it is masked.";
      description = mkOption { type = types.str; default = ""; description = "What the unit is, for people."; };
      documentation = strings "Where the unit is described, as URIs.";
      wantedBy = strings "Units that start this one.";
      requiredBy = strings "Units that start this one and fail if it fails.";
      upheldBy = strings "Units that keep this one running.";
      wants = strings "Units that this one starts.";
      requires = strings "Units that this one starts and cannot do without.";
      requisite = strings "Units that must run already.";
      bindsTo = strings "Units that this one stops with.";
      partOf = strings "Units that this one is stopped and restarted with.";
      conflicts = strings "Units that cannot run beside this one.";
      before = strings "Units that wait for this one.";
      after = strings "Units that this one waits for.";
      onFailure = strings "Units to start when this one fails.";
      onSuccess = strings "Units to start when this one ends well.";
      aliases = strings "Other names of the unit.";
      unitConfig = anything "Settings of the section [Unit].";
      serviceConfig = anything "Settings of the section [Service].";
      restartTriggers = mkOption {
        type = types.listOf types.unspecified;
        default = [ ];
        description = "Anything at all: the unit is restarted when it is another than before.";
      };
      reloadTriggers = mkOption {
        type = types.listOf types.unspecified;
        default = [ ];
        description = "Anything at all: the unit is reloaded when it is another than before.";
      };
      startLimitBurst = maybe types.int "How often the unit may start in an interval.";
      startLimitIntervalSec = maybe types.int "Length of the interval in seconds.";
      environment = anything "Environment variables of the service.";
      path = mkOption {
        type = types.listOf types.unspecified;
        default = [ ];
        description = "Packages whose programs the service finds.";
      };
      script = text "Shell commands to run as the service.";
      scriptArgs = mkOption { type = types.str; default = ""; description = "Arguments of that script."; };
      preStart = text "Shell commands to run before the service starts.";
      postStart = text "Shell commands to run after the service has started.";
      reload = text "Shell commands to run to reload the service.";
      preStop = text "Shell commands to run to stop the service.";
      postStop = text "Shell commands to run after the service has stopped.";
      startAt = strings "When to start the service, as times of systemd.";
      restartIfChanged = flag true "Whether a switch to another system restarts the service when it has changed.";
      reloadIfChanged = flag false "Whether it reloads the service instead.";
      stopIfChanged = flag true "Whether the old service is stopped before the switch and the new one started after it.";
      enableDefaultPath = flag true "Whether the usual tools are found by the service.";
    };
  };
in
{
  options = {
    assertions = mkOption {
      type = types.listOf types.unspecified;
      internal = true;
      default = [ ];
      description = "Conditions that a configuration must meet.";
    };
    warnings = mkOption {
      type = types.listOf types.str;
      internal = true;
      default = [ ];
      description = "Remarks for whoever evaluates the configuration.";
    };

    boot.isContainer = flag false "Whether this system is a container.";
    boot.kernel.sysctl = anything "Kernel settings to make at boot.";
    boot.blacklistedKernelModules = strings "Kernel modules that the hardware may not load by itself.";
    boot.extraModprobeConfig = text "Text for modprobe's configuration.";
    boot.supportedFilesystems = strings "File systems that the running system can mount.";

    environment.etc = mkOption {
      type = etcFiles;
      default = { };
      description = "Files under /etc, by path, or as a list with a `target` each.";
    };
    environment.systemPackages = mkOption {
      type = types.listOf types.path;
      default = [ ];
      description = "Packages that every user has.";
    };

    hardware.firmware = mkOption {
      type = types.listOf types.path;
      default = [ ];
      description = "Packages or directories with firmware files. Earlier ones win.";
    };

    lib = mkOption {
      type = types.attrsOf types.attrs;
      default = { };
      description = "Functions that modules offer to each other.";
    };

    networking.hostName = mkOption {
      type = types.str;
      default = "nixos";
      description = "The machine's name, without a domain.";
    };

    services.udev.extraRules = text "Rules to read after all others.";

    system.build = mkOption {
      type = types.attrsOf types.unspecified;
      default = { };
      description = "What can be built of the system, by name.";
    };

    systemd.package = mkOption {
      type = types.package;
      default = pkgs.systemd;
      description = "Which systemd.";
    };
    systemd.services = mkOption {
      type = types.attrsOf (types.submodule service);
      default = { };
      description = "Units that are services, by name and without the suffix.";
    };
  };
}
