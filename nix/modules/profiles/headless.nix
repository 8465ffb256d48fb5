# A machine without a screen.
{ lib, ... }:

{
  boot.kernelParams = [
    "panic=1"
    "boot.panic_on_fail"
    "vga=0x317"
    "nomodeset"
  ];
  systemd.enableEmergencyMode = lib.mkDefault false;
  boot.loader.grub.splashImage = lib.mkDefault null;
}
