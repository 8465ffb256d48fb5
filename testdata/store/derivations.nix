# Derivations of every kind the store knows, small and never to be built. `record` has real Nix write
# their files. `tree` is a file tree and `bytes` a file that is not UTF-8; `record` makes both.
{ tree, bytes }:
let
  make = name: attrs: derivation ({ inherit name; system = "nowhere"; builder = "/bin/none"; } // attrs);
  fixed = name: algo: hash: attrs: make name ({ outputHashAlgo = algo; outputHash = hash; } // attrs);
  nothing = algo: builtins.hashString algo "";

  plain = make "plain" { };
  multi = make "multi" { outputs = [ "out" "dev" "doc" ]; args = [ "-e" "two words" "" ]; };
  unordered = make "unordered" { outputs = [ "lib" "Bin" "out" "a1" ]; "_" = "first"; Z = "upper"; zz = "last"; };
  text = builtins.toFile "note" "a note\n";
  texts = builtins.toFile "notes" "see ${text}\n";

  flat = fixed "flat" "sha256" (nothing "sha256") { url = "one"; };
  # The same content from elsewhere: same output, other derivation, equal in what needs it.
  flatElsewhere = fixed "flat" "sha256" (nothing "sha256") { url = "two"; };
  viaFlat = make "via" { outputs = [ "out" "dev" ]; src = flat; };
  viaElsewhere = make "via" { outputs = [ "out" "dev" ]; src = flatElsewhere; };

  floating = make "floating" { __contentAddressed = true; outputs = [ "out" "dev" ]; };
  deferred = make "deferred" { input = floating.dev; outputs = [ "out" "lib" ]; };
  writer = make "inner.drv" { __contentAddressed = true; outputHashMode = "text"; outputHashAlgo = "sha256"; };
  inner = builtins.outputOf writer.outPath "out";
in
{
  inherit plain multi unordered flat flatElsewhere viaFlat viaElsewhere floating deferred writer;
  chain = make "chain" { a = plain; b = "${multi.dev}/include ${multi.doc}"; c = [ multi unordered.Bin ]; };
  sources = make "sources" { inherit text texts tree; twice = "${tree} ${plain} ${tree}"; };
  escapes = make "escapes" {
    args = [ "tab\tfeed\nreturn\r" "quote\" back\\slash \${x}" "é€𝄞" ];
    "odd name \"é\"" = "x";
    raw = builtins.readFile bytes;
    empty = "";
    flag = true;
    none = null;
    number = 12;
  };
  structured = make "structured" {
    __structuredAttrs = true;
    outputs = [ "out" "dev" ];
    list = [ 1 "two" { three = 3.5; } ];
    input = plain;
  };
  merged = make "merged" { a = viaFlat; b = viaElsewhere.dev; c = plain; };
  closure = make "closure" { file = viaFlat.drvPath; };

  md5 = fixed "md5" "md5" (nothing "md5") { };
  sha1 = fixed "sha1" "sha1" (nothing "sha1") { };
  sha512 = fixed "sha512" "sha512" (nothing "sha512") { };
  blake3 = fixed "blake3" "blake3" (nothing "blake3") { };
  recursive = fixed "recursive" "sha256" (nothing "sha256") { outputHashMode = "recursive"; };
  nar = fixed "nar" "sha1" (nothing "sha1") { outputHashMode = "nar"; };
  git = fixed "git" "sha1" "4b825dc642cb6eb9a060e54bf8d69288fbee4904" { outputHashMode = "git"; };
  git256 = fixed "git256" "sha256" (nothing "sha256") { outputHashMode = "git"; };
  textual = fixed "textual.drv" "sha256" (nothing "sha256") { outputHashMode = "text"; };
  unstated = fixed "unstated" "sha256" "" { };
  sri = make "sri" { outputHash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="; needs = multi; };

  floatingFlat = make "floating-flat" { __contentAddressed = true; outputHashMode = "flat"; outputHashAlgo = "sha512"; };
  floatingNeeds = make "floating-needs" { __contentAddressed = true; input = floating; other = plain; };
  deferredAgain = make "deferred-again" { input = deferred.lib; other = plain; };
  impure = make "impure" { __impure = true; outputs = [ "out" "log" ]; };
  impureNeeds = make "impure-needs" { __impure = true; input = [ plain deferred ]; };
  dynamic = make "dynamic" { inherit inner; file = writer; };
  dynamicDeep = make "dynamic-deep" {
    __contentAddressed = true;
    a = builtins.outputOf inner "out";
    b = builtins.outputOf inner "dev";
    c = plain;
  };
}
