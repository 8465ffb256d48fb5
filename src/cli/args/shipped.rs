//! The arguments of the commands that make what a package ships beside the program.

use std::ffi::OsString;

use clap::Args;
use clap_complete::Shell;

/// `nival completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// `nival man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The command that the page is about; without it, nival as a whole
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
    /// Write the pages of all commands to a folder
    #[arg(long, short = 'o', value_name = "DIR", conflicts_with = "command")]
    pub output: Option<OsString>,
}
