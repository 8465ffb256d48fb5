throw "at the top"
