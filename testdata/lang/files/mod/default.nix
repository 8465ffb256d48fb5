{ z = 3; here = ./.; pos = __curPos; }
