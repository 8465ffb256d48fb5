# Privileges, certificates and hardening.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkEnableOption mkOption types;

  wrapper =
    { name, ... }:
    {
      options = {
        source = mkOption {
          type = types.path;
          description = "The program.";
        };
        program = mkOption {
          type = types.nullOr types.str;
          default = name;
          defaultText = "the attribute's name";
          description = "What the wrapper is called.";
        };
        owner = mkOption {
          type = types.str;
          description = "Its owner.";
        };
        group = mkOption {
          type = types.str;
          description = "Its group.";
        };
        permissions = mkOption {
          type = types.str;
          default = "u+rx,g+x,o+x";
          description = "Its permissions.";
        };
        capabilities = mkOption {
          type = types.commas;
          default = "";
          example = "cap_net_raw+ep";
          description = "Capabilities it grants.";
        };
        setuid = mkEnableOption "running as the owner";
        setgid = mkEnableOption "running as the group";
      };
    };

  pamService =
    { name, ... }:
    {
      options = {
        name = mkOption {
          type = types.str;
          default = name;
          defaultText = "the attribute's name";
          description = "Name of the service.";
        };
        unixAuth = mkOption {
          type = types.bool;
          default = true;
          description = "Whether passwords are accepted.";
        };
        startSession = mkEnableOption "a session with the login manager";
        allowNullPassword = mkEnableOption "empty passwords";
        text = mkOption {
          type = types.nullOr types.lines;
          default = null;
          description = "The service's whole file.";
        };
      };
    };
  limit = {
    domain = mkOption {
      type = types.str;
      description = "Whom it limits.";
    };
    type = mkOption {
      type = types.enum [
        "-"
        "hard"
        "soft"
      ];
      default = "-";
      description = "Whether users may raise it.";
    };
    item = mkOption {
      type = types.enum [
        "core"
        "data"
        "fsize"
        "memlock"
        "nofile"
        "rss"
        "stack"
        "cpu"
        "nproc"
        "as"
        "maxlogins"
        "maxsyslogins"
        "priority"
        "locks"
        "sigpending"
        "msgqueue"
        "nice"
        "rtprio"
      ];
      description = "What it limits.";
    };
    value = mkOption {
      type = types.oneOf [
        types.str
        types.int
      ];
      description = "The limit.";
    };
  };
in
{
  options.security = {
    sudo = {
      enable = mkOption {
        type = types.bool;
        default = true;
        description = "Whether sudo is installed.";
      };
      wheelNeedsPassword = mkOption {
        type = types.bool;
        default = true;
        description = "Whether members of wheel type their password.";
      };
      execWheelOnly = mkEnableOption "sudo for members of wheel alone";
      extraConfig = mkOption {
        type = types.lines;
        default = "";
        description = "Further text for sudoers.";
      };
    };
    polkit = {
      enable = mkEnableOption "polkit";
      package = mkOption {
        type = types.package;
        default = pkgs.polkit;
        defaultText = "pkgs.polkit";
        description = "Which polkit.";
      };
      debug = mkEnableOption "messages about decisions";
      extraConfig = mkOption {
        type = types.lines;
        default = "";
        description = "Rules, in JavaScript.";
      };
    };
    rtkit.enable = mkEnableOption "real-time priorities on request";
    apparmor.enable = mkEnableOption "AppArmor";
    audit.enable = mkOption {
      type = types.enum [
        false
        true
        "lock"
      ];
      default = false;
      description = "Whether the kernel logs what the audit rules name.";
    };
    auditd.enable = mkEnableOption "the audit daemon";
    lockKernelModules = mkEnableOption "refusing kernel modules once the system is up";
    protectKernelImage = mkEnableOption "refusing to replace the running kernel";
    allowUserNamespaces = mkOption {
      type = types.bool;
      default = true;
      description = "Whether user namespaces can be made.";
    };
    unprivilegedUsernsClone = mkEnableOption "user namespaces for everyone";
    allowSimultaneousMultithreading = mkOption {
      type = types.bool;
      default = true;
      description = "Whether processors run two threads on one core.";
    };
    forcePageTableIsolation = mkEnableOption "page table isolation everywhere";
    virtualisation.flushL1DataCache = mkOption {
      type = types.nullOr (
        types.enum [
          "never"
          "cond"
          "always"
        ]
      );
      default = null;
      description = "When guests are entered with an empty cache.";
    };
    wrapperDir = mkOption {
      type = types.path;
      default = "/run/wrappers/bin";
      internal = true;
      description = "Where the wrappers are.";
    };
    enableWrappers = mkEnableOption "wrappers" // {
      default = true;
    };
    doas.enable = mkEnableOption "doas";
    sudo-rs.enable = mkEnableOption "sudo-rs";
    pki.caBundle = mkOption {
      type = types.path;
      default = "${pkgs.cacert}/etc/ssl/certs/ca-bundle.crt";
      defaultText = "the bundle of pkgs.cacert";
      internal = true;
      description = "All root certificates in one file.";
    };
    pki = {
      certificateFiles = mkOption {
        type = types.listOf types.path;
        default = [ ];
        description = "Files with further root certificates.";
      };
      certificates = mkOption {
        type = types.listOf types.str;
        default = [ ];
        description = "Further root certificates.";
      };
    };
    tpm2.enable = mkEnableOption "a TPM";
    wrappers = mkOption {
      type = types.attrsOf (types.submodule wrapper);
      default = { };
      description = "Programs that run with the rights of someone else.";
    };
    pam.package = lib.mkPackageOption pkgs "pam" { };
    pam.services = mkOption {
      type = types.attrsOf (types.submodule pamService);
      default = { };
      description = "Services that authenticate users.";
    };
    pam.loginLimits = mkOption {
      type = types.listOf (types.submodule { options = limit; });
      default = [ ];
      example = [
        {
          domain = "@audio";
          type = "-";
          item = "rtprio";
          value = "99";
        }
      ];
      description = "Limits on what sessions use.";
    };
  };
}
