{
  services.demo.enable = true;
  services.demo.port = 80;
  services.demo.user = "guest";
}
