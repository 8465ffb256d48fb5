# The base modules: options that boot modules, and small modules in general, set or read without declaring
# them.
#
# They declare far more than they define. They yield to a module under evaluation that declares the same
# option.
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
