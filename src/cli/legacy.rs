//! The flags of `nix-instantiate`, which `nival eval` takes as well.
//!
//! Nix's own grammar for them (flags with two values, single letters run together, any setting as a flag) is not one
//! that an argument parser offers.

use super::flag_table::{self, Effect, FLAGS, Values};
use super::settings::{self, Given, Wrong};
use super::settings_table::{self, Kind};
use crate::eval::best_matches;
use crate::host::{Host, Limits, Memory, human};

/// As which program the flags are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Program {
    /// `nix-instantiate`: messages are Nix's own.
    NixInstantiate,
    /// `nival eval`: `--eval` is implied, and unknown flags get a suggestion.
    #[default]
    Eval,
}

/// How the value is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Output {
    /// As an expression.
    #[default]
    Plain,
    /// `--json`.
    Json,
    /// `--xml`.
    Xml,
    /// `--raw`.
    Raw,
}

/// An automatic argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AutoArg {
    /// `--arg`.
    Expr(Vec<u8>),
    /// `--argstr`.
    String(Vec<u8>),
    /// `--arg-from-file`.
    File(Vec<u8>),
    /// `--arg-from-stdin`.
    Stdin,
}

/// How much is said, as Nix numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Verbosity(u8);

impl Verbosity {
    /// Information that nobody has to act on; said unless there is a `--quiet`.
    pub const INFO: Verbosity = Verbosity(3);
    /// Says which files are evaluated.
    pub const TALKATIVE: Verbosity = Verbosity(4);
    /// `--debug`.
    pub const DEBUG: Verbosity = Verbosity(6);
}

impl Verbosity {
    /// `--verbose`.
    pub fn more(&mut self) {
        self.0 = self.0.saturating_add(1);
    }

    /// `--quiet`.
    pub fn less(&mut self) {
        self.0 = self.0.saturating_sub(1);
    }
}

impl Default for Verbosity {
    fn default() -> Verbosity {
        Verbosity::INFO
    }
}

/// The flags.
#[derive(Debug, Default)]
pub struct Flags {
    /// As which program they were read.
    pub program: Program,
    /// Files, or expressions with `-E`.
    pub inputs: Vec<Vec<u8>>,
    /// `-E`.
    pub expressions: bool,
    /// `-`.
    pub stdin: bool,
    /// `-A`.
    pub attrs: Vec<Vec<u8>>,
    /// `--arg` and the like, in order.
    pub args: Vec<(Vec<u8>, AutoArg)>,
    /// `--native-lib`: folders whose lib is replaced.
    pub native_libs: Vec<Vec<u8>>,
    /// `-I`, in order.
    pub include: Vec<Vec<u8>>,
    /// How the value is printed.
    pub output: Output,
    /// `--eval`.
    pub eval: bool,
    /// `--parse`.
    pub parse: bool,
    /// `--find-file`.
    pub find_file: bool,
    /// `--read-write-mode`.
    pub read_write: bool,
    /// `--strict`.
    pub strict: bool,
    /// `--no-location` was given.
    pub no_location: bool,
    /// `--store`, in order.
    pub stores: Vec<Vec<u8>>,
    /// `--write-drvs`.
    pub write_drvs: Option<Vec<u8>>,
    /// `--add-root`.
    pub add_root: Option<Vec<u8>>,
    /// `--fetched`, in order: the URL, and where what it gives is.
    pub fetched: Vec<(Vec<u8>, Vec<u8>)>,
    /// Settings, in order.
    pub settings: Vec<Given>,
    /// `--timeout` and `--max-memory`.
    pub limits: Limits,
    /// `--verbose`, `--quiet` and `--debug`.
    pub verbosity: Verbosity,
    /// `--no-cache`.
    pub no_cache: bool,
    /// `--stats`, and the file that it names.
    pub stats: Option<Option<Vec<u8>>>,
    /// `--help` was asked for.
    pub help: bool,
    /// `--version` was asked for.
    pub version: bool,
}

/// The arguments behind a flag.
struct Arguments<I> {
    rest: I,
    flag: String,
}

