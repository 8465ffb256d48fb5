# A kernel that trusts less, in degrees.
{
  config,
  lib,
  options,
  ...
}:

let
  inherit (lib)
    mkDefault
    mkForce
    mkIf
    mkMerge
    mkOption
    mkOverride
    types
    ;
  cfg = config.security.hardening;

  degrees = [
    "none"
    "basic"
    "strict"
    "paranoid"
  ];
  rank = degree: lib.lists.findFirstIndex (known: known == degree) 0 degrees;
  atLeast = degree: rank cfg.degree >= rank degree;

  mitigation =
    description: degree:
    mkOption {
      type = types.bool;
      default = atLeast degree;
      defaultText = "from degree ${degree} on";
      inherit description;
    };
in
{
  imports = [
    (lib.mkAliasOptionModule [ "security" "hardened" ] [ "security" "hardening" "degree" ])
    (lib.mkRemovedOptionModule [
      "security"
      "grsecurity"
    ] "The patches are no longer to be had; see security.hardening instead.")
  ];

  options.security.hardening = {
    degree = mkOption {
      type = types.enum degrees;
      default = "none";
      description = "How far to go.";
    };
    slabMerging = mitigation "Whether kernel objects of one size are kept apart." "basic";
    initOnFree = mitigation "Whether memory is wiped when it is given back." "strict";
    noDebugfs = mitigation "Whether the kernel's debugging files are hidden." "strict";
    lockdown = mkOption {
      type = types.nullOr (
        types.enum [
          "integrity"
          "confidentiality"
        ]
      );
      default = if atLeast "paranoid" then "confidentiality" else null;
      defaultText = "`confidentiality` for the paranoid";
      description = "What even root is kept from.";
    };
    exemptModules = mkOption {
      type = types.listOf types.str;
      default = [ ];
      example = [ "dccp" ];
      description = "Modules that are allowed although they are seldom used.";
    };
    rareModules = mkOption {
      type = types.listOf types.str;
      default = [
        "appletalk"
        "dccp"
        "sctp"
        "tipc"
      ];
      apply = lib.subtractLists cfg.exemptModules;
      description = "Modules that are seldom used and often broken.";
    };
  };

  config = mkIf (cfg.degree != "none") (mkMerge [
    {
      boot.kernelParams =
        lib.optional cfg.slabMerging "slab_nomerge"
        ++ lib.optional cfg.initOnFree "init_on_free=1"
        ++ lib.optional cfg.noDebugfs "debugfs=off"
        ++ lib.optional (cfg.lockdown != null) "lockdown=${cfg.lockdown}";
      boot.blacklistedKernelModules = cfg.rareModules;
      boot.kernel.sysctl = {
        "kernel.kptr_restrict" = mkDefault 1;
        "kernel.dmesg_restrict" = mkDefault true;
        "net.core.bpf_jit_harden" = mkOverride 900 1;
      };
    }
    (mkIf (atLeast "strict") {
      boot.kernel.sysctl."kernel.kptr_restrict" = 2;
      boot.kernel.sysctl."net.core.bpf_jit_harden" = mkOverride 500 2;
      security.protectKernelImage = mkDefault true;
      security.allowUserNamespaces = mkDefault (!(atLeast "paranoid"));
    })
    (mkIf (atLeast "paranoid") {
      security.lockKernelModules = mkForce true;
      security.allowSimultaneousMultithreading = mkForce false;
      warnings =
        lib.optional (options.security.allowUserNamespaces.highestPrio < 100)
          "security.allowUserNamespaces is forced in spite of the degree `paranoid'";
    })
  ]);
}
