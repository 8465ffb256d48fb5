throw "no module here"