impl<I: Iterator<Item = Vec<u8>>> Arguments<I> {
    /// The next `n`, with Nix's complaint if there are fewer.
    fn several(&mut self, n: usize) -> Result<Vec<Vec<u8>>, Wrong> {
        let found: Vec<Vec<u8>> = self.rest.by_ref().take(n).collect();
        match found.len() {
            given if given < n => {
                let flag = &self.flag;
                Err(Wrong::usage(format!(
                    "flag '{flag}' requires {n} argument(s), but only {given} were given"
                )))
            }
            _ => Ok(found),
        }
    }

    /// Those of a flag.
    fn values(&mut self, values: Values, attached: Option<&[u8]>) -> Result<Vec<Vec<u8>>, Wrong> {
        match values {
            Values::Words(words) => self.several(words.len()),
            // Nix knows nothing of these flags beforehand.
            Values::Word(_) => match self.rest.next() {
                Some(value) => Ok(vec![value]),
                None => Err(Wrong::usage(format!("'{}' requires an argument", self.flag))),
            },
            Values::Attached(_) => Ok(attached.map(<[u8]>::to_vec).into_iter().collect()),
        }
    }
}

/// Reads the flags.
///
/// # Errors
/// What is wrong with them, in Nix's words.
pub fn parse(args: &[Vec<u8>], program: Program) -> Result<Flags, Wrong> {
    let mut flags = Flags { program, eval: program == Program::Eval, ..Flags::default() };
    let mut rest = Arguments { rest: expand(args).into_iter(), flag: String::new() };
    while let Some(arg) = rest.rest.next() {
        rest.flag = String::from_utf8_lossy(&arg).into_owned();
        if let Some((flag, attached)) = flag_table::find(&arg, program) {
            if let Effect::Do(action) = flag.effect {
                action(&mut flags, rest.values(flag.values, attached)?)?;
            }
        } else if let Some((setting, fixed)) = settings_table::flag(&rest.flag) {
            let value = match fixed {
                Some(fixed) => fixed.to_owned(),
                None => String::from_utf8_lossy(&rest.several(1)?.concat()).into_owned(),
            };
            let value = match setting.kind {
                Kind::Count => settings::count(&value).map_err(Wrong::usage)?.to_string(),
                _ => value,
            };
            let extra = if setting.extra { "extra-" } else { "" };
            flags.set(&format!("{extra}{}", setting.name), &value);
        } else if arg.starts_with(b"-") {
            let mut wrong = Wrong::usage(format!("unrecognised flag '{}'", rest.flag));
            wrong.near = suggestion(&rest.flag, args, program);
            return Err(wrong);
        } else {
            flags.inputs.push(arg);
        }
    }
    Ok(flags)
}

impl Flags {
    /// Sets a setting of Nix.
    pub fn set(&mut self, name: &str, value: &str) {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.settings.push(Given { name, value, option: false });
    }
}

/// The value of `--timeout`.
///
/// # Errors
/// When it is no number of seconds.
pub fn positive_seconds(text: &str) -> Result<f64, Wrong> {
    match text.parse::<f64>() {
        Ok(n) if n > 0.0 && n.is_finite() => Ok(n),
        _ => Err(Wrong::usage(format!("--timeout requires a number of seconds above 0, not '{text}'"))),
    }
}

/// How much memory there may be: `given` by `--max-memory`, else by the environment, else nothing is said.
///
/// # Errors
/// When the environment says something that makes no sense.
pub fn memory(given: Option<Memory>, host: &dyn Host) -> Result<Option<Memory>, Wrong> {
    match host.env(b"NIVAL_MAX_MEMORY").filter(|value| given.is_none() && !value.is_empty()) {
        Some(value) => size("NIVAL_MAX_MEMORY", &String::from_utf8_lossy(&value)).map(Some),
        None => Ok(given),
    }
}

/// The value of `--max-memory`; `what` is what gives it.
///
/// # Errors
/// When it is no size, or too small for anything.
pub fn size(what: &str, text: &str) -> Result<Memory, Wrong> {
    if matches!(text, "none" | "0") {
        return Ok(Memory::Unlimited);
    }
    match settings::count(text) {
        Ok(bytes) if bytes < Memory::LEAST => {
            let (least, bytes) = (human(Memory::LEAST), human(bytes));
            Err(Wrong::usage(format!(
                "{what} requires at least {least}, and '{text}' is {bytes}; units are K, M, G and T"
            )))
        }
        Ok(bytes) => Ok(Memory::Given(bytes)),
        Err(e) => Err(Wrong::usage(format!("{what} requires a size (500M, 4G) or none, not '{text}': {e}"))),
    }
}

