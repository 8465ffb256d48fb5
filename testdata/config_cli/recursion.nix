{ config, ... }: { imports = if config.a then [ ] else [ ]; }
