//! The arguments of `nival why` and `nival affects`.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

use super::open::{ABOUT_STUBS, OpenArgs};
use super::output::OutputArgs;

/// `nival why`.
#[derive(Debug, Args)]
#[command(after_help = ABOUT_STUBS)]
pub struct WhyArgs {
    /// Show by which imports a module came in, instead of dependencies
    #[arg(long, value_name = "FILE")]
    pub import: Option<OsString>,
    /// What `affects` has as well.
    #[command(flatten)]
    pub dependencies: DependenciesArgs,
}

/// `nival affects`.
#[derive(Debug, Args)]
#[command(after_help = ABOUT_STUBS)]
pub struct AffectsArgs {
    /// What `why` has as well.
    #[command(flatten)]
    pub dependencies: DependenciesArgs,
}

/// Which dependencies, and how they are shown.
#[derive(Debug, Args)]
pub struct DependenciesArgs {
    /// An option or a part of an option's value (boot.kernelParams), and NixOS modules to evaluate
    #[arg(value_name = "NAME|MODULE")]
    pub names: Vec<OsString>,
    /// The attribute of FILE or EXPR that has `options` and `config`
    #[arg(long = "attr", short = 'A', value_name = "ATTR", conflicts_with = "root")]
    pub attr: Option<OsString>,
    /// Over how many steps
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    pub depth: u16,
    /// Show old names of options that nothing sets, as well
    #[arg(long)]
    pub all: bool,
    /// How to print it
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = DependenciesFormat::Text)]
    pub format: DependenciesFormat,
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

/// How dependencies are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DependenciesFormat {
    /// A tree, for people
    Text,
    /// Options, and the names of those one step further
    Json,
    /// A graph for Graphviz
    Dot,
}
