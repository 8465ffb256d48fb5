# A module for the examples of the library.
{ lib, config, ... }:
{
  options = {
    port = lib.mkOption {
      type = lib.types.port;
      default = 80;
      description = "The port of the service.";
    };
    url = lib.mkOption {
      type = lib.types.str;
      default = "http://localhost:${toString config.port}";
      description = "Where the service is.";
    };
  };
}
