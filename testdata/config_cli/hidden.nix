# Declares what the base modules declare, above and below, too.
{ config, lib, ... }:
let inherit (lib) mkOption types; in
{
  options = {
    boot.kernelParams = mkOption { type = types.str; default = "own"; };
    boot.loader = mkOption { type = types.int; default = 1; };
    boot.consoleLogLevel.kind = mkOption { type = types.str; default = "below"; };
    systemd.services = mkOption {
      type = types.attrsOf (types.submodule { options.extra = mkOption { type = types.int; default = 7; }; });
    };
    system.build.image = mkOption { type = types.str; default = "image"; };
  };
  config.systemd.services.web = { script = "x"; notHere = 1; };
}