/// The flag that was meant by one that there is not.
fn suggestion(flag: &str, args: &[Vec<u8>], program: Program) -> Option<String> {
    // `--flag=value`, which Nix does not have.
    let (name, value) = match flag.split_once('=') {
        Some((name, value)) => (name, format!(" {value}")),
        None => (flag, String::new()),
    };
    // `-flag`, which was taken for letters.
    let written = args.iter().find(|arg| {
        arg.len() > 2
            && !flag.starts_with("--")
            && arg[0] == b'-'
            && flag.bytes().skip(1).all(|c| arg.contains(&c))
    });
    let name = match written {
        Some(letters) => format!("-{}", String::from_utf8_lossy(letters)),
        None => name.to_owned(),
    };
    if !name.starts_with("--") {
        return None;
    }
    let rows = FLAGS.iter().filter(|f| f.is_of(program)).flat_map(|f| f.names.iter());
    let all: Vec<String> = rows.map(|f| (*f).to_owned()).chain(settings_table::flags()).collect();
    let mut near: Vec<String> = best_matches(all.iter().map(|f| f.as_bytes()), name.as_bytes());
    near.retain(|f| f.starts_with("--") && f.len() > 2);
    // What is only the beginning of a flag, or has its words in it.
    let plain = |f: &str| f.replace('-', "");
    let near = near.into_iter().next().or_else(|| {
        let candidates = || all.iter().filter(|f| f.len() > 4);
        let begun = candidates().find(|f| name.len() > 4 && f.starts_with(&name));
        begun.or_else(|| candidates().find(|f| plain(f) == plain(&name))).cloned()
    });
    near.map(|found| format!("{found}{value}"))
}

/// `-EA x` is `-E -A x`.
fn expand(args: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut out = Vec::with_capacity(args.len());
    for arg in args {
        match arg.as_slice() {
            [b'-', letters @ ..] if letters.len() > 1 && letters[0].is_ascii_alphabetic() => {
                for (i, c) in letters.iter().enumerate() {
                    if !c.is_ascii_alphabetic() {
                        out.push(letters[i..].to_vec());
                        break;
                    }
                    out.push(vec![b'-', *c]);
                }
            }
            _ => out.push(arg.clone()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(list: &[&str]) -> Vec<Vec<u8>> {
        list.iter().map(|a| a.as_bytes().to_vec()).collect()
    }

    #[test]
    fn letters_run_together_and_settings_are_flags() {
        let flags = parse(&args(&["-EA", "x", "1", "--max-call-depth", "7", "--show-trace"]), Program::Eval);
        let flags = flags.expect("good flags");
        assert!(flags.expressions && flags.eval);
        assert_eq!((flags.attrs, flags.inputs), (args(&["x"]), args(&["1"])));
        let set: Vec<_> = flags.settings.iter().map(|s| (s.name.as_str(), s.value.as_str())).collect();
        assert_eq!(set, [("max-call-depth", "7"), ("show-trace", "true")]);
    }

    #[test]
    fn unknown_flags_are_named() {
        let e = parse(&args(&["--jsn"]), Program::Eval).expect_err("unknown");
        assert_eq!(e.near.as_deref(), Some("--json"));
        let near = |flag: &str, program| parse(&args(&[flag]), program).expect_err(flag).near;
        for (wrong, right) in [
            ("--verbos", "--verbose"),
            ("--jsn", "--json"),
            ("--max-jobs=3", "--max-jobs 3"),
            ("--experimental-feature", "--experimental-features"),
            ("--no-sandbx", "--no-sandbox"),
            ("--extra-substituter", "--extra-substituters"),
            ("--experimental", "--experimental-features"),
            ("--showtrace", "--show-trace"),
            ("-verbose", "--verbose"),
        ] {
            assert_eq!(near(wrong, Program::NixInstantiate).as_deref(), Some(right), "{wrong}");
        }
        assert_eq!(near("--max-memry", Program::Eval).as_deref(), Some("--max-memory"));
        assert_eq!(near("--max-memry", Program::NixInstantiate), None);
        assert_eq!(near("--something-else", Program::Eval), None);
        let e = parse(&args(&["--arg", "x"]), Program::NixInstantiate).expect_err("no value");
        assert_eq!(e.message, "flag '--arg' requires 2 argument(s), but only 1 were given");
    }
}
