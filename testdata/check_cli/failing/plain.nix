{ failing.sound = 2; }
