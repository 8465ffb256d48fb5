# A boot loader of our own: a menu whose entries can come from any module.
{
  config,
  lib,
  pkgs,
  options,
  ...
}:

let
  inherit (lib)
    mkDefault
    mkIf
    mkMerge
    mkOption
    types
    ;
  cfg = config.boot.loader.menu;

  entry =
    { name, config, ... }:
    {
      options = {
        title = mkOption {
          type = types.str;
          default = name;
          defaultText = "the attribute's name";
          description = "How the menu calls it.";
        };
        kind = mkOption {
          type = types.enum [
            "linux"
            "efi"
            "reboot"
          ];
          default = "linux";
          description = "What it starts.";
        };
        image = mkOption {
          type = types.nullOr types.path;
          default = null;
          description = "The kernel or program.";
        };
        arguments = mkOption {
          type = types.separatedString " ";
          default = "";
          description = "What it is told.";
        };
        position = mkOption {
          type = types.int;
          default = 100;
          description = "Entries of lower positions come first.";
        };
        hidden = mkOption {
          type = types.bool;
          default = false;
          description = "Whether the menu leaves it out.";
        };
      };
      # A reboot needs nothing but its name.
      config = mkIf (config.kind == "reboot") {
        position = mkDefault 1000;
        arguments = lib.mkForce "";
      };
    };

  shown = lib.filter (entry: !entry.hidden) cfg.sorted;

  render =
    entry:
    lib.concatStringsSep "\n" (
      [
        "[${entry.title}]"
        "kind=${entry.kind}"
      ]
      ++ lib.optional (entry.image != null) "image=${entry.image}"
      ++ lib.optional (entry.arguments != "") "arguments=${entry.arguments}"
    );
in
{
  options.boot.loader.menu = {
    enable = lib.mkEnableOption "the boot menu";
    package = lib.mkPackageOption pkgs "limine" { };
    entries = mkOption {
      type = types.attrsOf (types.submodule entry);
      default = { };
      description = "The entries, by name.";
    };
    sorted = mkOption {
      type = types.listOf types.unspecified;
      readOnly = true;
      internal = true;
      default = lib.sort (a: b: a.position < b.position) (lib.attrValues cfg.entries);
      description = "The entries in the order of the menu.";
    };
    default = mkOption {
      type = types.nullOr types.str;
      default = null;
      apply =
        choice:
        if choice == null then
          (if shown == [ ] then null else (lib.head shown).title)
        else
          cfg.entries.${choice}.title;
      description = "The entry that starts by itself: by name, or the first one.";
    };
    prologue = mkOption {
      type = types.lines;
      default = "";
      description = "Text before the entries.";
    };
    file = mkOption {
      type = types.package;
      readOnly = true;
      description = "The menu's file.";
    };
  };

  config = mkMerge [
    {
      # Known even when the menu is off, so that others can look at it.
      boot.loader.menu.file = pkgs.writeText "menu.conf" (
        lib.concatStringsSep "\n\n" ([ cfg.prologue ] ++ map render shown) + "\n"
      );
    }
    (mkIf cfg.enable {
      boot.loader.menu = {
        prologue = mkMerge [
          (lib.mkBefore "# written by NixOS")
          (mkIf (config.boot.loader.timeout != null) "timeout=${toString config.boot.loader.timeout}")
          (lib.mkAfter "default=${toString cfg.default}")
        ];
        entries = {
          nixos = {
            title = mkDefault "NixOS ${config.system.nixos.label}";
            image = mkDefault "${config.system.build.kernel}/bzImage";
            arguments = lib.concatStringsSep " " config.boot.kernelParams;
            position = mkDefault 10;
          };
          reboot.kind = "reboot";
        };
      };
      boot.loader.grub.enable = mkDefault false;
      boot.loader.external = {
        enable = true;
        installHook = pkgs.writeShellScript "install-menu" ''
          ${lib.getExe' cfg.package "limine"} install ${cfg.file}
        '';
      };
      assertions = [
        {
          assertion = cfg.default != null;
          message = "the boot menu has no entry to start";
        }
        {
          assertion = options.boot.loader.menu.entries.isDefined;
          message = "the boot menu has no entries";
        }
      ];
    })
  ];
}
