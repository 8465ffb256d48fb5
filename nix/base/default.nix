# The base modules: what boot modules, and small modules in general, set or read without declaring it themselves.
#
# They declare far more than they do. Where a module under evaluation declares the same, they step back.
{
  imports = [
    ./arguments.nix
    ./asked.nix
    ./assertions.nix
    ./boot.nix
    ./databases.nix
    ./environment.nix
    ./etc.nix
    ./filesystems.nix
    ./graphical.nix
    ./hardware.nix
    ./initrd.nix
    ./kernel.nix
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
