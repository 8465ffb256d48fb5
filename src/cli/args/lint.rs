//! The arguments of `nival lint`.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

use super::open::{ABOUT_STUBS, OpenArgs};
use super::output::OutputArgs;

/// `nival lint`.
#[derive(Debug, Clone, Args)]
#[command(after_help = ABOUT_STUBS)]
pub struct LintArgs {
    /// NixOS modules: files, folders with a default.nix, <names> in the search path, or - for standard input
    #[arg(value_name = "MODULE")]
    pub modules: Vec<OsString>,
    /// Judge only this option, or the options below it
    #[arg(long = "attr", short = 'A', value_name = "OPTION")]
    pub attr: Option<OsString>,
    /// How bad the findings of a rule are: ignore, warn or fatal; may be given several times, and `all` is every rule
    #[arg(long = "rule", value_name = "RULE=LEVEL")]
    pub rules: Vec<String>,
    /// Exit with 1 if there are warnings
    #[arg(long)]
    pub deny_warnings: bool,
    /// Judge the definitions of nixpkgs, too
    #[arg(long)]
    pub all: bool,
    /// Do not judge files below this folder; may be given several times
    #[arg(long, value_name = "DIR")]
    pub exclude: Vec<OsString>,
    /// Report only what is new against a revision of the git repository that the modules or configurations are in
    #[arg(long, value_name = "REV")]
    pub base: Option<OsString>,
    /// Print the rules
    #[arg(long, exclusive = true)]
    pub list_rules: bool,
    /// How to print the findings
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = LintFormat::Text)]
    pub format: LintFormat,
    /// Short for --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Where to.
    #[command(flatten)]
    pub output: OutputArgs,
    /// The configuration.
    #[command(flatten)]
    pub open: OpenArgs,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LintFormat {
    /// For people
    Text,
    /// An object
    Json,
    /// SARIF 2.1.0, for tools
    Sarif,
    /// Annotations of GitHub's workflows
    Github,
}
