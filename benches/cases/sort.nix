# 200,000 integers in a scrambled order.
let
  scrambled = builtins.genList (i: i * 7919 - (i * 7919) / 200003 * 200003) 200000;
  sorted = builtins.sort builtins.lessThan scrambled;
in
builtins.elemAt sorted 1000 + builtins.length sorted
