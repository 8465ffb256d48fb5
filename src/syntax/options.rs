//! The options of parsing.

/// The options of parsing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ParseOptions {
    /// Whether `~/…` is a path; in pure evaluation it is an error.
    pub home: bool,
    /// Whether `|>` and `<|` are on.
    pub pipes: bool,
    /// What to do about literals of some kinds.
    pub lints: Lints,
}

/// What to do about a kind of literal (`lint-url-literals` and the like).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lint {
    /// Nothing.
    #[default]
    Ignore,
    /// A warning.
    Warn,
    /// An error.
    Fatal,
}

/// What to do about each kind of literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lints {
    /// URLs that are not in quotes.
    pub urls: Lint,
    /// Paths that begin with `/` or `~/`.
    pub absolute_paths: Lint,
    /// Paths that begin with neither of these nor with a dot.
    pub short_paths: Lint,
}
