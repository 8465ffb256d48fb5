# `utils.systemdUtils`: types of units, and their text, for modules that declare units themselves (systemd.nix and those
# beside it), made of the options in ../base/unit-options.nix.
{
  lib,
  pkgs,
  escapeSystemdPath,
  attrsToSection,
  toOption,
  unitOption,
}:

let
  inherit (builtins) isAttrs replaceStrings;
  inherit (lib) concatStrings concatStringsSep mapAttrsToList types;
  options = import ../base/unit-options.nix { inherit lib pkgs; };
  inherit (options) sections;

  named =
    suffix:
    { name, ... }:
    {
      options.name = lib.mkOption {
        type = types.str;
        default = "${name}.${suffix}";
        internal = true;
        description = "The unit's name.";
      };
    };
  unitsOf = suffix: modules: types.attrsOf (types.submodule ([ (named suffix) ] ++ modules));
  mountsOf =
    suffix: unitOptions: modules:
    types.listOf (
      types.submodule (
        { config, ... }:
        {
          imports = modules;
          options = unitOptions // {
            name = lib.mkOption {
              type = types.str;
              default = "${escapeSystemdPath config.where}.${suffix}";
              internal = true;
              description = "The unit's name.";
            };
          };
        }
      )
    );

  services = unitsOf "service" ([ { options = options.service; } ] ++ sections.service);
  initrdServices = unitsOf "service" ([ { options = options.service; } ] ++ sections.initrdService);
  targets = unitsOf "target" ([ { options = options.target; } ] ++ sections.unit);
  sockets = unitsOf "socket" ([ { options = options.socket; } ] ++ sections.unit);
  timers = unitsOf "timer" ([ { options = options.timer; } ] ++ sections.unit);
  paths = unitsOf "path" ([ { options = options.path; } ] ++ sections.unit);
  slices = unitsOf "slice" ([ { options = options.slice; } ] ++ sections.unit);
  mounts = mountsOf "mount" options.mount sections.mount;
  automounts = mountsOf "automount" options.automount sections.automount;
  units = types.attrsOf (
    types.submodule (
      { name, config, ... }:
      {
        options = options.unit // {
          name = lib.mkOption {
            type = types.str;
            default = name;
            internal = true;
            description = "The unit's name.";
          };
          unit = lib.mkOption {
            type = types.unspecified;
            default = pkgs.writeText "unit-${config.name}" (if config.text == null then "" else config.text);
            defaultText = "a package with the unit's file";
            internal = true;
            description = "The package that has the unit.";
          };
        };
      }
    )
  );

  stored =
    { name, config, ... }:
    {
      options = {
        enable = lib.mkEnableOption "copying this file" // {
          default = true;
        };
        source = lib.mkOption {
          type = types.path;
          description = "The file.";
        };
        target = lib.mkOption {
          type = types.nullOr types.path;
          default = null;
          description = "Where a link leads to it.";
        };
        dlopen = {
          usePriority = lib.mkOption {
            type = types.str;
            default = "recommended";
            description = "How important a library must be to be copied, too.";
          };
          features = lib.mkOption {
            type = types.listOf types.str;
            default = [ ];
            description = "Features whose libraries are copied in any case.";
          };
        };
      };
    };

  section = name: settings: lib.optionalString (settings != { }) "[${name}]\n${attrsToSection settings}\n";

  unitOf = rest: def: {
    enable = def.enable or true;
    aliases = def.aliases or [ ];
    wantedBy = def.wantedBy or [ ];
    requiredBy = def.requiredBy or [ ];
    upheldBy = def.upheldBy or [ ];
    overrideStrategy = def.overrideStrategy or "asDropinIfExists";
    text = section "Unit" (def.unitConfig or { }) + rest def;
  };

  quoted = text: "\"${replaceStrings [ "\\" "\"" ] [ "\\\\" "\\\"" ] text}\"";
  environmentOf =
    def:
    concatStrings (
      mapAttrsToList (
        name: value: lib.optionalString (value != null) "Environment=${quoted "${name}=${toString value}"}\n"
      ) (def.environment or { })
    );

  # The sections for the sets called `…Config`, in the order of their names.
  sectionsOf =
    def:
    concatStrings (
      mapAttrsToList (
        name: value:
        let
          kind = builtins.match "(.)(.*)Config" name;
        in
        lib.optionalString (kind != null && isAttrs value) (
          section (lib.toUpper (lib.head kind) + lib.last kind) value
        )
      ) def
    );
  fileOf = def: {
    enable = def.enable or true;
    text = sectionsOf def + (def.extraConfig or "");
  };
