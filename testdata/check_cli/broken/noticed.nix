{
  demo.enable = true;
  demo.flags = builtins.trace "looking" [ "--seen" ];
  demo.settings.a = throw "there is no a";
}
