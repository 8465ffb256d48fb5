//! The C interface: a C program and a Python program use the library, which `--all-features` builds.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test compiles and runs programs, and says when it cannot"
)]

mod native;
mod scratch;

use std::path::Path;
use std::process::Command;

use native::{compile, library};
use scratch::Scratch;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn fixture(file: &str) -> String {
    format!("{ROOT}/testdata/session/{file}")
}

/// Runs a program that must succeed; what it prints.
fn run(program: &mut Command) -> String {
    let done = program.output().unwrap_or_else(|e| panic!("{program:?}: {e}"));
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{program:?}: {}\n{said}{errors}", done.status);
    said
}

/// Compiles a C program that uses the library.
fn program(scratch: &Scratch, library: &Path, source: &str) -> Option<std::path::PathBuf> {
    let out = scratch.join("program");
    let folder = scratch.display().to_string();
    std::os::unix::fs::symlink(library, scratch.join("libnival.so")).expect("a link");
    let link = format!("-L{folder} -Wl,-rpath,{folder} -lnival -pthread");
    compile(
        &format!("-Wall -Wextra -Werror -g -I{ROOT}/include"),
        &[&format!("{ROOT}/{source}")],
        &link,
        &out,
    )
    .then_some(out)
}

/// What `tests/c/api.c` is given.
fn words(scratch: &Scratch) -> Vec<String> {
    let store = scratch.join("store");
    std::fs::create_dir(&store).expect("a folder");
    std::fs::write(store.join("00000000000000000000000000000000-thing"), "stored").expect("a file");
    let mut words: Vec<String> = ["80.nix", "8080.nix", "data.nix", "80.nix"].map(fixture).into();
    words.push(store.display().to_string());
    words.extend(["system", "lib"].map(|flake| format!("{ROOT}/testdata/flakes/{flake}")));
    words
}

#[test]
fn a_c_program_uses_every_part() {
    let Some(library) = library() else { return };
    let scratch = Scratch::new("c-api");
    let Some(program) = program(&scratch, &library, "tests/c/api.c") else { return };
    let said = run(Command::new(&program).args(words(&scratch)));
    assert!(said.ends_with(" checks\n"), "{said}");
    println!("{said}");
}

#[test]
fn nothing_leaks() {
    let Some(library) = library() else { return };
    let scratch = Scratch::new("c-leaks");
    let Some(program) = program(&scratch, &library, "tests/c/api.c") else { return };
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("skipped: there is no valgrind");
        return;
    }
    let mut valgrind = Command::new("valgrind");
    valgrind.args([
        "-q",
        "--leak-check=full",
        "--show-leak-kinds=definite",
        "--errors-for-leak-kinds=definite",
    ]);
    // The collector is off, because it looks at all memory.
    valgrind.args(["--error-exitcode=9", "--undef-value-errors=no"]).env("GC_DONT_GC", "1");
    run(valgrind.arg(&program).args(words(&scratch)));
}

#[test]
fn the_examples_run() {
    let Some(library) = library() else { return };
    let module = format!("{ROOT}/testdata/session/port.nix");
    let scratch = Scratch::new("c-examples");
    if let Some(program) = program(&scratch, &library, "docs/examples/options.c") {
        let said = run(Command::new(&program).args([&module, &fixture("8080.json"), "port"]));
        let said = said.replace(ROOT, "…");
        assert_eq!(
            said,
            "port = 8080\n  wins  …/testdata/session/8080.json  priority 100\n  \
             lost  …/testdata/session/port.nix:7:7  priority 1500\n"
        );
    }
    let mut python = Command::new("python3");
    python.arg(format!("{ROOT}/docs/examples/options.py")).arg(&library);
    if Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: there is no python3");
        return;
    }
    let said = run(python.args([&module, &fixture("80.json"), &fixture("8080.json"), "port"]));
    assert!(said.starts_with("port = 80\n"), "{said}");
    assert!(said.contains("port: 80 -> 8080\n"), "{said}");
    assert!(said.contains("url: \"http://localhost:80\" -> \"http://localhost:8080\"\n"), "{said}");
}

#[test]
fn the_header_is_what_cbindgen_makes() {
    let mut cbindgen = Command::new("cbindgen");
    cbindgen.current_dir(ROOT).args(["-q", "--config", "cbindgen.toml", "src/ffi/mod.rs"]);
    let Ok(made) = cbindgen.output() else {
        println!("skipped: there is no cbindgen");
        return;
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let committed = std::fs::read_to_string(format!("{ROOT}/include/nival.h")).expect("the header");
    assert!(String::from_utf8_lossy(&made.stdout) == committed, "run tools/c-library --header");
}

#[test]
fn the_header_is_cpp_as_well() {
    let scratch = Scratch::new("c-header");
    let source = scratch.join("header.cc");
    std::fs::write(&source, "#include <nival.h>\nint main() { return nival_version().length == 0; }\n")
        .expect("a file");
    let flags = format!("-x c++ -c -Wall -Wextra -Werror -I{ROOT}/include");
    if Command::new("g++").arg("--version").output().is_err() {
        println!("skipped: there is no g++");
        return;
    }
    assert!(compile(&flags, &[&source.display().to_string()], "", &scratch.join("header.o")));
}

#[test]
fn every_exported_function_is_declared_and_tested() {
    let header = std::fs::read_to_string(format!("{ROOT}/include/nival.h")).expect("the header");
    let program = std::fs::read_to_string(format!("{ROOT}/tests/c/api.c")).expect("the program");
    let mut count = 0;
    for entry in std::fs::read_dir(format!("{ROOT}/src/ffi")).expect("the folder").flatten() {
        let text = std::fs::read_to_string(entry.path()).expect("a source");
        for function in text.split("pub extern \"C\" fn ").skip(1) {
            let name = &function[..function.find('(').expect("arguments")];
            for (text, place) in [(&header, "include/nival.h"), (&program, "tests/c/api.c")] {
                assert!(text.contains(&format!("{name}(")), "{name} is missing in {place}");
            }
            count += 1;
        }
    }
    assert!(count > 100, "the functions were not found");
}
