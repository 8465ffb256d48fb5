# Something for each rule.
{ lib, config, ... }:
{
  demo.port = 80;
  demo.name = "one";
  demo.flags = [
    "--verbose"
    "--fast"
    "--verbose"
  ];
  demo.env.MODE = "slow";
  demo.env.COLOUR = lib.mkForce "red"; # ß
  demo.any = lib.mkIf false true;
  demo.users.alice = {
    home = "/home";
    groups = [
      "wheel"
    ];
  };
  demo.text = lib.mkIf (!config.demo.enable) (lib.mkIf config.demo.enable "never");
}
