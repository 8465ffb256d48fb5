# The kernel: its packages, modules and parameters.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkOption types;

  # A list of names, or a set that switches names on and off. A list becomes such a set; readers get a list.
  modules =
    description:
    mkOption {
      type = types.coercedTo (types.listOf types.str) (names: lib.genAttrs names (_: true)) (
        types.attrsOf types.bool
      );
      default = { };
      apply = names: lib.attrNames (lib.filterAttrs (_: on: on) names);
      inherit description;
    };
in
{
  options.boot = {
    kernelPackages = mkOption {
      type = types.raw;
      default = pkgs.linuxPackages;
      defaultText = lib.literalExpression "pkgs.linuxPackages";
      description = "The kernel, and the packages built for it.";
    };
    kernelParams = mkOption {
      type = types.listOf (
        types.strMatching "([^\"[:space:]]|\"[^\"]*\")+"
        // {
          name = "kernelParam";
          description = "string, with spaces inside double quotes";
        }
      );
      default = [ ];
      description = "Words on the kernel's command line.";
    };
    consoleLogLevel = mkOption {
      type = types.int;
      default = 4;
      description = "Messages of lower levels are shown on the console.";
    };
    kernelModules = modules "Kernel modules to load at boot.";
    extraModulePackages = mkOption {
      type = types.listOf types.package;
      default = [ ];
      description = "Packages with further kernel modules.";
    };
    initrd = {
      availableKernelModules = modules "Kernel modules in the initial ramdisk, for devices that are found.";
      kernelModules = modules "Kernel modules that the initial ramdisk loads in any case.";
      allowMissingModules = mkOption {
        type = types.bool;
        default = false;
        description = "Whether such modules may be missing.";
      };
    };
  };
  options.system = {
    modulesTree = mkOption {
      type = types.listOf types.path;
      default = [ ];
      internal = true;
      apply = pkgs.aggregateModules;
      description = "Trees of kernel modules.";
    };
    requiredKernelConfig = mkOption {
      type = types.listOf types.attrs;
      default = [ ];
      internal = true;
      description = "What the kernel must be built with.";
    };
  };
  # Weaker than the definition of a module that has the kernel's options itself.
  config.lib.kernelConfig = lib.mkDefault (
    lib.genAttrs
      [
        "isYes"
        "isNo"
        "isModule"
        "isEnabled"
        "isDisabled"
      ]
      (kind: option: {
        assertion = _: true;
        message = "CONFIG_${option} is not what it should be (${kind}).";
        configLine = "CONFIG_${option}";
      })
  );
  config.system.modulesTree = [ config.boot.kernelPackages.kernel ] ++ config.boot.extraModulePackages;
}
