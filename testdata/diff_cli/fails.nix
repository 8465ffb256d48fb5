{ lib, ... }:
{
  services.demo.enable = true;
  services.demo.flags = lib.mkForce (throw "no flags");
  services.demo.settings.nested.value = 1;
}
