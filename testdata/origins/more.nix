# Other definitions of the same options.
{ lib, config, ... }:
{
  shop.port = 8081;
  shop.name = "another shop";
  shop.hosts.one = lib.mkAfter [
    "z"
  ];
  shop.hosts.two = [ "lost" ];
  shop.hosts.three = lib.mkIf (config.shop.port == 80) [ "off" ];
  shop.users = lib.mkIf config.shop.enable {
    alice = {
      groups = lib.mkMerge [
        [ "wheel" ]
        (lib.mkIf (!config.shop.enable) [ "closed" ])
      ];
      keys.laptop.uses = lib.mkBefore [ "sign" ];
    };
  };
  shop.mounts = [
    {
      path = "/srv";
      flags = [ "ro" ];
    }
  ];
  shop.settings.extra = 3;
}
