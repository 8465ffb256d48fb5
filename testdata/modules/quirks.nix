# Device quirks: values that modules merge in every way there is, for drivers that need coaxing.
{
  config,
  lib,
  pkgs,
  quirkLevel,
  ...
}:

let
  inherit (lib) mkOption types;
  cfg = config.hardware.quirks;

  # A module without a file of its own, as some modules make them.
  applied =
    { config, ... }:
    {
      options.hardware.quirks.applied = mkOption {
        type = types.bool;
        default = false;
        description = "Whether the quirks below have any effect.";
      };
      config = lib.mkIf config.hardware.quirks.applied {
        boot.extraModprobeConfig = lib.concatStrings (
          lib.flatten (
            lib.mapAttrsToList (
              driver: parameters:
              lib.mapAttrsToList (
                parameter: value: "options ${driver} ${parameter}=${lib.generators.mkValueStringDefault { } value}\n"
              ) parameters
            ) config.hardware.quirks.parameters
          )
        );
      };
    };
in
{
  imports = [ applied ];

  options.hardware.quirks = {
    parameters = mkOption {
      type = types.attrsOf (
        types.attrsOf (
          types.oneOf [
            types.bool
            types.int
            types.str
          ]
        )
      );
      default = { };
      example = {
        iwlwifi.power_save = true;
      };
      description = "Parameters of drivers.";
    };
    data = mkOption {
      type = types.anything;
      default = { };
      description = "Anything; sets are merged at every depth.";
    };
    lazy = mkOption {
      type = types.lazyAttrsOf types.int;
      default = { };
      description = "Numbers that are looked at one by one.";
    };
    flags = mkOption {
      type = types.commas;
      default = "";
      description = "Words, joined with commas.";
    };
    searchPath = mkOption {
      type = types.separatedString ":";
      default = "";
      description = "Directories, joined with colons.";
    };
    owner = mkOption {
      type = types.unique { message = "Only one module can own the quirks."; } types.str;
      default = "nobody";
      description = "Which module is in charge.";
    };
    single = mkOption {
      type = types.uniq (types.listOf types.str);
      default = [ ];
      description = "A list that only one module may define.";
    };
    rename = mkOption {
      type = types.functionTo types.str;
      default = name: name;
      defaultText = lib.literalExpression "name: name";
      description = "How devices are called.";
    };
    renamed = mkOption {
      type = types.listOf types.str;
      readOnly = true;
      default = map cfg.rename (lib.attrNames cfg.parameters);
      defaultText = "the drivers, renamed";
      description = "The drivers under their new names.";
    };
    level = mkOption {
      type = types.ints.between 0 3;
      default = quirkLevel;
      defaultText = "the module argument `quirkLevel`";
      description = "How much to coax.";
    };
    matches = mkOption {
      type = types.strMatching "[0-9a-f]{4}:[0-9a-f]{4}";
      default = "8086:7020";
      description = "Vendor and device that the quirks are for.";
    };
    tool = mkOption {
      type = types.nullOr (types.either types.package types.path);
      default = pkgs.kmod;
      defaultText = lib.literalExpression "pkgs.kmod";
      description = "The program that applies them.";
    };
  };

  config = {
    _module.args.quirkLevel = lib.mkDefault 1;
    hardware.quirks.flags = lib.mkIf (cfg.parameters != { }) (lib.mkBefore "parameters");
  };
}
