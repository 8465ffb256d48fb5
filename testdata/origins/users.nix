# Users in a module of their own, and modules without a file.
{ lib, ... }:
{
  imports = [
    { shop.users.alice.groups = [ "inline" ]; }
    (
      { config, ... }:
      {
        shop.users.alice.keys.laptop.uses = [ "of ${config.shop.name}" ];
      }
    )
    {
      _file = "elsewhere.nix";
      shop.users.bob.home = "/elsewhere";
    }
  ];
  shop.users.alice = {
    home = lib.mkForce "/a";
    groups = lib.mkForce [ "only" ];
  };
  shop.users.bob = lib.mkIf false { groups = [ "none" ]; };
  shop.users.carol = { };
  shop.mounts = lib.mkBefore [
    { path = "/"; }
    {
      path = "/nix";
      flags = lib.mkForce [ "noatime" ];
    }
  ];
  shop.settings = {
    level = lib.mkDefault 2;
    extra = lib.mkForce 4;
  };
}
