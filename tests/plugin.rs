//! The plugin for Nix, in a program that stands for Nix: with a small `libnixexpr` and a `libnixexprc` that has the functions of Nix's C
//! API (`tests/plugin_stub`). `--all-features` builds the plugin.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test compiles and runs programs, and says when it cannot"
)]

mod native;
mod scratch;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use native::{compile, library};
use scratch::Scratch;

const STUB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/plugin_stub");
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/session");

/// A folder with `libnixexpr.so.9.9`, its C API, and a program that stands for Nix.
struct Nix {
    folder: Scratch,
    plugin: PathBuf,
}

impl Nix {
    /// `None` if there is no plugin or no compiler.
    fn new(name: &str) -> Option<Nix> {
        let nix = Nix { folder: Scratch::new(name), plugin: library()? };
        nix.shared("evaluator.c", "libnixexpr.so.9.9", "").then_some(())?;
        nix.shared("c_api.c", "libnixexprc.so.9.9", "-l:libnixexpr.so.9.9");
        let out = nix.folder.join("nix");
        compile(STUB_FLAGS, &[&format!("{STUB}/host.c")], &nix.link("-l:libnixexpr.so.9.9 -ldl"), &out);
        Some(nix)
    }

    fn link(&self, needs: &str) -> String {
        let folder = self.folder.display();
        format!("-L{folder} -Wl,-rpath,{folder} {needs}")
    }

    /// Compiles a library of the folder.
    fn shared(&self, source: &str, name: &str, needs: &str) -> bool {
        let link = format!("-Wl,-soname,{name} {}", self.link(needs));
        compile(
            &format!("{STUB_FLAGS} -shared -fPIC"),
            &[&format!("{STUB}/{source}")],
            &link,
            &self.folder.join(name),
        )
    }

    /// What it says about an argument of `__nival`.
    fn call(&self, argument: &str) -> String {
        let mut nix = Command::new(self.folder.join("nix"));
        text(&run(nix.arg(&self.plugin).args(argument.split_whitespace()).current_dir(DATA)).stdout)
    }

    /// What it says when it has loaded the plugin: the function's name, and messages.
    fn load(&self, variable: &str) -> (String, String) {
        let mut nix = Command::new(self.folder.join("nix"));
        let done = run(nix.arg(&self.plugin).env(variable, "1"));
        (text(&done.stdout), text(&done.stderr).replace(&self.folder.display().to_string(), "…"))
    }
}

const STUB_FLAGS: &str = "-Wall -Wextra -Werror -g";
const NONE: &str = "STUB_NONE";

