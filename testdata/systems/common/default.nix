# What the files of both trees say of a system; `base` is a module that all of them have.
{ nixpkgs, base }:

rec {
  nixos = platform: modules:
    (import (nixpkgs + "/nixos/lib/eval-config.nix") { system = platform; modules = [ base ] ++ modules; }).config;

  # What a system is built from, and what its boot options say as far as that can be written down.
  systemOf = platform: modules:
    let config = nixos platform modules; in {
      toplevel = config.system.build.toplevel.drvPath;
      boot = {
        inherit (config.boot) kernelParams kernelModules extraModprobeConfig blacklistedKernelModules;
        initrd = { inherit (config.boot.initrd) availableKernelModules kernelModules supportedFilesystems; };
        kernel = config.boot.kernelPackages.kernel.drvPath;
        sysctl = config.boot.kernel.sysctl or { };
      };
      warnings = config.warnings or [ ];
      packages = map (p: p.name) config.environment.systemPackages;
      units = builtins.attrNames config.systemd.units;
      etc = builtins.attrNames config.environment.etc;
    };

  system = systemOf "x86_64-linux";

  kernel = name: system [ ({ config, pkgs, ... }: { boot.kernelPackages = pkgs.${name}; }) ];
}
