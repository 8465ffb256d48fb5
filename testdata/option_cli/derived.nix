# Values that are computed from other options, and definitions that give nothing.
{ lib, config, ... }:
let
  cfg = config.web;
in
{
  web.owner = "alice";
  web.settings = {
    address = "${cfg.owner}@example.org:${toString cfg.port}, ${cfg.version}";
    release = "v${cfg.version}";
    missing = lib.mkIf false cfg.broken;
    self = config.web.sites."example.org".root;
  };
  web.flags = lib.mkMerge [
    (lib.optional (cfg.version == "2.0") "--two")
    (lib.optional cfg.enable "--on")
    [
      "--root=${cfg.sites."example.org".root}"
      "--constant"
    ]
  ];
}
