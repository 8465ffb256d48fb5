//! nival and the real Nix as programs with the same command line.

use std::ffi::OsString;
use std::io::{Read, Write as _};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::answer::Answer;
use super::program::bare;

/// The version of Nix that nival follows.
const VERSION: &str = " 2.34.";
/// Seconds that an evaluation may take.
const PATIENCE: &str = "100";
/// Some values are endless when they are printed.
const MOST_BYTES: u64 = 4 << 20;
/// Stands between the messages of two programs.
const MARK: &str = "~next~";

/// A nix-instantiate: nival by that name, or the real one.
#[derive(Debug, Clone)]
pub struct Side {
    program: OsString,
    /// Arguments of every call.
    flags: Vec<String>,
    home: PathBuf,
}

/// `nix repl`.
#[derive(Debug, Clone)]
pub struct Repl(Side);

fn version(program: &OsString) -> String {
    let version = Command::new(program).arg("--version").output();
    version.map(|v| String::from_utf8_lossy(&v.stdout).trim().to_owned()).unwrap_or_default()
}

fn named(variable: &str, default: &str) -> OsString {
    std::env::var_os(variable).unwrap_or_else(|| default.into())
}

impl Side {
    /// nival, with its home, and a link of that name, in a folder.
    pub fn nival(home: &Path) -> Side {
        let link = home.join("nix-instantiate");
        symlink(env!("CARGO_BIN_EXE_nival"), &link).expect("a link");
        Side { program: link.into(), flags: Vec::new(), home: home.to_owned() }
    }

    /// The installed Nix, if it is the version that nival follows.
    pub fn nix(home: &Path) -> Result<Side, String> {
        let program = named("NIX_INSTANTIATE", "nix-instantiate");
        let found = version(&program);
        if !found.contains(VERSION) {
            return Err(format!("no nix-instantiate of Nix{VERSION}x here ({found})"));
        }
        Ok(Side { program, flags: Vec::new(), home: home.to_owned() })
    }

    /// The same with more arguments.
    pub fn with_flags(mut self, flags: &[String]) -> Side {
        self.flags.extend_from_slice(flags);
        self
    }

    /// Evaluates a text from the command line.
    pub fn evaluate(&self, text: &str, flags: &[&str]) -> Answer {
        self.answer(&[flags, &["-E", text]].concat(), "")
    }

    /// Evaluates a text from standard input.
    pub fn evaluate_long(&self, text: &str, flags: &[&str]) -> Answer {
        self.answer(&[flags, &["-"]].concat(), text)
    }

    fn answer(&self, arguments: &[&str], input: &str) -> Answer {
        self.run(&[&["--eval", "--strict", "--readonly-mode"], arguments].concat(), input)
    }

    fn run(&self, arguments: &[&str], input: &str) -> Answer {
        let mut command = bare("timeout");
        command
            .args(["-s", "KILL", PATIENCE])
            .arg(&self.program)
            .args(arguments)
            .args(&self.flags)
            .current_dir("/");
        command.env("HOME", &self.home).env("NIVAL_CACHE_DIR", "").env("TERM", "dumb");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        std::thread::scope(|scope| {
            // A program that fails early does not read it all.
            scope.spawn(move || stdin.map(|mut pipe| pipe.write_all(input.as_bytes())));
            let err = scope.spawn(move || beginning(stderr));
            let out = beginning(stdout);
            let err = err.join().expect("no panic");
            Answer { succeeds: child.wait().expect("the program ends").success(), out, err }
        })
    }
}

/// The beginning of what a program prints. If there is more, the program ends: the pipe closes.
fn beginning(pipe: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    let read = pipe.map(|pipe| pipe.take(MOST_BYTES).read_to_end(&mut bytes));
    assert!(read.is_some_and(|read| read.is_ok()), "what a program prints can be read");
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Repl {
    /// The `nix` that NIX names, or the one in PATH, if it has the right version.
    pub fn new(nix: &Side) -> Option<Repl> {
        let program = named("NIX", "nix");
        let flags: Vec<String> = nix
            .flags
            .iter()
            .cloned()
            .chain(["--store", "dummy://?read-only=false"].map(str::to_owned))
            .collect();
        version(&program).contains(VERSION).then(|| Repl(Side { program, flags, home: nix.home.clone() }))
    }

    /// The messages to each of some programs, which are on one line each.
    pub fn messages(&self, programs: &[String]) -> Vec<String> {
        let mark = format!("builtins.trace \"{MARK}\" null\n");
        let input: Vec<String> = programs.iter().map(|program| format!("{mark}{program}\n")).collect();
        let flags = ["repl", "--extra-experimental-features", "nix-command", "--show-trace"];
        self.0
            .run(&flags, &input.concat())
            .err
            .split(&format!("trace: {MARK}\n"))
            .skip(1)
            .map(str::to_owned)
            .collect()
    }
}
