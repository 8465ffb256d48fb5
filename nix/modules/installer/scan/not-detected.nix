# What hardware scans import for devices that they do not know: firmware that may be redistributed.
{ lib, ... }:

{
  hardware.enableRedistributableFirmware = lib.mkDefault true;
}
