//! The arguments of `nival init`.

use std::ffi::OsString;

use clap::Args;

use super::open::EvaluatorArgs;

/// `nival init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The modules that the suite is for: files, or folders with a default.nix
    #[arg(value_name = "MODULE", conflicts_with_all = ["file", "nixpkgs"])]
    pub modules: Vec<OsString>,
    /// The NixOS configuration that the suite is for; without modules, the default is ./configuration.nix
    #[arg(long, short = 'f', value_name = "FILE")]
    pub file: Option<OsString>,
    /// The nixpkgs that the configuration is for
    #[arg(long, value_name = "PATH", default_value = "<nixpkgs>")]
    pub nixpkgs: OsString,
    /// The evaluator.
    #[command(flatten)]
    pub evaluator: EvaluatorArgs,
}
