{ config, lib, ... }:
{
  imports = [ ./declares.nix ];
  fromFile = [ "defines" ];
}
