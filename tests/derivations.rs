//! Checks nival's derivations with another implementation, the crate nix-derivation.
#![allow(clippy::disallowed_methods, reason = "the test reads a table and runs nothing")]

use std::path::Path;

use nival::Session;

/// The contents of the files of all derivations in a text, by path.
fn files(text: &str) -> Vec<(String, Vec<u8>)> {
    let (send, receive) = std::sync::mpsc::channel();
    let sink = move |path: &str, contents: &[u8]| {
        let _ = send.send((path.to_owned(), contents.to_vec()));
    };
    let session = Session::builder().on_derivation(sink).open().expect("a session");
    session.evaluate(text, "/").and_then(|value| value.force()).expect("the text evaluates");
    receive.try_iter().collect()
}

#[test]
fn another_implementation_agrees() {
    let text = r#"
      let
        d = name: attrs: derivation ({ inherit name; system = "s"; builder = "b"; } // attrs);
        a = d "a" { outputs = [ "out" "dev" ]; args = [ "-c" "x \"y\" \n" ]; };
        f = d "f" { outputHash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="; };
        s = d "s" { __structuredAttrs = true; x = [ 1 { y = null; } ]; outputChecks.out.maxSize = 1; inherit a; };
        t = d "t" { file = builtins.toFile "t" "u"; a = a.dev; inherit f s; deep = s.drvPath; };
      in t.outPath"#;
    let files = files(text);
    assert_eq!(files.len(), 4);
    for (path, contents) in files {
        let name = Path::new(&path).file_stem().and_then(|n| n.to_str()).expect("a name");
        let (_, name) = name.split_once('-').expect("a hash");
        let read = nix_derivation::Derivation::from_aterm_bytes(&contents, name).expect("it can be read");
        assert_eq!(String::from_utf8(read.to_aterm_bytes()), String::from_utf8(contents));
        assert_eq!(read.drv_path().expect("a path").to_absolute_path(), path);
    }
}
