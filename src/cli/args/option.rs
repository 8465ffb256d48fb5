//! The arguments of `nival option`.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

use super::open::{ABOUT_STUBS, OpenArgs};
use super::output::OutputArgs;

/// `nival option`.
#[derive(Debug, Args)]
#[command(after_help = ABOUT_STUBS)]
pub struct OptionArgs {
    /// An option, a set of options, or a part of an option's value (boot.kernelParams), and NixOS modules to evaluate
    #[arg(value_name = "NAME|MODULE")]
    pub names: Vec<OsString>,
    /// The attribute of FILE or EXPR that has `options` and `config`
    #[arg(long = "attr", short = 'A', value_name = "ATTR", conflicts_with = "root")]
    pub attr: Option<OsString>,
    /// List all options below NAME, not only the next level
    #[arg(long, short = 'r')]
    pub recursive: bool,
    /// List only options that something defines
    #[arg(long)]
    pub set: bool,
    /// List only options whose value is not their default
    #[arg(long)]
    pub changed: bool,
    /// List only options whose type's name or description has TYPE in it
    #[arg(long = "type", value_name = "TYPE")]
    pub kind: Option<String>,
    /// Show all definitions that a condition switches off and each part of a large value, and list hidden and internal
    /// options, as well
    #[arg(long)]
    pub all: bool,
    /// Show the text of each definition, with the comment about it
    #[arg(long)]
    pub source: bool,
    /// How to print it
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = OptionFormat::Text)]
    pub format: OptionFormat,
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

/// How options are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OptionFormat {
    /// For people
    Text,
    /// An object for an option, a list for several
    Json,
    /// One object a line
    Jsonl,
    /// The documentation, as the `optionsNix` of nixpkgs' make-options-doc
    #[value(name = "options.json")]
    OptionsJson,
    /// The documentation, for reading
    Markdown,
    /// The documentation as a page with a search
    Html,
}
