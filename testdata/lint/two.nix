# What others say as well.
{ lib, ... }:
{
  demo.name = "one";
  demo.flags = [ "--fast" ];
  demo.env.MODE = lib.mkForce "fast";
  demo.users.alice.groups = lib.mkForce [ "wheel" ];
  # This is on purpose. nival: ignore needless-force
  demo.enable = lib.mkForce true;
  demo.theme = "dark";
}
