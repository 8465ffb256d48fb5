//! The options of parsing.

/// The options of parsing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ParseOptions {
    /// Whether `~/…` is a path; in pure evaluation it is an error.
    pub home: bool,
    /// Whether `|>` and `<|` are on.
    pub pipes: bool,
    /// The lints for literals.
    pub lints: Lints,
}

/// What happens where a kind of literal is found (`lint-url-literals` and the like).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lint {
    /// Nothing.
    #[default]
    Ignore,
    /// A warning.
    Warn,
    /// The text is no expression.
    Fatal,
}

/// The kinds of literals that can be found fault with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lints {
    /// URLs that are not in quotes.
    pub urls: Lint,
    /// Paths that begin with `/` or `~/`.
    pub absolute_paths: Lint,
    /// Paths that begin with neither of these nor with a dot.
    pub short_paths: Lint,
}
