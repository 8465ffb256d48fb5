{
  demo.flags = map (item: toString item.key) (
    builtins.genericClosure {
      startSet = [ { key = 0; } ];
      operator = item: [ { key = item.key + 1; } ];
    }
  );
}
