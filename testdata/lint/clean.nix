# Nothing to find.
{ lib, config, ... }:
{
  demo.enable = true;
  demo.port = lib.mkIf config.demo.enable 8080;
  demo.name = lib.mkDefault "clean";
  demo.options = [ "--clean" ];
  demo.flags = lib.mkIf (config.demo.port == 1) [ "--one" ];
  demo.users.alice.groups = [ "wheel" ];
}
