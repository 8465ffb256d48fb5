# The same options again, defined elsewhere.
{ service.text = "c"; service.list = [ 5 ]; top.nested.more = { }; service.port = 81; }
