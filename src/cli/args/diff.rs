//! The arguments of `nival diff`.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

use super::open::{ABOUT_STUBS, OpenArgs};
use super::output::OutputArgs;

/// `nival diff`.
#[derive(Debug, Args)]
#[command(after_help = ABOUT_STUBS)]
pub struct DiffArgs {
    /// With --base or --old-nixpkgs: NixOS modules. Otherwise OLD and NEW: two configurations or, with --module, two fixtures
    /// or, with --file, two modules or two nixpkgs
    #[arg(value_name = "OLD NEW|MODULE")]
    pub names: Vec<OsString>,
    /// A module that OLD and NEW are fixtures of; may be given several times
    #[arg(long = "module", short = 'm', value_name = "MODULE", conflicts_with_all = ["base", "old_nixpkgs", "files"])]
    pub modules: Vec<OsString>,
    /// The old revision of the git repository that nixpkgs, the modules or the configurations are in
    #[arg(long, value_name = "REV", conflicts_with = "old_nixpkgs")]
    pub base: Option<OsString>,
    /// The new revision; by default, the files as they are
    #[arg(long, value_name = "REV", requires = "base")]
    pub head: Option<OsString>,
    /// The nixpkgs that the old configurations are for (a folder)
    #[arg(long, value_name = "PATH")]
    pub old_nixpkgs: Option<OsString>,
    /// Compare only this option, or the options below it; may be given several times
    #[arg(long = "attr", short = 'A', value_name = "OPTION")]
    pub attrs: Vec<OsString>,
    /// Compare descriptions, too
    #[arg(long)]
    pub descriptions: bool,
    /// Show each change: also in options that users do not see, and in hashes of store paths
    #[arg(long)]
    pub all: bool,
    /// Exit with 1 if there are differences of this kind
    #[arg(long, value_enum, value_name = "KIND", default_value_t = FailOn::Any)]
    pub fail_on: FailOn,
    /// How to print the differences
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = DiffFormat::Text)]
    pub format: DiffFormat,
    /// Short for --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Where to.
    #[command(flatten)]
    pub output: OutputArgs,
    /// The configurations.
    #[command(flatten)]
    pub open: OpenArgs,
}

/// Which differences count as a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// None
    None,
    /// New errors and failed assertions
    Error,
    /// Those, and changed values
    Value,
    /// All
    Any,
}

/// How differences are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people
    Text,
    /// An object
    Json,
    /// A comment on a pull request
    Markdown,
    /// A page with search and filters
    Html,
    /// Annotations of GitHub's workflows, and a step summary
    Github,
    /// An object like changed-paths.json of nixpkgs' CI, and a step summary
    ChangedPaths,
}
