# One job has no end; the others are evaluated all the same.
let
  make = name: attrs: derivation ({ inherit name; system = "x86_64-linux"; builder = ":"; } // attrs);
  endless = [ endless ];
in
{
  before = make "before" { };
  endless = make "endless" { inherit endless; };
  later = make "later" { };
}
