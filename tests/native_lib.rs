//! The native lib instead of a nixpkgs tree's own (`NIVAL_NATIVE_LIB`), if `NIVAL_TREES` has nixpkgs 26.11: the
//! tree's tests of its library, and a sample of the recorded corpora with the installed Nix.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test finds its inputs and says what it skips"
)]

mod program;
mod tree_folder;

use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Command, Output};

use tree_folder::trees;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn tree() -> Option<PathBuf> {
    let tree = trees()?.join("nixpkgs-26.11");
    if !tree.exists() {
        println!("skipped: there is no {}", tree.display());
        return None;
    }
    Some(tree)
}

/// A folder that contains nival under the name nix-instantiate.
fn personality(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    let link = folder.join("nix-instantiate");
    if std::fs::symlink_metadata(&link).is_err() {
        symlink(env!("CARGO_BIN_EXE_nival"), &link).expect("a link");
    }
    folder
}

/// Evaluates an expression with or without the native lib in the tree.
fn evaluate(tree: &std::path::Path, native: bool, expression: &str) -> Output {
    let mut command = program::bare(personality("expressions").join("nix-instantiate"));
    command.args(["--eval", "--strict", "--json", "--readonly-mode", "-E", expression]).current_dir(tree);
    if native {
        command.env("NIVAL_NATIVE_LIB", tree.join("lib"));
    }
    command.output().expect("nival runs")
}

#[test]
fn the_tests_of_nixpkgs_lib_pass() {
    let Some(tree) = tree() else {
        return;
    };
    for (test, wanted) in [
        ("import ./lib/tests/misc.nix", "[]\n"),
        ("import ./lib/tests/systems.nix", "[]\n"),
        ("import ./lib/path/tests/unit.nix { libpath = ./lib; }", "null\n"),
    ] {
        let out = evaluate(&tree, true, test);
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(text == wanted, "{test}: {text}{}", String::from_utf8_lossy(&out.stderr));
    }
}

/// Scripts print the same with the native lib as with the interpreted one.
#[test]
fn the_scripts_of_nixpkgs_lib_end_alike() {
    let Some(tree) = tree() else {
        return;
    };
    let folder = personality("scripts");
    let path = std::env::var("PATH").unwrap_or_default();
    for script in ["modules.sh", "debug.sh", "filesystem.sh", "network.sh"] {
        let run = |lib: &str| {
            let mut command = program::bare("bash");
            command.arg(tree.join("lib/tests").join(script)).current_dir(&tree);
            command.env("PATH", format!("{}:{path}", folder.display())).env("NIVAL_NATIVE_LIB", lib);
            command.env("NIX_PATH", format!("nixpkgs={}", tree.display()));
            let out = command.output().expect("bash runs");
            let text = String::from_utf8_lossy(&out.stdout).into_owned();
            // The end of the output, if it does not name a failing case.
            text.lines().rev().take(2).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(run(&tree.join("lib").to_string_lossy()), run(""), "{script}");
    }
}

#[test]
fn options_of_a_whole_system_are_the_same() {
    let Some(tree) = tree() else {
        return;
    };
    let system = "{ boot.loader.grub.device = \"/dev/sda\"; fileSystems.\"/\" = { device = \"/dev/sda1\"; fsType = \"ext4\"; }; \
                  services.openssh.enable = true; users.allowNoPasswordLogin = true; system.stateVersion = \"26.11\"; }";
    let expression = format!(
        "let c = (import ./nixos {{ configuration = {system}; system = \"x86_64-linux\"; }}).config; in \
         {{ inherit (c.boot) kernelParams kernelModules; inherit (c.networking) hostName firewall; \
         units = builtins.attrNames c.systemd.services; kernel = c.boot.kernelPackages.kernel.drvPath; }}"
    );
    let (native, interpreted) = (evaluate(&tree, true, &expression), evaluate(&tree, false, &expression));
    assert!(!native.stdout.is_empty(), "{}", String::from_utf8_lossy(&native.stderr));
    assert!(native.stdout == interpreted.stdout, "the values differ");
}

/// Every 60th row of each corpus still matches the real Nix.
#[test]
fn a_sample_of_the_corpora_matches_real_nix() {
    let Some(tree) = tree() else {
        return;
    };
    let nix = std::env::var_os("NIX_INSTANTIATE").unwrap_or_else(|| "nix-instantiate".into());
    let version = Command::new(&nix).arg("--version").output();
    let said = version.map(|v| String::from_utf8_lossy(&v.stdout).into_owned()).unwrap_or_default();
    if !said.contains(" 2.34.") {
        println!("skipped: no nix-instantiate of Nix 2.34 here");
        return;
    }
    let mut command = Command::new(format!("{ROOT}/tools/record/record"));
    command
        .args(["lib", "modsets", "--check", "--every=60", "--trees"])
        .arg(tree.parent().expect("its folder"));
    let out = command.env("NIX_INSTANTIATE", &nix).output().expect("python runs");
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{}{said}", String::from_utf8_lossy(&out.stdout));
}
