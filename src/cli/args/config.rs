//! The arguments of `nival config` and `nival verify`.

use std::ffi::OsString;

use clap::{ArgAction, Args};

use super::open::{ABOUT_STUBS, ModulesArgs};

/// `nival config`.
#[derive(Debug, Args)]
#[command(after_help = ABOUT_STUBS)]
pub struct ConfigArgs {
    /// Which modules, and what of them.
    #[command(flatten)]
    pub modules: ModulesArgs,
    /// Print JSON on one line, as nix-instantiate does
    #[arg(long, conflicts_with = "nix")]
    pub json: bool,
    /// Print a Nix expression
    #[arg(long)]
    pub nix: bool,
    /// Print only what differs from the defaults
    #[arg(long)]
    pub changed: bool,
    /// Stop at the first value that fails, instead of marking it
    #[arg(long)]
    pub strict: bool,
    /// Write what is beside the values (marks, and options that nothing declares) to a file, as JSON
    #[arg(long, value_name = "FILE")]
    pub marks: Option<OsString>,
}

/// `nival verify`.
#[derive(Debug, Args)]
#[command(after_help = ABOUT_STUBS)]
pub struct VerifyArgs {
    /// Which modules, and what of them.
    #[command(flatten)]
    pub modules: ModulesArgs,
    /// The nix-instantiate to compare with
    #[arg(long, value_name = "COMMAND", default_value = "nix-instantiate")]
    pub nix_instantiate: OsString,
    /// Print only what differs
    #[arg(long, short, action = ArgAction::SetTrue)]
    pub quiet: bool,
}
