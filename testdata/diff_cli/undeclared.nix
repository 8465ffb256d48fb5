{
  services.domo.enable = true;
}
