//! The arguments of `nival check`.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

use super::open::EvaluatorArgs;
use super::output::OutputArgs;

/// `nival check`.
#[derive(Debug, Args)]
#[command(after_help = "Snapshots are written only where there is none; NIVAL_UPDATE=no writes none, and \
NIVAL_UPDATE=always is like --accept. If CI is set, nothing is written. --timeout and --max-memory are limits of each \
fixture.")]
pub struct CheckArgs {
    /// The suite: a nival.toml, the folder that it is in, or a file with tests in nix-unit's form (.nix); without it, the
    /// nival.toml of this folder or the nearest one above
    #[arg(value_name = "SUITE")]
    pub suite: Option<OsString>,
    /// Check only the fixtures whose names match; may be given several times
    #[arg(long, visible_alias = "filter", value_name = "PATTERN")]
    pub only: Vec<String>,
    /// Write all snapshots that differ
    #[arg(long, conflicts_with_all = ["review", "pending"])]
    pub accept: bool,
    /// Show each snapshot that differs, and ask whether to write it
    #[arg(long, conflicts_with = "pending")]
    pub review: bool,
    /// Print only the fixtures whose snapshots differ or are missing, one a line, and write nothing
    #[arg(long)]
    pub pending: bool,
    /// What becomes of snapshots that no fixture has
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = Unreferenced::Warn)]
    pub unreferenced: Unreferenced,
    /// Check only the Mth of N equal parts of the fixtures
    #[arg(long, value_name = "M/N")]
    pub partition: Option<String>,
    /// Skip the fixtures that nothing changed since this revision can touch, as far as the suite records what they read
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    /// How many fixtures are evaluated at the same time; default: the number of processors
    #[arg(long, short = 'j', value_name = "N")]
    pub jobs: Option<usize>,
    /// The nixpkgs of the suite, in place of the one that it names
    #[arg(long, value_name = "PATH")]
    pub nixpkgs: Option<OsString>,
    /// How to print the result
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = CheckFormat::Text)]
    pub format: CheckFormat,
    /// Short for --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Where to.
    #[command(flatten)]
    pub output: OutputArgs,
    /// The evaluator.
    #[command(flatten)]
    pub evaluator: EvaluatorArgs,
}

/// How the result of a check is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people
    Text,
    /// An object
    Json,
    /// JUnit's XML
    Junit,
    /// Annotations of GitHub's workflows
    Github,
}

/// What becomes of snapshots that no fixture has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Unreferenced {
    /// They are listed
    Warn,
    /// They are removed
    Delete,
    /// The check fails
    Reject,
}
