{ demo.flgs = [ ]; }
