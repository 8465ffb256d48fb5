rec {
  f = x: x;
  g = f;
  set = { inherit f; };
}
