{
  web.enable = true;
  web.hostname = "old.example.org";
}
