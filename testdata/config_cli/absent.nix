{ modulesPath, ... }:
{
  imports = [
    ./options.nix
    (modulesPath + "/virtualisation/some-cloud.nix")
    "${modulesPath}/profiles/minimal.nix"
  ];
  service.port = 81;
}
