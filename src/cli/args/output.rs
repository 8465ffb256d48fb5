//! Where a command writes.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

/// Where a command writes, and in which colours.
#[derive(Debug, Clone, Args)]
pub struct OutputArgs {
    /// Write it to a file instead of standard output
    #[arg(long, short = 'o', value_name = "FILE")]
    pub output: Option<OsString>,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    pub color: Colour,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
