{ boot.kernelParams = [ "x" ]; }
