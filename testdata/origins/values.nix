# Winners and losers.
{ lib, ... }:
{
  shop.port = lib.mkDefault 8080;
  # The fast one.
  shop.env.MODE = "fast";
  shop.env.A = lib.mkOverride 1200 "other";
  shop.hosts = {
    one = [ "a" ];
    two = lib.mkForce [ "b" ];
  };
  shop.hosts.three = [ "c" ];
  shop.name = lib.mkForce "a shop"; # for now
}
