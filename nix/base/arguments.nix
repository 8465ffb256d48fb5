# Arguments that modules can ask for.
{
  config,
  lib,
  pkgs,
  ...
}:

{
  config._module.args.utils = lib.mkDefault (import ../utils { inherit config lib pkgs; });
}
