//! The flags of `nix-instantiate`, which `nival eval` takes as well.
//!
//! Nix's own grammar for them (flags with two values, single letters run together, any setting as a flag) is not one
//! that an argument parser offers.

use super::settings::{self, Given, Wrong};
use super::settings_table::{self, Kind};
use super::stores;
use crate::eval::best_matches;
use crate::host::Limits;

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
    const DEBUG: Verbosity = Verbosity(6);
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

/// Flags without a value that change nothing here.
const IGNORED: &[&str] = &[
    "--indirect",
    "--dry-run",
    "--repair",
    "--readonly-mode",
    "-k",
    "-K",
    "-Q",
    "--no-build-output",
    "--no-gc-warning",
];

/// The values of `--log-format`.
const LOG_FORMATS: &[&str] =
    &["raw", "raw-with-logs", "internal-json", "bar", "bar-with-logs", "multiline", "multiline-with-logs"];

/// All flags, for suggestions.
const KNOWN: &[&str] = &[
    "--expr",
    "--attr",
    "--arg",
    "--argstr",
    "--arg-from-file",
    "--arg-from-stdin",
    "--include",
    "--eval",
    "--eval-only",
    "--parse",
    "--parse-only",
    "--find-file",
    "--read-write-mode",
    "--strict",
    "--json",
    "--xml",
    "--raw",
    "--no-location",
    "--option",
    "--store",
    "--write-drvs",
    "--fetched",
    "--instantiate",
    "--help",
    "--version",
    "--impure",
    "--native-lib",
    "--no-cache",
    "--max-memory",
    "--stats",
    "--profile",
];

/// The arguments behind a flag.
struct Arguments<I> {
    rest: I,
    flag: String,
}

impl<I: Iterator<Item = Vec<u8>>> Arguments<I> {
    /// The next `N`, with Nix's complaint if there are fewer.
    fn several<const N: usize>(&mut self) -> Result<[Vec<u8>; N], Wrong> {
        let found: Vec<Vec<u8>> = self.rest.by_ref().take(N).collect();
        found.try_into().map_err(|found: Vec<_>| {
            let (flag, given) = (&self.flag, found.len());
            Wrong::usage(format!("flag '{flag}' requires {N} argument(s), but only {given} were given"))
        })
    }

    fn one(&mut self) -> Result<Vec<u8>, Wrong> {
        self.several().map(|[value]| value)
    }

    fn text(&mut self) -> Result<String, Wrong> {
        self.one().map(|value| String::from_utf8_lossy(&value).into_owned())
    }

    /// The next, for flags that Nix knows nothing of beforehand.
    fn own(&mut self) -> Result<Vec<u8>, Wrong> {
        self.rest.next().ok_or_else(|| Wrong::usage(format!("'{}' requires an argument", self.flag)))
    }
}

