//! The experimental features of Nix that the store's formats depend on.

use super::error::{Error, ErrorKind};

/// One experimental feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// The hash algorithm BLAKE3.
    Blake3Hashes,
    /// Derivations with `__contentAddressed`.
    CaDerivations,
    /// Derivations whose output is a derivation file, and `builtins.outputOf`.
    DynamicDerivations,
    /// `builtins.fetchClosure`.
    FetchClosure,
    /// `builtins.fetchTree`.
    FetchTree,
    /// `builtins.getFlake` and references to flakes.
    Flakes,
    /// Store objects hashed as git objects.
    GitHashing,
    /// Derivations with `__impure`.
    ImpureDerivations,
    /// Signatures of git commits.
    VerifiedFetches,
}

impl Feature {
    /// All features of this module.
    pub const ALL: [Feature; 9] = [
        Feature::Blake3Hashes,
        Feature::CaDerivations,
        Feature::DynamicDerivations,
        Feature::FetchClosure,
        Feature::FetchTree,
        Feature::Flakes,
        Feature::GitHashing,
        Feature::ImpureDerivations,
        Feature::VerifiedFetches,
    ];

    /// The name in the setting `experimental-features`.
    pub fn name(self) -> &'static str {
        match self {
            Feature::Blake3Hashes => "blake3-hashes",
            Feature::CaDerivations => "ca-derivations",
            Feature::DynamicDerivations => "dynamic-derivations",
            Feature::FetchClosure => "fetch-closure",
            Feature::FetchTree => "fetch-tree",
            Feature::Flakes => "flakes",
            Feature::GitHashing => "git-hashing",
            Feature::ImpureDerivations => "impure-derivations",
            Feature::VerifiedFetches => "verified-fetches",
        }
    }
}

/// The set of enabled features; by default none, as in Nix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Features(u16);

impl Features {
    /// Every feature of this module enabled.
    pub fn all() -> Self {
        Feature::ALL.into_iter().fold(Features::default(), Features::with)
    }

    /// This set with `feature` added.
    #[must_use]
    pub fn with(self, feature: Feature) -> Self {
        Features(self.0 | 1 << feature as u8)
    }

    /// A number that identifies the set.
    pub fn bits(self) -> u16 {
        self.0
    }

    /// Whether `feature` is enabled.
    pub fn has(self, feature: Feature) -> bool {
        self.0 & (1 << feature as u8) != 0
    }

    /// Fails with Nix's message unless `feature` is enabled.
    pub fn require(self, feature: Feature) -> Result<(), Error> {
        self.require_for(feature, b"")
    }

    /// Like [`Features::require`]; the message gives a reason, unless it is empty, in brackets.
    pub fn require_for(self, feature: Feature, reason: &[u8]) -> Result<(), Error> {
        if self.has(feature) {
            return Ok(());
        }
        let name = feature.name().as_bytes();
        let (open, close) = if reason.is_empty() { ("", "") } else { (" (", ")") };
        Err(Error::new(
            ErrorKind::Feature,
            "experimental Nix feature '{}' is disabled{}{}{}; add '--extra-experimental-features {}' to enable it",
            &[name, open.as_bytes(), reason, close.as_bytes(), name],
        ))
    }
}
