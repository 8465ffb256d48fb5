{
  services.demo.enable = true;
  services.demo.log = "debug";
}
