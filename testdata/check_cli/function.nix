# A way of its own from a fixture to a configuration: one option, whose value says whether the demo is enabled.
fixture: {
  options.demo = {
    _type = "option";
    loc = [ "demo" ];
  };
  config.demo = if (import fixture).demo.enable or false then "enabled" else "not enabled";
}
