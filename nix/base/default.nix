# The base modules: what boot modules, and small modules in general, set or read without declaring it themselves.
#
# They declare far more than they do. The kernel options of the module that nival began with (`boot.kernelPackages`,
# `boot.kernelParams`, `boot.kernelModules`, `boot.initrd.availableKernelModules`, `system.modulesTree`, …) are left out,
# since the module under evaluation declares those.
{
  imports = [
    ./assertions.nix
    ./boot.nix
    ./databases.nix
    ./environment.nix
    ./etc.nix
    ./filesystems.nix
    ./graphical.nix
    ./hardware.nix
    ./initrd.nix
    ./loader.nix
    ./locale.nix
    ./mail.nix
    ./networking.nix
    ./nix.nix
    ./programs.nix
    ./security.nix
    ./services.nix
    ./system.nix
    ./systemd.nix
    ./users.nix
    ./web.nix
  ];
}
