{
  demo.enable = true;
  demo.port = 22;
}