/// Reads the flags.
///
/// # Errors
/// What is wrong with them, in Nix's words.
pub fn parse(args: &[Vec<u8>], program: Program) -> Result<Flags, Wrong> {
    let mut flags = Flags { program, eval: program == Program::Eval, ..Flags::default() };
    let mut args = Arguments { rest: expand(args).into_iter(), flag: String::new() };
    while let Some(arg) = args.rest.next() {
        args.flag = String::from_utf8_lossy(&arg).into_owned();
        match args.flag.clone().as_str() {
            "-" => flags.stdin = true,
            "--" => {}
            "-E" | "--expr" => flags.expressions = true,
            "-A" | "--attr" => flags.attrs.push(args.own()?),
            "-I" | "--include" => flags.include.push(args.one()?),
            "--native-lib" if program == Program::Eval => flags.native_libs.push(args.one()?),
            "--arg" => {
                let [name, value] = args.several()?;
                flags.args.push((name, AutoArg::Expr(value)));
            }
            "--argstr" => {
                let [name, value] = args.several()?;
                flags.args.push((name, AutoArg::String(value)));
            }
            "--arg-from-file" => {
                let [name, value] = args.several()?;
                flags.args.push((name, AutoArg::File(value)));
            }
            "--arg-from-stdin" => flags.args.push((args.one()?, AutoArg::Stdin)),
            "--eval" | "--eval-only" => flags.eval = true,
            "--parse" | "--parse-only" => (flags.parse, flags.eval) = (true, true),
            "--store" => flags.stores.push(args.one()?),
            "--eval-store" => drop(args.one()?),
            "--add-root" => flags.add_root = Some(args.own()?),
            "--write-drvs" => flags.write_drvs = Some(args.one()?),
            "--instantiate" if program == Program::Eval => flags.eval = false,
            "--fetched" => {
                let given = args.one()?;
                flags.fetched.push(stores::url_and_path(&given)?);
            }
            "--timeout" if program == Program::Eval => {
                let value = args.text()?;
                flags.limits.seconds = Some(seconds(&value)?);
            }
            "--max-memory" if program == Program::Eval => {
                flags.limits.bytes = Some(size(&args.text()?)?);
            }
            "--find-file" => flags.find_file = true,
            "--read-write-mode" => flags.read_write = true,
            "--strict" => flags.strict = true,
            "--json" => flags.output = Output::Json,
            "--xml" => flags.output = Output::Xml,
            "--raw" => flags.output = Output::Raw,
            "--no-location" => flags.no_location = true,
            "--stats" if program == Program::Eval => flags.stats = Some(None),
            flag if program == Program::Eval && flag.starts_with("--stats=") => {
                flags.stats = Some(Some(arg["--stats=".len()..].to_vec()));
            }
            "--profile" if program == Program::Eval => {
                let file = args.text()?;
                flags.set("eval-profiler", "flamegraph");
                flags.set("eval-profile-file", &file);
            }
            "--no-cache" if program == Program::Eval => flags.no_cache = true,
            "--help" => flags.help = true,
            "--version" => flags.version = true,
            "-v" | "--verbose" => flags.verbosity.0 = flags.verbosity.0.saturating_add(1),
            "--quiet" => flags.verbosity.0 = flags.verbosity.0.saturating_sub(1),
            "--debug" => flags.verbosity = Verbosity::DEBUG,
            "--impure" => flags.set("pure-eval", "false"),
            "--option" => {
                let [name, value] = args.several()?.map(|v| String::from_utf8_lossy(&v).into_owned());
                flags.settings.push(Given { name, value, option: true });
            }
            "-j" => {
                let value = args.text()?;
                flags.set("max-jobs", &value);
            }
            "--log-format" => {
                let value = args.text()?;
                if !LOG_FORMATS.contains(&value.as_str()) {
                    return Err(Wrong::plain(format!("option 'log-format' has an invalid value '{value}'")));
                }
            }
            "--override-flake" => {
                args.several::<2>()?;
                return Err(Wrong::plain(
                    "experimental Nix feature 'flakes' is disabled; add '--extra-experimental-features flakes' to \
                     enable it",
                ));
            }
            flag if IGNORED.contains(&flag) => {}
            flag => match settings_table::flag(flag) {
                Some((setting, fixed)) => {
                    let value = fixed.map_or_else(|| args.text(), |fixed| Ok(fixed.to_owned()))?;
                    let value = match setting.kind {
                        Kind::Count => settings::count(&value).map_err(Wrong::usage)?.to_string(),
                        _ => value,
                    };
                    let extra = if setting.extra { "extra-" } else { "" };
                    flags.set(&format!("{extra}{}", setting.name), &value);
                }
                None if flag.starts_with('-') => return Err(unknown(flag, program)),
                None => flags.inputs.push(arg),
            },
        }
    }
    Ok(flags)
}

impl Flags {
    fn set(&mut self, name: &str, value: &str) {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.settings.push(Given { name, value, option: false });
    }
}

/// The value of `--timeout`.
///
/// # Errors
/// When it is no number of seconds.
pub fn seconds(text: &str) -> Result<f64, Wrong> {
    match text.parse::<f64>() {
        Ok(n) if n > 0.0 && n.is_finite() => Ok(n),
        _ => Err(Wrong::usage(format!("'{text}' is not a number of seconds"))),
    }
}

/// The value of `--max-memory`.
///
/// # Errors
/// When it is no size.
pub fn size(text: &str) -> Result<u64, Wrong> {
    settings::count(text).map_err(|e| Wrong::usage(format!("'{text}' is not a size: {e}")))
}

fn unknown(flag: &str, program: Program) -> Wrong {
    let mut message = format!("unrecognised flag '{flag}'");
    if program == Program::Eval {
        let all: Vec<String> = KNOWN.iter().map(|f| (*f).to_owned()).chain(settings_table::flags()).collect();
        if let Some(near) = best_matches(all.iter().map(|f| f.as_bytes()), flag.as_bytes()).first() {
            message.push_str(&format!("; did you mean '{near}'?"));
        }
    }
    Wrong::usage(message)
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
        assert!(e.message.contains("did you mean '--json'?"), "{}", e.message);
        let e = parse(&args(&["--arg", "x"]), Program::NixInstantiate).expect_err("no value");
        assert_eq!(e.message, "flag '--arg' requires 2 argument(s), but only 1 were given");
    }
}