in
{
  lib = {
    inherit attrsToSection toOption;
    GPTMaxLabelLength = 36;
    mkPathSafeName = replaceStrings [ "@" ":" "\\" "[" "]" ] [ "-" "-" "-" "" "" ];
    settingsToSections =
      settings:
      concatStringsSep "\n" (
        mapAttrsToList (name: section: "[${name}]\n${attrsToSection section}\n") settings
      );
    makeUnit = name: unit: pkgs.writeText "unit-${name}" (if unit.text or null == null then "" else unit.text);
    generateUnits =
      {
        type ? "system",
        units,
        ...
      }:
      pkgs.symlinkJoin {
        name = "${type}-units";
        paths = mapAttrsToList (name: unit: unit.unit or name) units;
      };
    targetToUnit = unitOf (_: "");
    serviceToUnit = unitOf (def: "[Service]\n${environmentOf def}${attrsToSection def.serviceConfig}\n");
    socketToUnit = unitOf (
      def:
      section "Socket" (
        lib.optionalAttrs (def.listenStreams or [ ] != [ ]) { ListenStream = def.listenStreams; }
        // lib.optionalAttrs (def.listenDatagrams or [ ] != [ ]) { ListenDatagram = def.listenDatagrams; }
        // def.socketConfig
      )
    );
    timerToUnit = unitOf (def: section "Timer" def.timerConfig);
    pathToUnit = unitOf (def: section "Path" def.pathConfig);
    sliceToUnit = unitOf (def: section "Slice" def.sliceConfig);
    mountToUnit = unitOf (
      def:
      section "Mount" (
        lib.filterAttrs (_: value: value != "") {
          What = def.what;
          Where = def.where;
          Type = def.type or "";
          Options = def.options or "";
        }
        // def.mountConfig or { }
      )
    );
    automountToUnit = unitOf (def: section "Automount" ({ Where = def.where; } // def.automountConfig or { }));

    # Settings are taken as they are.
    checkUnitConfig =
      _: _: _:
      true;
    checkUnitConfigWithLegacyKey =
      _: _: _: _:
      true;
  }
  // lib.genAttrs [
    "assertByteFormat"
    "assertHasField"
    "assertInt"
    "assertKeyIsSystemdCredential"
    "assertMacAddress"
    "assertMinimum"
    "assertNetdevMacAddress"
    "assertOnlyFields"
    "assertPort"
    "assertPortOrPortRange"
    "assertRange"
    "assertRangeOrOneOf"
    "assertRangeWithOptionalMask"
    "assertRemoved"
    "assertRouteMetricOrTriple"
    "assertValueOneOf"
    "assertValuesSomeOfOr"
  ] (_: { });
  unitOptions = {
    inherit unitOption;
    concreteUnitOptions = options.unit;
    sharedOptions = { inherit (options.unit) enable aliases wantedBy requiredBy upheldBy; };
    commonUnitOptions.options = options.common;
    serviceOptions.options = options.service;
    socketOptions.options = options.socket;
    timerOptions.options = options.timer;
    pathOptions.options = options.path;
    sliceOptions.options = options.slice;
  };
  types = {
    inherit
      automounts
      mounts
      paths
      services
      slices
      sockets
      targets
      timers
      units
      ;
    initrdAutomounts = automounts;
    initrdMounts = mounts;
    initrdPaths = paths;
    inherit initrdServices;
    initrdSlices = slices;
    initrdSockets = sockets;
    initrdTargets = targets;
    initrdTimers = timers;
    initrdStorePath = types.listOf (
      types.coercedTo (types.either types.str types.package) (source: { inherit source; }) (
        types.submodule stored
      )
    );
    initrdContents = types.attrsOf (
      types.submodule (
        { name, config, ... }:
        {
          imports = [ stored ];
          options.text = lib.mkOption {
            type = types.nullOr types.lines;
            default = null;
            description = "The file's text.";
          };
          config = {
            target = lib.mkDefault name;
            source = lib.mkIf (config.text != null) (
              lib.mkDefault (pkgs.writeText "initrd-${baseNameOf name}" config.text)
            );
          };
        }
      )
    );
  };
  network.units = {
    linkToUnit = fileOf;
    netdevToUnit = fileOf;
    networkToUnit = fileOf;
    networkdToUnit = fileOf;
  };
}
