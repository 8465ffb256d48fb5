{ config, lib, options, ... }:
let
  inherit (lib) mkOption mkIf types;
  cfg = config.web;
  # Several options share this suspension.
  shared = "${cfg.host}:${toString cfg.port}";
  service = types.submodule (
    { config, name, ... }:
    {
      freeformType = types.attrsOf types.str;
      options.command = mkOption {
        type = types.str;
        default = "run ${name} ${config.user}";
      };
      options.user = mkOption {
        type = types.str;
        default = cfg.user;
      };
    }
  );
in
{
  imports = [
    ./parts/aliases.nix
    { options.inline = mkOption { default = config.web.port + 1; }; }
  ];

  options.web = {
    enable = lib.mkEnableOption "the server";
    host = mkOption {
      type = types.str;
      default = "localhost";
    };
    port = mkOption {
      type = types.port;
      default = 80;
    };
    user = mkOption {
      type = types.str;
      default = "nobody";
    };
    url = mkOption { type = types.str; };
    log = mkOption { type = types.str; };
    flags = mkOption {
      type = types.listOf types.str;
      default = [ ];
    };
    strict = mkOption {
      # The type depends on another option.
      type = if cfg.enable then types.int else types.str;
      default = if cfg.enable then 1 else "";
    };
    level = mkOption {
      type = types.int;
      default = 0;
      apply = n: n + cfg.port;
    };
    broken = mkOption { default = throw "broken on ${cfg.host}"; };
    isSet = mkOption { default = options.web.host.isDefined; };
    tried = mkOption { default = (builtins.tryEval cfg.broken).success; };
    function = mkOption { default = n: n + cfg.port; };
  };
  options.services = mkOption {
    type = types.attrsOf service;
    default = { };
  };
  options.first = mkOption { type = types.raw; };
  options.report = mkOption { type = types.attrs; };

  config = mkIf cfg.enable {
    web.url = "http://${shared}";
    web.log = "/log/${shared}";
    web.flags = lib.mkMerge [
      [ "--fixed" ]
      (mkIf (cfg.port < 1024) [ "--low" ])
      (lib.mkOrder (if cfg.level > 0 then 500 else 1500) [ "--level=${toString cfg.level}" ])
    ];
    services.web.user = lib.mkIf (cfg.host != "localhost") "www";
    services.web.extra = cfg.url;
    first = config.services.web.command;
    report = {
      inherit (config.services.web) extra;
      port = config.web.port;
    };
  };
}
