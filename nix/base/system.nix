# The parts of the system as a whole, and options to which modules add.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkEnableOption mkOption types;
  utils = import ../utils { inherit config lib pkgs; };

  # A piece of the activation script: its text alone, or with its dependencies.
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
        # Builds are stubs here, as packages are.
        apply =
          if pkgs ? stubBuilds then
            pkgs.stubBuilds {
              fileSystems = (lib.toposort utils.fsBefore (builtins.attrValues config.fileSystems)).result;
            }
          else
            builds: builds;
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
        distroName = mkOption {
          type = types.str;
          default = "NixOS";
          internal = true;
          description = "What the distribution calls itself.";
        };
        distroId = mkOption {
          type = types.str;
          default = "nixos";
          internal = true;
          description = "The same as one word.";
        };
        variant_id = mkOption {
          type = types.nullOr (types.strMatching "^[a-z0-9._-]+$");
          default = null;
          description = "Which edition of it.";
        };
        codeName = mkOption {
          type = types.str;
          default = "Zokor";
          readOnly = true;
          description = "The release's name.";
        };
        version = mkOption {
          type = types.str;
          default = "${config.system.nixos.release}pre-git";
          defaultText = "the release";
          internal = true;
          description = "The version shown to people.";
        };
        label = mkOption {
          type = types.strMatching "[a-zA-Z0-9:_\\.-]*";
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
      path = mkOption {
        type = types.unspecified;
        default = pkgs.buildEnv {
          name = "system-path";
          paths = config.environment.systemPackages;
        };
        defaultText = "the tree of all system packages";
        internal = true;
        description = "All packages of the system in one tree.";
      };
      nssModules = mkOption {
        type = types.listOf types.path;
        default = [ ];
        apply = list: {
          inherit list;
          path = lib.makeLibraryPath list;
        };
        internal = true;
        description = "Packages that look names up.";
      };
      nssDatabases = lib.genAttrs [ "passwd" "group" "shadow" "sudoers" "hosts" "services" ] (
        database:
        mkOption {
          type = types.listOf types.str;
          default = [ ];
          description = "Where to look for entries of ${database}.";
        }
      );
      fsPackages = mkOption {
        type = types.unspecified;
        default = [ ];
        internal = true;
        description = "Packages for file systems.";
      };
      etc.overlay = {
        enable = mkEnableOption "an overlay in the place of /etc";
        mutable = mkEnableOption "changes to it" // {
          default = true;
        };
      };
      switch.enable = mkEnableOption "switching to another system while running" // {
        default = true;
      };
      configurationRevision = mkOption {
        type = types.nullOr types.str;
        default = null;
        description = "Which version of the configuration this is.";
      };
      image = {
        id = mkOption {
          type = types.nullOr types.str;
          default = null;
          description = "What the system's image is called.";
        };
        version = mkOption {
          type = types.nullOr types.str;
          default = null;
          description = "Its version.";
        };
      };
      boot.loader = {
        id = mkOption {
          type = types.unspecified;
          default = "";
          internal = true;
          description = "The boot loader.";
        };
        kernelFile = mkOption {
          type = types.str;
          # Like a package, a stub for the user's own kernel has any attribute.
          default =
            let
              target = config.boot.kernelPackages.kernel.target;
            in
            if builtins.isString target then target else pkgs.stdenv.hostPlatform.linux-kernel.target;
          defaultText = lib.literalExpression "config.boot.kernelPackages.kernel.target";
          internal = true;
          description = "File name of the kernel.";
        };
        initrdFile = mkOption {
          type = types.str;
          default = "initrd";
          internal = true;
          description = "File name of the initial ramdisk.";
        };
      };
      checks = mkOption {
        type = types.listOf types.package;
        default = [ ];
        description = "Packages that must build before the system does.";
      };
      extraDependencies = mkOption {
        type = types.listOf types.pathInStore;
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
        # Every module has its own chapter.
        type = types.path // {
          check = _: true;
          merge = _: builtins.filter (def: def.value != null);
        };
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

    containers = mkOption {
      type = types.attrsOf types.attrs;
      default = { };
      description = "NixOS containers, by name. They are taken note of, not evaluated.";
    };

    ids = {
      uids = mkOption {
        type = types.attrsOf types.ints.u32;
        readOnly = true;
        internal = true;
        default = (builtins.fromJSON (builtins.readFile ./ids.json)).uids;
        defaultText = "a table";
        description = "Users that have the same number everywhere.";
      };
      gids = mkOption {
        type = types.attrsOf types.ints.u32;
        readOnly = true;
        internal = true;
        default = (builtins.fromJSON (builtins.readFile ./ids.json)).gids;
        defaultText = "a table";
        description = "Groups that have the same number everywhere.";
      };
    };
    passthru = mkOption {
      type = types.unspecified;
      default = { };
      visible = false;
      description = "Anything that modules want to be found with the system.";
    };

    virtualisation = {
      docker = {
        enable = mkEnableOption "Docker";
        package = lib.mkPackageOption pkgs "docker" { };
      };
      containers.enable = mkEnableOption "what tools for containers have in common";
      oci-containers = {
        backend = mkOption {
          type = types.enum [
            "podman"
            "docker"
          ];
          default = "podman";
          description = "What runs containers.";
        };
        containers = mkOption {
          type = types.attrsOf types.attrs;
          default = { };
          description = "Containers to run, by name.";
        };
      };
      diskSize = mkOption {
        type = types.either (types.enum [ "auto" ]) types.ints.positive;
        default = 1024;
        description = "Size of a virtual machine's disk in MiB.";
      };
      libvirtd.enable = mkEnableOption "libvirt";
      podman.enable = mkEnableOption "Podman";
    };
  };
}
