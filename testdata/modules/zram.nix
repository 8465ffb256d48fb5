# Swap in compressed memory.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.swap.zram;
  devices = lib.genList (number: "zram${toString number}") cfg.devices;
in
{
  imports = [
    (lib.mkRenamedOptionModule [ "zramSwap" "enable" ] [ "swap" "zram" "enable" ])
    (lib.mkRenamedOptionModule [ "zramSwap" "memoryPercent" ] [ "swap" "zram" "percent" ])
    (lib.mkRemovedOptionModule [ "zramSwap" "numDevices" ] "One device serves all processors since Linux 3.15.")
  ];

  options.swap.zram = {
    enable = lib.mkEnableOption "swap in compressed memory";
    devices = lib.mkOption {
      type = lib.types.ints.positive;
      default = 1;
      description = "How many devices to make.";
    };
    percent = lib.mkOption {
      type = lib.types.ints.between 1 200;
      default = 50;
      description = "How much of the memory may go in, in per cent, before compression.";
    };
    limit = lib.mkOption {
      type = lib.types.nullOr lib.types.ints.u32;
      default = null;
      example = 4096;
      description = "The same in MiB, where the per cent would be too much.";
    };
    algorithm = lib.mkOption {
      type = lib.types.either (lib.types.enum [
        "lzo"
        "lz4"
        "zstd"
      ]) lib.types.str;
      default = "zstd";
      description = "How it is compressed.";
    };
    priority = lib.mkOption {
      type = lib.types.int;
      default = 5;
      description = "Devices of higher priority are used first.";
    };
    ratio = lib.mkOption {
      type = lib.types.float;
      default = 2.5;
      description = "How well the data is thought to compress.";
    };
  };

  config = lib.mkIf cfg.enable {
    assertions = [
      {
        assertion = cfg.percent * 1.0 / cfg.ratio <= 60;
        message = "swap.zram.percent = ${toString cfg.percent} leaves too little memory for anything else";
      }
    ];

    system.requiredKernelConfig = [ (config.lib.kernelConfig.isEnabled "ZRAM") ];
    boot.kernelModules = [ "zram" ];
    boot.extraModprobeConfig = "options zram num_devices=${toString cfg.devices}";
    boot.kernel.sysctl = {
      "vm.swappiness" = lib.mkDefault 180;
      "vm.page-cluster" = lib.mkDefault 0;
    };

    services.udev.extraRules = ''
      KERNEL=="zram[0-9]*", ATTR{comp_algorithm}="${cfg.algorithm}", TAG+="systemd"
    '';

    systemd.services = lib.listToAttrs (
      map (
        device:
        lib.nameValuePair "swap-${device}" {
          description = "Swap on ${device}";
          wantedBy = [ "swap.target" ];
          after = [ "dev-${device}.device" ];
          bindsTo = [ "dev-${device}.device" ];
          unitConfig.DefaultDependencies = false;
          path = [ pkgs.util-linux ];
          script = ''
            mkswap /dev/${device}
            swapon --priority ${toString cfg.priority} /dev/${device}
          '';
          preStop = "swapoff /dev/${device}";
          serviceConfig = {
            Type = "oneshot";
            RemainAfterExit = true;
          };
          restartTriggers = [
            cfg.percent
            cfg.limit
            cfg.algorithm
          ];
        }
      ) devices
    );
  };
}
