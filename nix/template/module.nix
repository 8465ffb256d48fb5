# A service as an example: replace it by your module.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkEnableOption mkIf mkOption types;
  cfg = config.services.greeter;
in
{
  options.services.greeter = {
    enable = mkEnableOption "a service that greets";

    port = mkOption {
      type = types.port;
      default = 8080;
      description = "The port that it listens on.";
    };

    openFirewall = mkOption {
      type = types.bool;
      default = false;
      description = "Whether to open the port in the firewall.";
    };
  };

  config = mkIf cfg.enable {
    systemd.services.greeter = {
      description = "Greeter";
      wantedBy = [ "multi-user.target" ];
      serviceConfig = {
        ExecStart = "${lib.getExe pkgs.hello} --greeting=${toString cfg.port}";
        DynamicUser = true;
      };
    };

    networking.firewall.allowedTCPPorts = mkIf cfg.openFirewall [ cfg.port ];

    assertions = [
      {
        assertion = cfg.openFirewall -> cfg.port >= 1024;
        message = "services.greeter: a port below 1024 is not opened.";
      }
    ];
  };
}
