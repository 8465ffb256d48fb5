# A function that makes a module.
{ name }:
{ lib, config, ... }:
{
  key = "user-${name}";
  users.users.${name} = {
    isNormalUser = true;
    extraGroups = lib.optional config.services.openssh.enable "ssh";
  };
  services.openssh.ports = [
    22
    2200
  ];
}
