//! Content addresses, and the forms in which the content of a store object is hashed.

use super::base::encode_hex;
use super::error::{Error, ErrorKind};
use super::features::{Feature, Features};
use super::nixhash::{HashAlgo, NixHash};

/// The form in which a file tree is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HashMode {
    /// The bytes of a single file.
    Flat,
    /// The Nix archive (`recursive`).
    Nar,
    /// A git blob or tree; needs the experimental feature `git-hashing`.
    Git,
    /// The bytes of a single file that may have references: derivation files and results of `toFile`.
    Text,
}

impl HashMode {
    /// Reads the `outputHashMode` attribute of the derivation `drv_name`.
    pub fn parse_output_hash_mode(
        mode: &[u8],
        drv_name: &[u8],
        features: Features,
    ) -> Result<HashMode, Error> {
        match mode {
            b"flat" => Ok(HashMode::Flat),
            b"nar" | b"recursive" => Ok(HashMode::Nar),
            b"git" => features.require(Feature::GitHashing).map(|()| HashMode::Git),
            b"text" => {
                let reason =
                    [b"text-hashed derivation '".as_slice(), drv_name, b"', outputHashMode = \"text\""]
                        .concat();
                features.require_for(Feature::DynamicDerivations, &reason).map(|()| HashMode::Text)
            }
            _ => Err(Error::new(
                ErrorKind::Derivation,
                "invalid value '{}' for 'outputHashMode' attribute",
                &[mode],
            )),
        }
    }

    /// The prefix of the algorithm's name in a derivation file.
    pub fn prefix(self) -> &'static str {
        match self {
            HashMode::Flat => "",
            HashMode::Nar => "r:",
            HashMode::Git => "git:",
            HashMode::Text => "text:",
        }
    }

    /// Splits `r:sha256` and the like into the mode and the algorithm's name.
    pub(super) fn split_prefix(text: &[u8], features: Features) -> Result<(HashMode, &[u8]), Error> {
        for mode in [HashMode::Nar, HashMode::Git, HashMode::Text] {
            if let Some(rest) = text.strip_prefix(mode.prefix().as_bytes()) {
                if mode == HashMode::Git {
                    features.require(Feature::GitHashing)?;
                }
                return Ok((mode, rest));
            }
        }
        Ok((HashMode::Flat, text))
    }
}

/// A content address: the hash of a store object's content in one of the modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CAHash {
    /// What was hashed.
    pub mode: HashMode,
    /// The hash.
    pub hash: NixHash,
}

impl CAHash {
    /// `r:sha256` and the like: the second field of a fixed output in a derivation file.
    pub fn method_algo(&self) -> String {
        method_algo(self.mode, self.hash.algo())
    }

    /// The digest in hexadecimal: the third field of a fixed output in a derivation file.
    pub fn digest_hex(&self) -> String {
        encode_hex(self.hash.digest())
    }
}

/// `r:sha256` and the like.
pub(super) fn method_algo(mode: HashMode, algo: HashAlgo) -> String {
    [mode.prefix(), algo.name()].concat()
}
