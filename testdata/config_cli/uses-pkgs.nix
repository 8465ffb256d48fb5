{ lib, pkgs, ... }: { options.greeting = lib.mkOption { default = pkgs.hello; }; }
