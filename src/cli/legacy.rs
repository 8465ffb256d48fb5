//! The flags of `nix-instantiate`, which `nival eval` takes as well.
//!
//! Nix's own grammar for them (flags with two values, single letters run together, any setting as a flag) is not one
//! that an argument parser offers.

use crate::eval::best_matches;

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
    pub settings: Vec<(String, String)>,
    /// `--no-cache`.
    pub no_cache: bool,
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
    "--read-write-mode",
    "--verbose",
    "-v",
    "--quiet",
    "--debug",
    "-k",
    "--keep-going",
    "-K",
    "--keep-failed",
    "--fallback",
    "-Q",
    "--no-build-output",
    "--refresh",
    "--offline",
];

/// Flags with one value that change nothing here.
const IGNORED_WITH_VALUE: &[&str] = &["--log-format", "--max-jobs", "-j", "--eval-store"];

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
    "--show-trace",
    "--help",
    "--version",
    "--impure",
    "--native-lib",
    "--no-cache",
];

/// Reads the flags.
///
/// # Errors
/// What is wrong with them, in Nix's words.
pub fn parse(args: &[Vec<u8>], program: Program) -> Result<Flags, String> {
    let mut flags = Flags { program, eval: program == Program::Eval, ..Flags::default() };
    let mut args = expand(args).into_iter();
    while let Some(arg) = args.next() {
        let text = String::from_utf8_lossy(&arg).into_owned();
        let mut value = || args.next().ok_or_else(|| format!("flag '{text}' requires an argument"));
        match text.as_str() {
            "-" => flags.stdin = true,
            "-E" | "--expr" => flags.expressions = true,
            "-A" | "--attr" => flags.attrs.push(value()?),
            "-I" | "--include" => flags.include.push(value()?),
            "--native-lib" if program == Program::Eval => flags.native_libs.push(value()?),
            "--arg" => {
                let name = value()?;
                flags.args.push((name, AutoArg::Expr(value()?)));
            }
            "--argstr" => {
                let name = value()?;
                flags.args.push((name, AutoArg::String(value()?)));
            }
            "--arg-from-file" => {
                let name = value()?;
                flags.args.push((name, AutoArg::File(value()?)));
            }
            "--arg-from-stdin" => flags.args.push((value()?, AutoArg::Stdin)),
            "--eval" | "--eval-only" => flags.eval = true,
            "--parse" | "--parse-only" => (flags.parse, flags.eval) = (true, true),
            "--store" => flags.stores.push(value()?),
            "--add-root" => flags.add_root = Some(value()?),
            "--write-drvs" => flags.write_drvs = Some(value()?),
            "--instantiate" if program == Program::Eval => flags.eval = false,
            "--fetched" => {
                let given = value()?;
                // URLs may have `=` in them, too.
                let Some(at) = given.iter().rposition(|c| *c == b'=') else {
                    return Err(format!("flag '{text}' requires URL=PATH"));
                };
                flags.fetched.push((given[..at].to_vec(), given[at + 1..].to_vec()));
            }
            "--find-file" => flags.find_file = true,
            "--strict" => flags.strict = true,
            "--json" => flags.output = Output::Json,
            "--xml" => flags.output = Output::Xml,
            "--raw" => flags.output = Output::Raw,
            "--no-location" => flags.no_location = true,
            "--no-cache" if program == Program::Eval => flags.no_cache = true,
            "--help" => flags.help = true,
            "--version" => flags.version = true,
            "--impure" => flags.settings.push(("pure-eval".to_owned(), "false".to_owned())),
            "--option" => {
                let name = String::from_utf8_lossy(&value()?).into_owned();
                flags.settings.push((name, String::from_utf8_lossy(&value()?).into_owned()));
            }
            flag if IGNORED.contains(&flag) => {}
            flag if IGNORED_WITH_VALUE.contains(&flag) => {
                value()?;
            }
            flag => match super::settings::flag(flag) {
                Some((name, Some(fixed))) => flags.settings.push((name.to_owned(), fixed.to_owned())),
                Some((name, None)) => {
                    flags.settings.push((name.to_owned(), String::from_utf8_lossy(&value()?).into_owned()));
                }
                None if flag.starts_with('-') => return Err(unknown(flag, program)),
                None => flags.inputs.push(arg),
            },
        }
    }
    Ok(flags)
}

fn unknown(flag: &str, program: Program) -> String {
    let mut message = format!("unrecognised flag '{flag}'");
    match program {
        Program::NixInstantiate => message.push_str("\nTry 'nix-instantiate --help' for more information."),
        Program::Eval => {
            let all = KNOWN.iter().copied().chain(super::settings::flags());
            let all: Vec<&str> = all.collect();
            if let Some(near) = best_matches(all.iter().map(|f| f.as_bytes()), flag.as_bytes()).first() {
                message.push_str(&format!("; did you mean '{near}'?"));
            }
            message.push_str("\nTry 'nival eval --help' for more information.");
        }
    }
    message
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
        assert_eq!(flags.settings[0], ("max-call-depth".to_owned(), "7".to_owned()));
        assert_eq!(flags.settings[1], ("show-trace".to_owned(), "true".to_owned()));
    }

    #[test]
    fn unknown_flags_are_named() {
        let e = parse(&args(&["--jsn"]), Program::Eval).expect_err("unknown");
        assert!(e.contains("did you mean '--json'?"), "{e}");
        let e = parse(&args(&["--arg", "x"]), Program::NixInstantiate).expect_err("no value");
        assert_eq!(e, "flag '--arg' requires an argument");
    }
}
