//! What is asked about jobs.

/// What is asked about jobs: the flags of nix-eval-jobs.
#[derive(Debug, Clone, Default)]
pub struct JobsAsked {
    /// `--force-recurse`: look into all sets.
    pub force_recurse: bool,
    /// `--meta`.
    pub meta: bool,
    /// `--show-input-drvs`.
    pub show_input_drvs: bool,
    /// `--no-instantiate`: what only the file of the derivation tells is left out.
    pub no_instantiate: bool,
    /// `--check-cache-status`.
    pub check_cache_status: bool,
    /// `--constituents`.
    pub constituents: bool,
    /// `--apply`: a function of the derivation.
    pub apply: Option<Vec<u8>>,
}
