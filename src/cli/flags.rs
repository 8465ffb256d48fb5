//! The parsed flags of `nival eval`, `nix-instantiate` and `nix-eval-jobs`.

use super::settings::Given;
use crate::host::Limits;
use crate::options::FlakeName;
use crate::report::JobsAsked;

/// The program whose flags are parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Program {
    /// `nix-instantiate`: messages are Nix's own.
    NixInstantiate,
    /// `nix-eval-jobs`.
    EvalJobs,
    /// `nival eval`: `--eval` is implied, and unknown flags get a suggestion.
    #[default]
    Eval,
}

/// The output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Output {
    /// As an expression.
    #[default]
    Plain,
    /// `--json`.
    Json,
    /// `--xml`.
    Xml,
    /// `--raw`.
    Raw,
}

/// An automatic argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AutoArg {
    /// `--arg`.
    Expr(Vec<u8>),
    /// `--argstr`.
    String(Vec<u8>),
    /// `--arg-from-file`.
    File(Vec<u8>),
    /// `--arg-from-stdin`.
    Stdin,
}

/// The verbosity, as Nix numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Verbosity(u8);

impl Verbosity {
    /// Information that needs no action; printed unless `--quiet` is given.
    pub const INFO: Verbosity = Verbosity(3);
    /// Reports which files are evaluated.
    pub const TALKATIVE: Verbosity = Verbosity(4);
    /// `--debug`.
    pub const DEBUG: Verbosity = Verbosity(6);
}

impl Verbosity {
    /// `--verbose`.
    pub fn more(&mut self) {
        self.0 = self.0.saturating_add(1);
    }

    /// `--quiet`.
    pub fn less(&mut self) {
        self.0 = self.0.saturating_sub(1);
    }
}

impl Default for Verbosity {
    fn default() -> Verbosity {
        Verbosity::INFO
    }
}

/// The flags.
#[derive(Debug, Default)]
pub struct Flags {
    /// The program whose flags they are.
    pub program: Program,
    /// Files, or expressions with `-E`.
    pub inputs: Vec<Vec<u8>>,
    /// `-E`.
    pub expressions: bool,
    /// `-`.
    pub stdin: bool,
    /// `-A`.
    pub attrs: Vec<Vec<u8>>,
    /// `--arg` and the like, in order.
    pub args: Vec<(Vec<u8>, AutoArg)>,
    /// `--native-lib`: folders whose lib is replaced.
    pub native_libs: Vec<Vec<u8>>,
    /// `-I`, in order.
    pub include: Vec<Vec<u8>>,
    /// The output format.
    pub output: Output,
    /// `--eval`.
    pub eval: bool,
    /// `--parse`.
    pub parse: bool,
    /// `--find-file`.
    pub find_file: bool,
    /// `--read-write-mode`.
    pub read_write: bool,
    /// `--strict`.
    pub strict: bool,
    /// `--no-location` was given.
    pub no_location: bool,
    /// `--store`, in order.
    pub stores: Vec<Vec<u8>>,
    /// `--write-drvs`.
    pub write_drvs: Option<Vec<u8>>,
    /// `--add-root`.
    pub add_root: Option<Vec<u8>>,
    /// `--fetched`, in order: URLs and the paths of their contents.
    pub fetched: Vec<(Vec<u8>, Vec<u8>)>,
    /// `--flake`, with an empty reference if it was not given, and what belongs to it.
    pub flake: FlakeName,
    /// `--apply`.
    pub apply: Option<Vec<u8>>,
    /// Settings, in order.
    pub settings: Vec<Given>,
    /// `--timeout` and `--max-memory`.
    pub limits: Limits,
    /// `--verbose`, `--quiet` and `--debug`.
    pub verbosity: Verbosity,
    /// `--no-cache`.
    pub no_cache: bool,
    /// `--stats`, and the file that it names.
    pub stats: Option<Option<Vec<u8>>>,
    /// Those of nix-eval-jobs.
    pub jobs: JobFlags,
    /// `--help` was asked for.
    pub help: bool,
    /// `--version` was asked for.
    pub version: bool,
}

/// The flags that only nix-eval-jobs has.
#[derive(Debug)]
pub struct JobFlags {
    /// `--flake`: the argument is a flake.
    pub flake: bool,
    /// `--select`: a function of the root.
    pub select: Option<Vec<u8>>,
    /// `--workers`.
    pub workers: usize,
    /// `--max-memory-size`, in bytes.
    pub max_memory_size: u64,
    /// `--gc-roots-dir`.
    pub gc_roots_dir: Option<Vec<u8>>,
    /// What is asked about each job.
    pub asked: JobsAsked,
}

impl Default for JobFlags {
    fn default() -> JobFlags {
        let (flake, select, gc_roots_dir) = (false, None, None);
        JobFlags {
            flake,
            select,
            workers: 1,
            max_memory_size: 4 << 30,
            gc_roots_dir,
            asked: JobsAsked::default(),
        }
    }
}

impl Flags {
    /// Sets a setting of Nix.
    pub fn set(&mut self, name: &str, value: &str) {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.settings.push(Given { name, value, option: false });
    }
}
