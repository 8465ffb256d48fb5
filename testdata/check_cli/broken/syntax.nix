{ demo.flags = [ ;
