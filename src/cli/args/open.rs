//! How a configuration is opened, and with which evaluator.

use std::ffi::OsString;

use clap::Args;

use super::flake::FlakeArgs;
use crate::cli::flag_table::described;

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
#[derive(Debug, Clone, Args)]
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
#[derive(Debug, Clone, Args)]
pub struct EvaluatorArgs {
    /// The flake.
    #[command(flatten)]
    pub flake: FlakeArgs,
    /// An entry of the search path, before those of NIX_PATH; may be given several times
    #[arg(long = "include", short = 'I', value_name = "[NAME=]PATH")]
    pub include: Vec<OsString>,
    /// The system that packages are for
    #[arg(long, value_name = "SYSTEM", default_value = "x86_64-linux")]
    pub system: String,
    /// `--option`.
    #[arg(long = "option", num_args = 2, value_names = ["NAME", "VALUE"], help = described("--option"))]
    pub options: Vec<OsString>,
    /// Read only what the flags name and what the search path leads to; short for --option restrict-eval true
    #[arg(long)]
    pub restrict_eval: bool,
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
    /// Print the path of each file and folder that the evaluation reads, one a line, sorted: to standard error, or to FILE
    /// (- for standard output)
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    pub print_files: Option<Option<OsString>>,
    /// `--stats`.
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, help = described("--stats"))]
    pub stats: Option<Option<OsString>>,
    /// `--profile`.
    #[arg(long, value_name = "FILE", help = described("--profile"))]
    pub profile: Option<OsString>,
}

/// Shown below the flags of `config` and `verify`.
pub(super) const ABOUT_STUBS: &str = "Without a package set of your own any package is a stub: its paths are \
/nix/store/nival…-stub-NAME, and its version ends in `stub` and is newer than any other.";
