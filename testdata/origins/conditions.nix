# Conditions wherever they can be.
{ lib, config, ... }:
let
  cfg = config.shop;
  common = lib.mkIf (cfg.port == 1) {
    shop.env.COMMON = "yes";
  };
  unless = condition: lib.mkIf (!condition);
in
{
  config = lib.mkMerge [
    common
    {
      shop.enable = true;
      shop.flags = lib.mkIf cfg.enable (
        lib.mkMerge [
          [ "plain" ]
          (lib.mkIf (cfg.port == 2) (lib.mkAfter [ "never" ]))
          (lib.mkBefore (
            [
              "first" # of all
            ]
            ++ lib.optional (cfg.port == 80) "standard"
          ))
        ]
      );
    }
    (lib.mkIf (!cfg.enable) {
      shop = lib.mkIf true {
        # Only without a shop.
        flags = [ "closed" ];
        env = {
          CLOSED = "yes";
        };
      };
    })
    (lib.mkIf cfg.enable {
      shop = lib.mkIf (cfg.port == 3) { flags = [ "third" ]; };
    })
    (lib.mkIf cfg.enable {
      shop.env = {
        OPEN = lib.mkIf (cfg.port == 4) "no";
        MODE = lib.mkDefault "slow";
        A = "a";
      };
    })
    (unless cfg.enable { shop.flags = [ "computed" ]; })
    { shop.flags = if cfg ? missing then [ "missing" ] else lib.mkIf false [ "literal" ]; }
  ];
}