fn run(program: &mut Command) -> Output {
    let done = program.output().expect("the program");
    assert!(done.status.success(), "{program:?}: {}\n{}", done.status, text(&done.stderr));
    done
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_function_is_registered_in_order() {
    let Some(nix) = Nix::new("plugin-order") else { return };
    let (name, log) = nix.load("STUB_LOG");
    assert_eq!(name, "__nival\n");
    assert_eq!(log, "nix_alloc_primop\nnix_register_primop\nnix_gc_decref of the function\n");
}

#[test]
fn modules_and_a_fixture_give_values() {
    let Some(nix) = Nix::new("plugin-values") else { return };
    for (argument, result) in [
        (
            "{ modules= [ /port.nix ] fixture= { port= ~8080 } base= false }",
            "{ port = 8080; url = \"http://localhost:8080\"; }",
        ),
        (
            "~{ modules= ~[ ~\"port.nix\" ] fixtures= [ \"8080.json\" ] options= [ \"port\" ] }",
            "{ port = 8080; }",
        ),
        (
            "{ modules= [ /data.nix ] fixture= { value= { a= [ null true 7 1.5 \"text\" { } [ ] ] } } base= false }",
            "{ value = { a = [ null true 7 1.5 \"text\" { } [ ] ]; }; }",
        ),
        ("{ modules= [ ] base= false }", "{ }"),
    ] {
        let argument = argument.replace("/port.nix", &format!("{DATA}/port.nix"));
        let argument = argument.replace("/data.nix", &format!("{DATA}/data.nix"));
        assert_eq!(nix.call(&argument), format!("{result}\n0 references are left\n"), "{argument}");
    }
}

#[test]
fn wrong_arguments_are_errors_of_nix() {
    let Some(nix) = Nix::new("plugin-errors") else { return };
    for (argument, message) in [
        ("7", "the argument of __nival is not a set"),
        ("{ }", "the argument of __nival has no 'modules'"),
        ("{ moduls= [ ] }", "__nival has no argument 'moduls'"),
        ("{ modules= 1 }", "'modules' is not a list"),
        ("{ modules= [ 1 ] }", "'modules' is not a string or path"),
        ("{ modules= [ ] fixture= [ ] }", "'fixture' is not a string or path"),
        ("{ modules= [ ] base= 1 }", "'base' is not a Boolean"),
        ("{ modules= [ function ] }", "the argument has a part that is no data"),
        ("{ modules= [ nan ] }", "a number of the argument is not finite"),
        ("{ modules= [ throw:stop ] }", "stop"),
        ("~throw:stop", "stop"),
    ] {
        let said = nix.call(argument);
        assert_eq!(said, format!("error -1: {message}\n0 references are left\n"), "{argument}");
    }
    let deep = format!("{{ modules= {} {} }}", "[ ".repeat(600), "] ".repeat(600));
    assert_eq!(nix.call(&deep), "error -1: the argument is nested too deep\n0 references are left\n");
    let missing = nix.call("{ modules= [ /does/not/exist.nix ] }");
    assert!(missing.starts_with("error -1: ") && missing.contains("'/does/not/exist.nix'"), "{missing}");
}

#[test]
fn without_a_c_api_that_belongs_to_it_nothing_happens() {
    let Some(nix) = Nix::new("plugin-mismatch") else { return };
    let nothing = "nothing is registered\n".to_owned();
    let (said, why) = nix.load("STUB_NO_PRIMOPS");
    assert_eq!((said, &*why), (nothing.clone(), "nival: the plugin does nothing: no functions today\n"));

    nix.shared("evaluator.c", "libnixexpr.so.9.8", "");
    nix.shared("c_api.c", "libnixexprc.so.9.9", "-l:libnixexpr.so.9.8");
    let why =
        "nival: the plugin does nothing: '…/libnixexprc.so.9.9' does not belong to '…/libnixexpr.so.9.9'\n";
    assert_eq!(nix.load(NONE), (nothing.clone(), why.to_owned()));

    std::fs::write(nix.folder.join("libnixexprc.so.9.9"), "no library").expect("a file");
    assert_eq!(nix.load(NONE), (nothing.clone(), why.to_owned()));

    std::fs::remove_file(nix.folder.join("libnixexprc.so.9.9")).expect("the file");
    let why = "nival: the plugin does nothing: there is no C API in '…/libnixexprc.so.9.9'\n";
    assert_eq!(nix.load(NONE), (nothing, why.to_owned()));
}

#[test]
fn a_nix_without_shared_libraries_hears_one_line() {
    let Some(plugin) = library() else { return };
    let scratch = Scratch::new("plugin-static");
    let program = scratch.join("nix");
    let sources = [format!("{STUB}/host.c"), format!("{STUB}/evaluator.c")];
    if !compile(STUB_FLAGS, &sources.each_ref().map(String::as_str), "-ldl", &program) {
        return;
    }
    let done = run(Command::new(program).arg(&plugin));
    assert_eq!(text(&done.stdout), "nothing is registered\n");
    let line = "nival: the plugin does nothing: this Nix has no shared library libnixexpr, so its functions cannot be found\n";
    assert_eq!(text(&done.stderr), line);

    let nix = std::env::var_os("NIX_INSTANTIATE").unwrap_or_else(|| "nix-instantiate".into());
    let mut real = Command::new(nix);
    real.args(["--option", "plugin-files"]).arg(&plugin).args(["--eval", "-E", "1"]);
    match real.output() {
        Ok(done) => {
            assert_eq!(text(&done.stdout), "1\n", "{}", text(&done.stderr));
            println!("real Nix: {}", text(&done.stderr));
        }
        Err(_) => println!("skipped: there is no nix-instantiate"),
    }
}

#[test]
fn the_library_asks_the_linker_for_nothing_of_nix() {
    let Some(plugin) = library() else { return };
    let Some(wanted) = names(&plugin, "--undefined-only") else { return };
    let of_nix: Vec<&String> = wanted.iter().filter(|name| name.contains("nix_")).collect();
    assert!(of_nix.is_empty() && wanted.len() > 10, "{of_nix:?}");
    let has = names(&plugin, "--defined-only").unwrap_or_default();
    assert!(has.iter().any(|name| name == "nix_plugin_entry"), "there is no nix_plugin_entry");
}

/// The names of dynamic symbols.
fn names(library: &Path, which: &str) -> Option<Vec<String>> {
    let Ok(nm) = Command::new("nm").args(["-D", which]).arg(library).output() else {
        println!("skipped: there is no nm");
        return None;
    };
    Some(
        text(&nm.stdout)
            .lines()
            .filter_map(|line| line.split_whitespace().last().map(str::to_owned))
            .collect(),
    )
}
