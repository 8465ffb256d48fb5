{
  web.enable = true;
  web.port = 8080;
  web.host = "example.org";
}
