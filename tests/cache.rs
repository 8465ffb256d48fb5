//! The code cache as users see it: the same results with and without it, whatever happens to its files.
#![allow(clippy::disallowed_methods, reason = "the test makes and damages files")]

mod program;
mod scratch;

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use scratch::Scratch;

/// The file that marks a folder as nival's.
const MARKER: &str = "nival-cache";

/// A way to damage the bytes of a file.
type Damage = fn(&mut Vec<u8>);

/// A folder with Nix files and a cache, removed on drop.
struct Place(Scratch);

impl Place {
    fn new(name: &str) -> Place {
        let folder = Scratch::new(&format!("cache-{name}"));
        fs::create_dir_all(folder.join("sub")).expect("a folder");
        let place = Place(folder);
        place.write(
            "main.nix",
            "{ a = import ./sub/value.nix; here = __curPos.file; two = import ./twin.nix; }",
        );
        place.write("sub/value.nix", "let x = ./neighbour; in { inherit x; y = assert x != ./other; 1; }");
        place.write("sub/fails.nix", "{ a = 1;\n  b = throw \"no\"; }.b");
        place.write("twin.nix", "{ file = __curPos.file; dir = ./.; }");
        place.write("sub/twin.nix", "{ file = __curPos.file; dir = ./.; }");
        place
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.0.join(path), text).expect("a file");
    }

    /// Creates an empty file and its parent folders.
    fn empty_file(&self, path: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, "").expect("a file");
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = program::bare(env!("CARGO_BIN_EXE_nival"));
        command
            .args(args)
            .current_dir(&*self.0)
            .env("NIVAL_CACHE_DIR", self.0.join("cache"))
            .stdin(Stdio::null());
        command
    }

    fn eval(&self, args: &[&str]) -> (String, String) {
        text(&self.command(&[&["eval"], args].concat()).output().expect("nival runs"))
    }

    /// The cache folder of this version.
    fn folder(&self) -> PathBuf {
        let contents = self.files().into_iter().find(|file| file.ends_with("contents")).expect("a table");
        contents.parent().expect("a folder").to_owned()
    }

    /// The cache files, those with code first.
    fn files(&self) -> Vec<PathBuf> {
        let list = |folder: &Path| -> Vec<PathBuf> {
            fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect()
        };
        let mut files: Vec<_> = list(&self.0.join("cache")).iter().flat_map(|f| list(f)).collect();
        // Files with code have numbers as names, which may sort after the name of the table.
        files.sort_by_key(|file| (file.ends_with("contents"), file.clone()));
        files.retain(|file| !file.ends_with(MARKER));
        files
    }
}

fn text(out: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&out.stdout), text(&out.stderr))
}

#[test]
fn a_second_run_gives_the_same() {
    let place = Place::new("same");
    let inputs: [&[&str]; 4] = [
        &["--strict", "main.nix"],
        &["--show-trace", "sub/fails.nix"],
        &["--strict", "-E", "[ (import ./twin.nix) (import ./sub/twin.nix) (import ./twin.nix).file ]"],
        &["-E", "builtins.unsafeGetAttrPos \"y\" (import ./sub/value.nix)", "--strict", "--json"],
    ];
    let without: Vec<_> = inputs.iter().map(|i| place.eval(&[&["--no-cache"], *i].concat())).collect();
    assert!(place.files().is_empty(), "--no-cache writes nothing");
    for run in ["first", "second", "third"] {
        for (input, want) in inputs.iter().zip(&without) {
            assert_eq!(&place.eval(input), want, "{run} run of {input:?}");
        }
        assert!(!place.files().is_empty());
    }
    assert!(without[0].0.contains("sub/neighbour") && without[1].1.contains("fails.nix:2:7"), "{without:?}");
}

#[test]
fn a_changed_file_is_noticed() {
    let place = Place::new("changed");
    place.write("v.nix", "[ 1 ]");
    assert_eq!(place.eval(&["--strict", "v.nix"]).0, "[ 1 ]\n");
    place.write("v.nix", "[ 2 ]");
    assert_eq!(place.eval(&["--strict", "v.nix"]).0, "[ 2 ]\n");
    // Every change adds a file, until one file replaces all.
    for i in 0..30 {
        place.write("v.nix", &format!("[ {i} \"text {i}\" ./p{i} ]"));
        assert!(place.eval(&["--strict", "v.nix"]).0.starts_with(&format!("[ {i} \"text {i}\" ")));
    }
    assert!(place.files().len() < 40);
    assert_eq!(place.eval(&["--strict", "main.nix"]), place.eval(&["--no-cache", "--strict", "main.nix"]));
}

