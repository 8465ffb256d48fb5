//! Why a pattern cannot be used.

use std::fmt;

/// Why a pattern cannot be used, or an input not be matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegexError {
    /// Not in the grammar.
    Invalid,
    /// More states than libstdc++ allows.
    TooLarge,
    /// Matching takes unreasonably long; Nix has no such error (it hangs).
    TooComplex,
}

impl RegexError {
    /// The words of Nix's message; `'pattern'` follows.
    pub fn wording(self) -> &'static str {
        match self {
            RegexError::Invalid => "invalid regular expression",
            RegexError::TooLarge | RegexError::TooComplex => "memory limit exceeded by regular expression",
        }
    }
}

impl fmt::Display for RegexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.wording())
    }
}

impl std::error::Error for RegexError {}
