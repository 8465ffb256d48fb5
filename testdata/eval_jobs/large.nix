# One job needs more memory than there is.
let
  make = name: attrs: derivation ({ inherit name; system = "x86_64-linux"; builder = ":"; } // attrs);
  double = n: list: if n == 0 then list else double (n - 1) (list ++ list);
in
{
  before = make "before" { };
  large = make "large" { text = builtins.toString (builtins.length (double 26 [ 1 ])); };
  later = make "later" { };
}
