# What the system as a whole is made of, and places for modules to put things.
{ config, lib, ... }:

let
  inherit (lib) mkEnableOption mkOption types;

  # A piece of the activation script: its text alone, or along with what it depends on.
  activationScript =
    types.coercedTo types.str
      (text: {
        inherit text;
        deps = [ ];
      })
      (
        types.submodule {
          options = {
            deps = mkOption {
              type = types.listOf types.str;
              default = [ ];
              description = "Pieces that must come before it.";
            };
            text = mkOption {
              type = types.lines;
              description = "Shell commands.";
            };
            supportsDryActivation = mkEnableOption "running it when nothing is to be changed";
          };
        }
      );
in
{
  options = {
    system = {
      build = mkOption {
        type = types.submodule { freeformType = types.lazyAttrsOf types.unspecified; };
        default = { };
        description = "What can be built of the system, by name.";
      };
      stateVersion = mkOption {
        type = types.str;
        default = config.system.nixos.release;
        defaultText = lib.literalExpression "config.system.nixos.release";
        description = "The release whose way of keeping state this system follows.";
      };
      name = mkOption {
        type = types.str;
        default = if config.networking.hostName == "" then "unnamed" else config.networking.hostName;
        defaultText = "the host's name";
        description = "The name of the whole system's package.";
      };
      nixos = {
        release = mkOption {
          type = types.str;
          readOnly = true;
          default = "26.11";
          description = "The release these modules resemble.";
        };
        version = mkOption {
          type = types.str;
          default = config.system.nixos.release;
          defaultText = lib.literalExpression "config.system.nixos.release";
          internal = true;
          description = "The version shown to people.";
        };
        label = mkOption {
          type = types.str;
          default = config.system.nixos.version;
          defaultText = lib.literalExpression "config.system.nixos.version";
          description = "How boot menus call the system.";
        };
        tags = mkOption {
          type = types.listOf types.str;
          default = [ ];
          description = "Words for boot menus to tell this system from others.";
        };
      };
      activationScripts = mkOption {
        type = types.attrsOf activationScript;
        default = { };
        description = "Shell commands to run when the system is switched to.";
      };
      userActivationScripts = mkOption {
        type = types.attrsOf activationScript;
        default = { };
        description = "The same, for each user.";
      };
      checks = mkOption {
        type = types.listOf types.package;
        default = [ ];
        description = "Packages that must build before the system does.";
      };
      extraDependencies = mkOption {
        type = types.listOf types.package;
        default = [ ];
        description = "Packages that must not be collected as garbage.";
      };
      replaceDependencies.replacements = mkOption {
        type = types.listOf types.attrs;
        default = [ ];
        description = "Packages to put in the place of others, without building anything anew.";
      };
    };

    specialisation = mkOption {
      type = types.attrsOf types.raw;
      default = { };
      description = "Variants of the system to choose when booting. They are taken note of, not evaluated.";
    };

    lib = mkOption {
      type = types.attrsOf types.attrs;
      default = { };
      description = "Functions that modules offer to each other.";
    };

    meta = {
      maintainers = mkOption {
        type = types.listOf types.raw;
        default = [ ];
        internal = true;
        description = "Who looks after a module.";
      };
      teams = mkOption {
        type = types.listOf types.raw;
        default = [ ];
        internal = true;
        description = "Which teams look after a module.";
      };
      doc = mkOption {
        type = types.nullOr types.raw;
        default = null;
        internal = true;
        description = "A module's chapter in the manual.";
      };
      buildDocsInSandbox = mkOption {
        type = types.bool;
        default = true;
        internal = true;
        description = "Whether a module's documentation can be built on its own.";
      };
    };

    virtualisation = {
      docker.enable = mkEnableOption "Docker";
      libvirtd.enable = mkEnableOption "libvirt";
      podman.enable = mkEnableOption "Podman";
    };
  };
}
