{ outputs = inputs: { x = builtins.attrNames inputs; }; }
