//! The arguments of nival's own commands.

mod check;
mod config;
mod diff;
mod flake;
mod init;
mod lint;
mod open;
mod option;
mod output;
mod shipped;
mod why;

use std::ffi::OsString;

use clap::{Args, Parser, Subcommand};

pub use check::{CheckArgs, CheckFormat, Unreferenced};
pub use config::{ConfigArgs, VerifyArgs};
pub use diff::{DiffArgs, DiffFormat, FailOn};
pub use flake::FlakeArgs;
pub use init::InitArgs;
pub use lint::{LintArgs, LintFormat};
pub use open::{EvaluatorArgs, ModulesArgs, OpenArgs};
pub use option::{OptionArgs, OptionFormat};
pub use output::{Colour, OutputArgs};
pub use shipped::{CompletionsArgs, ManArgs};
pub use why::{AffectsArgs, DependenciesArgs, DependenciesFormat, WhyArgs};

/// A Nix evaluator that answers NixOS option questions, fast and offline.
#[derive(Debug, Parser)]
#[command(name = "nival", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Evaluate Nix expressions, with the flags of nix-instantiate --eval
    #[command(disable_help_flag = true)]
    Eval {
        /// See `nival eval --help`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, num_args = 0..)]
        flags: Vec<OsString>,
    },
    /// Evaluate NixOS modules with fixture configurations and print option values
    Config(ConfigArgs),
    /// Show options: their values, and which line of which file decided them
    #[command(visible_aliases = ["show", "options"])]
    Option(OptionArgs),
    /// Show which options a value was computed from, or which imports brought a module in
    Why(WhyArgs),
    /// Show which options were computed from an option
    Affects(AffectsArgs),
    /// Compare two configurations option by option, and show which lines make them differ
    Diff(DiffArgs),
    /// Find definitions that have no effect, need not be there, or work only by luck
    Lint(LintArgs),
    /// Compare the option values of fixtures with recorded ones
    Check(CheckArgs),
    /// Write a first suite for `nival check`
    Init(InitArgs),
    /// Compare with what a real nix-instantiate gives, option by option
    Verify(VerifyArgs),
    /// Look at, or remove, the code that is kept between runs
    Cache(CacheArgs),
    /// Print the completions of a shell
    Completions(CompletionsArgs),
    /// Print a page of the manual, or write all pages to a folder
    Man(ManArgs),
}

/// `nival cache`.
#[derive(Debug, Args)]
pub struct CacheArgs {
    /// What to do with it.
    #[command(subcommand)]
    pub command: CacheCommand,
}

/// What `nival cache` does.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum CacheCommand {
    /// Print where it is and how large
    Info,
    /// Remove it
    Clear,
}
