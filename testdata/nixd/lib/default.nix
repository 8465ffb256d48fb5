# The native lib takes the place of these, wherever it has the same names.
{
  evalModules = null;
  mkForce = null;
  mkOption = null;
  modules = { };
  options = { };
  types = { };
}