/// Nix visits attributes in the order in which it interned their names, which earlier runs must not affect.
#[test]
fn the_first_error_is_the_same_with_cached_code() {
    let place = Place::new("order");
    place.write("za.nix", r#"{ zeta = throw "zeta"; alpha = throw "alpha"; }"#);
    place.write("az.nix", r#"{ alpha = throw "alpha"; zeta = throw "zeta"; }"#);
    place.write("f.nix", "{ zeta, alpha }: zeta");
    let calls = ["import ./f.nix { }", "let alpha = 1; in import ./f.nix { }"];
    for _ in 0..2 {
        for (file, first) in [("za.nix", "zeta"), ("az.nix", "alpha")] {
            let (_, err) = place.eval(&["--strict", file]);
            assert!(err.ends_with(&format!("error: {first}\n")), "{err}");
        }
        for (call, first) in calls.into_iter().zip(["zeta", "alpha"]) {
            let (_, err) = place.eval(&["-E", call]);
            assert!(err.contains(&format!("without required argument '{first}'")), "{err}");
        }
    }
}

#[test]
fn damaged_files_are_not_used() {
    let place = Place::new("damaged");
    let want = place.eval(&["--strict", "main.nix"]);
    assert_eq!(place.files().len(), 3, "{:?}", place.files());
    let damages: [(&str, Damage); 5] = [
        ("cut short", |bytes| bytes.truncate(bytes.len() / 2)),
        ("empty", Vec::clear),
        ("all zero", |bytes| bytes.fill(0)),
        ("other bytes", |bytes| bytes.iter_mut().for_each(|b| *b ^= 0x55)),
        ("longer", |bytes| bytes.extend([0; 4096])),
    ];
    for which in 0..3 {
        for (how, damage) in damages {
            let file = place.files()[which].clone();
            let mut bytes = fs::read(&file).expect("the cache's file");
            damage(&mut bytes);
            fs::write(&file, bytes).expect("the cache's file");
            let (out, err) = place.eval(&["--strict", "main.nix"]);
            assert_eq!(out, want.0, "{how}");
            assert!(err.starts_with("warning: ignoring the code cache in "), "{how}: {err}");
            // The cache is created anew.
            assert_eq!(place.eval(&["--strict", "main.nix"]), want, "{how}");
            assert_eq!(place.eval(&["--strict", "main.nix"]), want, "{how}");
        }
    }
}

#[test]
fn code_that_is_damaged_within_is_lowered_again() {
    let place = Place::new("within");
    let want = place.eval(&["--strict", "main.nix"]);
    let file = place.files()[0].clone();
    let bytes = fs::read(&file).expect("the cache's file");
    // The code is on the last pages, after the names.
    let last = bytes.iter().rposition(|b| *b != 0).expect("code");
    for at in (last - 400..last).step_by(37) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xff;
        fs::write(&file, &damaged).expect("the cache's file");
        assert_eq!(place.eval(&["--strict", "main.nix"]).0, want.0, "byte {at}");
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        if !file.exists() {
            // The damage is noticed, the file removed, and the cache starts again.
            assert_eq!(place.eval(&["--strict", "main.nix"]), want);
            return;
        }
    }
    panic!("no damage was noticed");
}

/// Cached code needs the addresses it was made for. Where address space is short, the cache is not used, and stays
/// intact.
#[test]
fn a_small_address_space_does_not_harm_the_cache() {
    let place = Place::new("small");
    let want = place.eval(&["--strict", "main.nix"]);
    let before = place.files();
    let mut shell = Command::new("sh");
    shell.args([
        "-c",
        "ulimit -v 6000000 && exec \"$0\" eval --strict main.nix",
        env!("CARGO_BIN_EXE_nival"),
    ]);
    shell.current_dir(&*place.0).env("NIVAL_CACHE_DIR", place.0.join("cache"));
    assert_eq!(text(&shell.output().expect("sh runs")), want);
    assert_eq!(place.files(), before);
}

#[test]
fn many_runs_at_once_and_no_place_to_write() {
    let place = Place::new("many");
    let want = place.eval(&["--no-cache", "--strict", "main.nix"]);
    let start = |_| {
        let mut command = place.command(&["eval", "--strict", "main.nix"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("nival runs")
    };
    for running in (0..8).map(start).collect::<Vec<_>>() {
        assert_eq!(text(&running.wait_with_output().expect("nival ends")), want);
    }
    for dir in ["/dev/null/nowhere", "/proc/nowhere", ""] {
        let out = place.command(&["eval", "--strict", "main.nix"]).env("NIVAL_CACHE_DIR", dir).output();
        assert_eq!(text(&out.expect("nival runs")).0, want.0, "{dir}");
    }
}

#[test]
fn the_cache_can_be_shown_and_cleared() {
    let place = Place::new("command");
    place.eval(&["main.nix"]);
    let info = text(&place.command(&["cache", "info"]).output().expect("nival runs")).0;
    assert!(info.contains("in 3 files") && info.contains("/cache\n"), "{info}");
    assert!(place.command(&["cache", "clear"]).status().expect("nival runs").success());
    assert!(place.files().is_empty());
    let info = text(&place.command(&["cache", "info"]).output().expect("nival runs")).0;
    assert!(info.contains("size     0 bytes"), "{info}");
}

#[test]
fn other_versions_are_removed_when_all_are_too_large() {
    let place = Place::new("bound");
    let (small, large) = ("cache/0123456789abcdef", "cache/fedcba9876543210");
    place.eval(&["main.nix"]);
    let marker = place.folder().join(MARKER);
    for (folder, len) in [(small, 1 << 20), (large, 2 << 30)] {
        place.empty_file(&format!("{folder}/contents"));
        fs::copy(&marker, place.0.join(folder).join(MARKER)).expect("a marker");
        let file = fs::File::create(place.0.join(folder).join("0123456789abcdef.code")).expect("a file");
        // A sparse file: it takes no space on disk.
        file.set_len(len).expect("a length");
        for file in ["contents", MARKER, "0123456789abcdef.code", ""] {
            only_for_the_owner(&place.0.join(folder).join(file));
        }
    }
    let old = fs::File::open(place.0.join(large).join("contents")).expect("a file");
    old.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(3600)).expect("a time");
    place.write("new.nix", "{ something = \"new\"; }");
    place.eval(&["-E", "import ./new.nix"]);
    assert!(!place.0.join(large).exists(), "the older one is removed");
    assert!(place.0.join(small).exists(), "then there is room enough");
}

fn only_for_the_owner(path: &Path) {
    let mut permissions = fs::metadata(path).expect("it is there").permissions();
    permissions.set_mode(permissions.mode() & !0o022);
    fs::set_permissions(path, permissions).expect("it is ours");
}

/// Clearing the cache removes only folders that are nival's, not similar ones of the user.
#[test]
fn foreign_files_and_folders_are_not_removed() {
    let place = Place::new("foreign");
    place.eval(&["main.nix"]);
    let own = place.folder();
    // Another version's folder without a marker, with a foreign one, and a link to a folder; a file beside them.
    for folder in ["0123456789abcdef", "00000000deadbeef", "elsewhere"] {
        place.empty_file(&format!("cache/{folder}/contents"));
        place.empty_file(&format!("cache/{folder}/thesis.tex"));
        place.empty_file(&format!("cache/{folder}/0123456789abcdef.code"));
    }
    place.write("cache/00000000deadbeef/nival-cache", "mine\n");
    place.write("cache/elsewhere/nival-cache", &fs::read_to_string(own.join(MARKER)).expect("a marker"));
    symlink(place.0.join("cache/elsewhere"), place.0.join("cache/1111111111111111")).expect("a link");
    place.write("cache/2222222222222222", "a file");
    // A user's file among nival's.
    fs::write(own.join("notes.txt"), "notes").expect("a file");
    let others = |place: &Place| -> usize {
        let folders = ["0123456789abcdef", "00000000deadbeef", "elsewhere"];
        folders.iter().map(|f| fs::read_dir(place.0.join("cache").join(f)).map_or(0, Iterator::count)).sum()
    };
    let before = others(&place);
    assert!(place.command(&["cache", "clear"]).status().expect("nival runs").success());
    assert_eq!(others(&place), before);
    assert!(place.0.join("cache/2222222222222222").exists());
    assert_eq!(fs::read(own.join("notes.txt")).expect("it is there"), b"notes");
    assert!(!own.join("contents").exists());
    let info = text(&place.command(&["cache", "info"]).output().expect("nival runs")).0;
    assert!(info.contains("size     0 bytes"), "{info}");
    // The folder is still nival's.
    place.eval(&["main.nix"]);
    assert!(own.join("contents").exists());
    // This version's folder, created by the user.
    assert!(place.command(&["cache", "clear"]).status().expect("nival runs").success());
    fs::remove_file(own.join(MARKER)).expect("a file");
    let (out, err) = place.eval(&["--strict", "-E", "1 + 1"]);
    assert_eq!(out, "2\n");
    assert!(err.contains("was not made by nival (it has no file 'nival-cache')"), "{err}");
    assert_eq!(fs::read_dir(&own).expect("a folder").count(), 1, "only the notes");
}

#[test]
fn a_cache_that_others_may_write_is_not_used() {
    let place = Place::new("writable");
    place.eval(&["main.nix"]);
    let (root, own) = (place.0.join("cache"), place.folder());
    for folder in [&root, &own] {
        let usual = fs::metadata(folder).expect("a folder").permissions();
        for mode in [0o770, 0o702, 0o777] {
            fs::set_permissions(folder, fs::Permissions::from_mode(mode)).expect("it is ours");
            let before = place.files();
            let (out, err) = place.eval(&["-E", "{ a = 41; }.a + 1"]);
            assert_eq!(out, "42\n");
            let wanted = format!("others than its owner may write to it (mode {mode:o}");
            assert!(
                err.starts_with("warning: ignoring the code cache in ") && err.contains(&wanted),
                "{err}"
            );
            assert_eq!(place.files(), before);
            for command in ["info", "clear"] {
                let out = place.command(&["cache", command]).output().expect("nival runs");
                assert!(out.status.code() == Some(1) || folder == &own, "{command}");
            }
            assert!(!place.files().is_empty(), "nothing was removed");
        }
        fs::set_permissions(folder, usual).expect("it is ours");
    }
    assert_eq!(place.eval(&["-E", "1"]).1, "");
}

#[test]
fn links_in_the_cache_are_not_followed() {
    let place = Place::new("links");
    let want = place.eval(&["--strict", "main.nix"]);
    let own = place.folder();
    place.write("precious", "precious");
    for name in ["contents", &format!("{:016x}.new", 1), "0123456789abcdef.code"] {
        let link = own.join(name);
        // It may not exist.
        let _ = fs::remove_file(&link);
        symlink(place.0.join("precious"), &link).expect("a link");
        place.write("new.nix", &format!("\"{name}\""));
        assert_eq!(place.eval(&["-E", "import ./new.nix"]).0, format!("\"{name}\"\n"));
        assert_eq!(place.eval(&["--strict", "main.nix"]).0, want.0);
        // It may have been moved away.
        let _ = fs::remove_file(&link);
    }
    // The folder of this version is a link elsewhere.
    fs::rename(&own, place.0.join("moved")).expect("a folder");
    symlink(place.0.join("moved"), &own).expect("a link");
    let (out, err) = place.eval(&["--strict", "main.nix"]);
    assert_eq!(out, want.0);
    assert!(err.contains("is no folder of nival's"), "{err}");
    assert_eq!(fs::read(place.0.join("precious")).expect("it is there"), b"precious");
}

/// The state after runs that were killed while writing.
#[test]
fn leftovers_are_removed() {
    let place = Place::new("orphans");
    place.eval(&["main.nix"]);
    let own = place.folder();
    for name in ["0000000000000001.code", "0000000000000002.new", "not-nivals.code"] {
        fs::write(own.join(name), "left behind").expect("a file");
    }
    let info = text(&place.command(&["cache", "info"]).output().expect("nival runs")).0;
    assert!(info.contains("in 5 files"), "{info}");
    place.write("new.nix", "{ something = \"new\"; }");
    place.eval(&["-E", "import ./new.nix"]);
    let left: Vec<_> =
        place.files().into_iter().filter(|f| fs::read(f).is_ok_and(|b| b == b"left behind")).collect();
    assert_eq!(left, [own.join("not-nivals.code")]);
}

#[test]
fn concurrent_first_runs_leave_one_runs_files() {
    let place = Place::new("first");
    let want = place.eval(&["--no-cache", "--strict", "main.nix"]);
    let start = |_| {
        let mut command = place.command(&["eval", "--strict", "main.nix"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("nival runs")
    };
    for running in (0..20).map(start).collect::<Vec<_>>() {
        assert_eq!(text(&running.wait_with_output().expect("nival ends")), want);
    }
    assert_eq!(place.files().len(), 3, "{:?}", place.files());
}
