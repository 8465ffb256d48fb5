//! What the user may set.

/// What the user may set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Calls that may be inside each other (`max-call-depth`).
    pub max_call_depth: usize,
    /// Record calls in error traces (`--show-trace`).
    pub show_trace: bool,
    /// What Nix would only find if it had written derivations to its store is reported as missing in its words.
    pub read_only: bool,
    /// `|>` and `<|` are on.
    pub pipe_operators: bool,
    /// Literals that are found fault with.
    pub lints: crate::syntax::Lints,
    /// `builtins.fromTOML` takes dates.
    pub toml_timestamps: bool,
    /// Experimental features of the store's formats.
    pub store_features: crate::store::Features,
    /// No access to the environment, mutable paths and the clock.
    pub pure: bool,
    /// Access only to what the search path leads to.
    pub restrict: bool,
    /// Beginnings of URLs that may be fetched in spite of that.
    pub allowed_uris: Vec<String>,
    /// `builtins.currentSystem`.
    pub system: String,
    /// The store's directory.
    pub store_dir: String,
    /// The store is Nix's dummy, which looks at no names and is empty.
    pub dummy_store: bool,
    /// `trace` prints multi-line values, `traceVerbose` prints at all.
    pub trace_verbose: bool,
    /// `builtins.warn` ends the evaluation.
    pub abort_on_warn: bool,
    /// Paths that are outputs of derivations may be read.
    pub allow_import_from_derivation: bool,
    /// Say so when one is.
    pub trace_import_from_derivation: bool,
    /// Local copies of what would be fetched: URLs, and the paths of the copies.
    pub fetched: Vec<(String, Vec<u8>)>,
    /// The search path: prefix (possibly empty) and path.
    pub nix_path: Vec<(String, String)>,
    /// The directory that relative paths in search paths are relative to.
    pub base_dir: Vec<u8>,
    /// Say so whenever a call begins and ends.
    pub trace_function_calls: bool,
    /// Say which files are evaluated.
    pub say_files: bool,
    /// A profile is made (`eval-profiler`).
    pub profile: bool,
    /// Where the profile goes.
    pub profile_file: Vec<u8>,
    /// How often per second the stack of calls is taken for it; 0 for each call.
    pub profile_frequency: u32,
    /// Bytes of the heap from which on unneeded values are given back; `None` for never.
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
