{
  inputs.outer.url = "github:example/outer";
  inputs.outer.inputs.inner.follows = "inner";
  inputs.inner.url = "path:./inner";
  outputs =
    { self, outer, inner }:
    {
      inherit (outer) value;
      here = inner.here;
    };
}
