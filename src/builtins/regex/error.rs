//! Why a pattern cannot be used.

use std::fmt;

/// Why a pattern cannot be used, or an input cannot be matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegexError {
    /// The pattern does not follow the grammar.
    Invalid,
    /// The automaton has more states than libstdc++ allows.
    TooLarge,
    /// Matching takes unreasonably long. Nix has no such error; it hangs.
    TooComplex,
}

impl RegexError {
    /// The start of Nix's message; `'pattern'` follows.
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
