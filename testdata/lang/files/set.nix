{ x = 1; y = import ./mod; }
