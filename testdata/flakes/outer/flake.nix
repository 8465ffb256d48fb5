{
  inputs.inner.url = "path:./own";
  outputs = { self, inner }: { value = "outer sees ${inner.value}"; };
}
