# Hardware scans import this for devices that they do not know: redistributable firmware.
{ lib, ... }:

{
  hardware.enableRedistributableFirmware = lib.mkDefault true;
}
