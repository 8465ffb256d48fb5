//! The sources of store objects when nothing is built or fetched: `--store`, `--fetched`, and errors that name them.
#![allow(clippy::disallowed_methods, reason = "the test runs the program on files of its own")]

mod program;
mod scratch;

use std::os::unix::process::CommandExt as _;
use std::path::Path;

use scratch::Scratch;

/// A derivation, and its output path in real Nix.
const DERIVATION: &str = r#"(derivation { name = "a"; system = "s"; builder = "b"; })"#;
const OUTPUT: &str = "dxf718d43nfd27n0ks5dv1yyq75xv2yk-a";

/// The output, or the error.
fn eval(flags: &[&str], expression: &str) -> String {
    let mut command = program::bare(env!("CARGO_BIN_EXE_nival"));
    command.arg0("nix-instantiate").args(["--eval", "--strict"]).args(flags).args(["-E", expression]);
    let out = command.output().expect("the program runs");
    let text = if out.status.success() { out.stdout } else { out.stderr };
    String::from_utf8_lossy(&text).trim_end().to_owned()
}

#[test]
fn outputs_are_imported_where_they_are_present() {
    let import = format!("(import {DERIVATION}).x");
    let refused = eval(&[], &import);
    assert!(refused.contains(&format!("Its output '/nix/store/{OUTPUT}' is not in the store")), "{refused}");
    assert!(refused.contains("--store"), "{refused}");

    let folder = Scratch::new("store");
    for below in ["", "root/nix/store"] {
        let output = folder.join(below).join(OUTPUT);
        std::fs::create_dir_all(&output).expect("a folder");
        std::fs::write(output.join("default.nix"), "{ x = 5; }").expect("a file");
        std::os::unix::fs::symlink("default.nix", output.join("link")).expect("a link");
    }
    let root = format!("{}/root", folder.to_str().expect("UTF-8"));
    for store in [folder.to_str().expect("UTF-8"), &root] {
        assert_eq!(eval(&["--store", store], &import), "5");
        assert_eq!(eval(&["--store", store], &format!("(import \"${{{DERIVATION}}}/link\").x")), "5");
        assert_eq!(
            eval(&["--store", store], &format!("builtins.pathExists \"${{{DERIVATION}}}/y\"")),
            "false"
        );
    }
    let flags =
        ["--store", folder.to_str().expect("UTF-8"), "--option", "allow-import-from-derivation", "false"];
    assert!(eval(&flags, &import).contains("the option 'allow-import-from-derivation' is disabled"));
}

#[test]
fn local_copies_stand_for_what_would_be_fetched() {
    let archives = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/lang/files/archives");
    let copy = format!("https://example.org/x.tar.gz={}/pkg.tar.gz", archives.display());
    let fetch = r#"builtins.fetchTarball "https://example.org/x.tar.gz""#;
    // As recorded for the same archive by its file:// URL.
    let expected = "\"/nix/store/kdjaz6n7aspcj13xils3vxvdkz13wjhg-source\"";
    assert_eq!(eval(&["--fetched", &copy], fetch), expected);
    let refused = eval(&[], fetch);
    assert!(refused.contains("cannot fetch 'https://example.org/x.tar.gz'"), "{refused}");
    assert!(refused.contains("--fetched 'https://example.org/x.tar.gz=PATH'"), "{refused}");
    let with_hash = r#"builtins.fetchTarball {
        url = "https://example.org/x.tar.gz"; sha256 = "05yfm77m73wg1q8s60pfs7bn4bg03varnlkllf97zyk5l7qr1has";
    }"#;
    let refused = eval(&[], with_hash);
    assert!(refused.contains("kdjaz6n7aspcj13xils3vxvdkz13wjhg-source"), "{refused}");

    let folder = Scratch::new("fetched");
    let present = folder.join("kdjaz6n7aspcj13xils3vxvdkz13wjhg-source");
    std::fs::create_dir_all(&present).expect("a folder");
    assert_eq!(eval(&["--store", folder.to_str().expect("UTF-8")], with_hash), expected);
}
