//! The arguments that name a flake.

use std::ffi::OsString;

use clap::Args;

use crate::cli::flag_table::described;

/// A flake, and how its inputs are found.
#[derive(Debug, Clone, Default, Args)]
pub struct FlakeArgs {
    /// The configuration in a flake: .#host means nixosConfigurations.host, darwinConfigurations.host or
    /// homeConfigurations.host, or else the attribute host; without #, the NixOS of this machine's name
    #[arg(long = "flake", short = 'F', value_name = "REF")]
    pub flake: Option<OsString>,
    /// `--override-input`.
    #[arg(long, num_args = 2, value_names = ["INPUT", "REF"], help = described("--override-input"), requires = "flake")]
    pub override_input: Vec<OsString>,
    /// `--input`.
    #[arg(long = "input", value_name = "INPUT=DIR", help = described("--input"), requires = "flake")]
    pub input: Vec<OsString>,
    /// `--reference-lock-file`.
    #[arg(long, value_name = "FILE", help = described("--reference-lock-file"), requires = "flake")]
    pub reference_lock_file: Option<OsString>,
    /// `--impure`.
    #[arg(long, help = described("--impure"))]
    pub impure: bool,
}
