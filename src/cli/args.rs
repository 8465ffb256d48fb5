//! The arguments of nival's own commands.

use std::ffi::OsString;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use super::flag_table::described;

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
    /// Compare with what a real nix-instantiate gives, option by option
    Verify(VerifyArgs),
    /// Look at, or remove, the code that is kept between runs
    Cache(CacheArgs),
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

/// Which modules, and what of them.
#[derive(Debug, Args)]
pub struct ModulesArgs {
    /// NixOS modules: files, folders with a default.nix, <names> in the search path, or - for standard input
    #[arg(value_name = "MODULE")]
    pub modules: Vec<OsString>,
    /// An option (or a set of them) to look at; may be given several times
    #[arg(long = "attr", short = 'A', value_name = "OPTION")]
    pub attrs: Vec<OsString>,
    /// What they are evaluated with.
    #[command(flatten)]
    pub open: OpenArgs,
}

/// How a configuration is opened.
#[derive(Debug, Args)]
pub struct OpenArgs {
    /// A configuration: a NixOS module (.nix), plain data (.json), or - for standard input; with modules it may be given
    /// several times
    #[arg(long = "file", visible_alias = "fixture", short = 'f', value_name = "FILE")]
    pub files: Vec<OsString>,
    /// The nixpkgs that the configuration is for (a folder); default without modules: <nixpkgs>
    #[arg(long, value_name = "PATH")]
    pub nixpkgs: Option<OsString>,
    /// An expression whose value has `options` and `config`
    #[arg(long = "expr", short = 'E', value_name = "EXPR", conflicts_with_all = ["nixpkgs", "files"])]
    pub expr: Option<OsString>,
    /// The attribute of FILE or EXPR that has `options` and `config`
    #[arg(long = "root", value_name = "ATTR")]
    pub root: Option<OsString>,
    /// Leave nival's own base modules out
    #[arg(long)]
    pub no_base: bool,
    /// Let fixtures define options that nothing declares, as modules may
    #[arg(long, conflicts_with = "strict_options")]
    pub allow_undeclared: bool,
    /// A definition of an option that nothing declares is an error in modules, too
    #[arg(long)]
    pub strict_options: bool,
    /// A special argument for the modules, a Nix expression; may be given several times
    #[arg(long = "arg", num_args = 2, value_names = ["NAME", "EXPR"])]
    pub arg: Vec<OsString>,
    /// The same, a string
    #[arg(long = "argstr", num_args = 2, value_names = ["NAME", "STRING"])]
    pub argstr: Vec<OsString>,
    /// A file with the package set, in place of the embedded one
    #[arg(long, value_name = "FILE")]
    pub pkgs: Option<OsString>,
    /// A nixpkgs lib (a folder) to interpret in place of the native one; for `verify`, the one that the real Nix uses
    #[arg(long, value_name = "PATH")]
    pub lib: Option<OsString>,
    /// The evaluator.
    #[command(flatten)]
    pub evaluator: EvaluatorArgs,
}

/// The settings of the evaluator.
#[derive(Debug, Args)]
pub struct EvaluatorArgs {
    /// An entry of the search path, before those of NIX_PATH; may be given several times
    #[arg(long = "include", short = 'I', value_name = "[NAME=]PATH")]
    pub include: Vec<OsString>,
    /// The system that packages are for
    #[arg(long, value_name = "SYSTEM", default_value = "x86_64-linux")]
    pub system: String,
    /// `--show-trace`.
    #[arg(long, help = described("--show-trace"))]
    pub show_trace: bool,
    /// Calls that may be inside each other
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub max_call_depth: usize,
    /// `--timeout`.
    #[arg(long, value_name = "SECONDS", help = described("--timeout"))]
    pub timeout: Option<String>,
    /// `--max-memory`.
    #[arg(long, value_name = "SIZE", help = described("--max-memory"))]
    pub max_memory: Option<String>,
    /// `--store`.
    #[arg(long = "store", value_name = "DIR", help = described("--store"))]
    pub stores: Vec<OsString>,
    /// `--fetched`.
    #[arg(long, value_name = "URL=PATH", help = described("--fetched"))]
    pub fetched: Vec<OsString>,
    /// `--no-cache`.
    #[arg(long, help = described("--no-cache"))]
    pub no_cache: bool,
    /// `--stats`.
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, help = described("--stats"))]
    pub stats: Option<Option<OsString>>,
    /// `--profile`.
    #[arg(long, value_name = "FILE", help = described("--profile"))]
    pub profile: Option<OsString>,
}

/// Shown below the flags of `config` and `verify`.
const ABOUT_STUBS: &str = "Without a package set of your own any package is a stub: its paths are \
/nix/store/nival…-stub-NAME, and its version ends in `stub` and is newer than any other.";

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
    /// Stop at the first value that fails, instead of marking it
    #[arg(long)]
    pub strict: bool,
    /// Write what is beside the values (marks, and options that nothing declares) to a file, as JSON
    #[arg(long, value_name = "FILE")]
    pub marks: Option<OsString>,
}

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
    /// Show definitions that a condition switches off, and list hidden and internal options, as well
    #[arg(long)]
    pub all: bool,
    /// How to print it
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = OptionFormat::Text)]
    pub format: OptionFormat,
    /// Short for --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Write it to a file instead of standard output
    #[arg(long, short = 'o', value_name = "FILE")]
    pub output: Option<OsString>,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    pub color: Colour,
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
