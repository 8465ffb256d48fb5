//! A row of the table of flags: a flag's names, values, help and effect.

use super::flags::{Flags, Program};
use super::wrong::Wrong;

/// The values of a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// This many arguments, with their names in the help.
    Words(&'static [&'static str]),
    /// One argument, whose absence Nix reports in other words.
    Word(&'static str),
    /// Optionally a value after `=`.
    Attached(&'static str),
}

/// The effect of a flag.
#[derive(Clone, Copy)]
pub enum Effect {
    /// Runs a function with the values.
    Do(fn(&mut Flags, Vec<Vec<u8>>) -> Result<(), Wrong>),
    /// Sets the Nix setting of the same name; the row exists for the help only.
    Setting,
}

/// Which programs have a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Nix's programs and nival.
    Nix,
    /// nival only.
    Own,
    /// nix-eval-jobs only.
    Jobs,
}

/// The flags of the others that nix-eval-jobs has as well: those of all programs of Nix, and those that say where nival finds what
/// is fetched or built.
const SHARED: &[&str] = &[
    "--",
    "--arg",
    "--arg-from-file",
    "--arg-from-stdin",
    "--argstr",
    "--debug",
    "--eval-store",
    "--expr",
    "--fetched",
    "--help",
    "--impure",
    "--include",
    "--input",
    "--log-format",
    "--max-memory",
    "--no-cache",
    "--option",
    "--override-flake",
    "--override-input",
    "--quiet",
    "--reference-lock-file",
    "--repair",
    "--show-trace",
    "--store",
    "--timeout",
    "--verbose",
    "--version",
    "--write-drvs",
];

/// A flag.
#[derive(Clone, Copy)]
pub struct Flag {
    /// Its names.
    pub names: &'static [&'static str],
    /// Its values.
    pub values: Values,
    /// Its help; empty for flags without effect.
    pub help: &'static str,
    /// Which programs have it.
    pub of: Of,
    /// Its effect.
    pub effect: Effect,
}

impl Flag {
    /// Whether a program supports it.
    pub fn is_of(&self, program: Program) -> bool {
        match program {
            Program::Eval => self.of != Of::Jobs,
            Program::NixInstantiate => self.of == Of::Nix,
            Program::EvalJobs => self.of == Of::Jobs || SHARED.contains(&self.name()),
        }
    }

    /// Its longest name.
    pub fn name(&self) -> &'static str {
        self.names.last().copied().unwrap_or_default()
    }
}

/// No values.
pub const NONE: Values = Values::Words(&[]);

/// What a flag does.
type Do = fn(&mut Flags, Vec<Vec<u8>>) -> Result<(), Wrong>;

/// A flag of Nix.
pub const fn nix(names: &'static [&'static str], values: Values, help: &'static str, action: Do) -> Flag {
    Flag { names, values, help, of: Of::Nix, effect: Effect::Do(action) }
}

/// A flag of nival.
pub const fn own(names: &'static [&'static str], values: Values, help: &'static str, action: Do) -> Flag {
    Flag { names, values, help, of: Of::Own, effect: Effect::Do(action) }
}

/// A setting of Nix, of which the help tells.
pub const fn setting(names: &'static [&'static str], values: Values, help: &'static str) -> Flag {
    Flag { names, values, help, of: Of::Nix, effect: Effect::Setting }
}

/// A flag of nix-eval-jobs.
pub const fn jobs(names: &'static [&'static str], values: Values, help: &'static str, action: Do) -> Flag {
    Flag { names, values, help, of: Of::Jobs, effect: Effect::Do(action) }
}

/// The only value.
pub fn one(values: Vec<Vec<u8>>) -> Vec<u8> {
    values.into_iter().next().unwrap_or_default()
}

/// The only value, as text.
pub fn text(values: Vec<Vec<u8>>) -> String {
    String::from_utf8_lossy(&one(values)).into_owned()
}
