//! The settings of an evaluation.

/// The settings of an evaluation.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The maximum depth of calls (`max-call-depth`).
    pub max_call_depth: usize,
    /// Record calls in error traces (`--show-trace`).
    pub show_trace: bool,
    /// Report paths as missing, in Nix's words, if Nix would find them only after writing derivations to its
    /// store.
    pub read_only: bool,
    /// Enables `|>` and `<|`.
    pub pipe_operators: bool,
    /// Which literals are linted.
    pub lints: crate::syntax::Lints,
    /// `builtins.fromTOML` accepts dates.
    pub toml_timestamps: bool,
    /// Experimental features of the store's formats.
    pub store_features: crate::store::Features,
    /// No access to the environment, mutable paths and the clock.
    pub pure: bool,
    /// Access is limited to the search path.
    pub restrict: bool,
    /// URL prefixes that may be fetched nevertheless.
    pub allowed_uris: Vec<String>,
    /// `builtins.currentSystem`.
    pub system: String,
    /// The store directory.
    pub store_dir: String,
    /// The store is Nix's dummy store, which is empty and accepts any name.
    pub dummy_store: bool,
    /// `trace` prints multi-line values, `traceVerbose` prints at all.
    pub trace_verbose: bool,
    /// `builtins.warn` aborts the evaluation.
    pub abort_on_warn: bool,
    /// Paths that are outputs of derivations may be read.
    pub allow_import_from_derivation: bool,
    /// Report import from derivation.
    pub trace_import_from_derivation: bool,
    /// Local copies of fetched sources: their URLs and paths.
    pub fetched: Vec<(String, Vec<u8>)>,
    /// The search path: prefix (possibly empty) and path.
    pub nix_path: Vec<(String, String)>,
    /// The directory that search-path entries are relative to.
    pub base_dir: Vec<u8>,
    /// Report the beginning and end of each call.
    pub trace_function_calls: bool,
    /// Report which files are evaluated.
    pub say_files: bool,
    /// Record a profile (`eval-profiler`).
    pub profile: bool,
    /// The file of the profile.
    pub profile_file: Vec<u8>,
    /// Samples per second; 0 samples at each call.
    pub profile_frequency: u32,
    /// The heap size in bytes at which the collector starts to run; `None` for never.
    pub collect_from: Option<usize>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            max_call_depth: 10_000,
            show_trace: false,
            read_only: false,
            pipe_operators: false,
            lints: crate::syntax::Lints::default(),
            toml_timestamps: false,
            store_features: crate::store::Features::default(),
            pure: false,
            restrict: false,
            allowed_uris: Vec::new(),
            system: "x86_64-linux".to_owned(),
            store_dir: "/nix/store".to_owned(),
            dummy_store: false,
            trace_verbose: false,
            abort_on_warn: false,
            allow_import_from_derivation: true,
            trace_import_from_derivation: false,
            fetched: Vec::new(),
            nix_path: Vec::new(),
            base_dir: b"/".to_vec(),
            trace_function_calls: false,
            say_files: false,
            profile: false,
            profile_file: b"nix.profile".to_vec(),
            profile_frequency: 99,
            collect_from: Some(crate::heap::COLLECT_FROM),
        }
    }
}
