//! Hashes as text: `algo:digits`, `algo-base64` (SRI) and bare digits, read and written as Nix does.

use super::base;
use super::error::{Error, ErrorKind};
use super::features::Features;
use super::nixbase32;
use super::nixhash::{HashAlgo, NixHash};

/// A way to write a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashFormat {
    /// Lower-case hexadecimal.
    Base16,
    /// Nix's own base-32.
    Nix32,
    /// Base-64 with padding.
    Base64,
    /// `algo-` and base-64.
    Sri,
}

/// The warning that comes with the format name `base32`.
pub const BASE32_WARNING: &str = r#""base32" is a deprecated alias for hash format "nix32"."#;

impl HashFormat {
    /// The format called `name` (`toHashFormat` of `convertHash`).
    ///
    /// For `base32` the caller has to print [`BASE32_WARNING`], even if what follows fails.
    pub fn parse(name: &[u8]) -> Result<HashFormat, Error> {
        Ok(match name {
            b"base16" => HashFormat::Base16,
            b"nix32" | b"base32" => HashFormat::Nix32,
            b"base64" => HashFormat::Base64,
            b"sri" => HashFormat::Sri,
            _ => {
                let expected = "unknown hash format '{}', expect 'base16', 'base32', 'base64', or 'sri'";
                return Err(Error::new(ErrorKind::Usage, expected, &[name]));
            }
        })
    }

    /// The format of bare digits of this length.
    ///
    /// No two formats of one algorithm have the same length.
    fn from_length(digits: &[u8], algo: HashAlgo) -> Result<HashFormat, Error> {
        let size = algo.digest_length();
        match digits.len() {
            len if len == size * 2 => Ok(HashFormat::Base16),
            len if len == nixbase32::encode_len(size) => Ok(HashFormat::Nix32),
            len if len == base::base64_len(size) => Ok(HashFormat::Base64),
            _ => Err(Error::new(
                ErrorKind::Hash,
                "hash '{}' has wrong length for hash algorithm '{}'",
                &[digits, algo.name().as_bytes()],
            )),
        }
    }

    /// The name used in complaints about digits that do not decode.
    fn complaint_name(self) -> &'static str {
        match self {
            HashFormat::Base16 => "base16",
            HashFormat::Nix32 => "nix32",
            HashFormat::Base64 => "Base64",
            HashFormat::Sri => "SRI",
        }
    }
}

impl NixHash {
    /// The hash as text, after `algo:` if wanted; SRI always names its algorithm.
    pub fn to_text(self, format: HashFormat, with_algo: bool) -> String {
        let digits = match format {
            HashFormat::Base16 => base::encode_hex(self.digest()),
            HashFormat::Nix32 => nixbase32::encode(self.digest()),
            HashFormat::Base64 => base::encode_base64(self.digest()),
            HashFormat::Sri => {
                return format!("{}-{}", self.algo().name(), base::encode_base64(self.digest()));
            }
        };
        if with_algo { format!("{}:{digits}", self.algo().name()) } else { digits }
    }

    /// Reads `algo:digits`, `algo-base64`, or bare digits of the algorithm `expected`.
    ///
    /// This is everything that `convertHash` does with its `hash`. The text before the first `:` or, without
    /// one, before the first `-` must name an algorithm, namely `expected` if that is given.
    pub fn parse_any(text: &[u8], expected: Option<HashAlgo>, features: Features) -> Result<NixHash, Error> {
        let separator = text.iter().position(|&c| c == b':').or_else(|| text.iter().position(|&c| c == b'-'));
        let (named, digits, is_sri) = match separator {
            Some(at) => (Some(HashAlgo::parse(&text[..at], features)?), &text[at + 1..], text[at] == b'-'),
            None => (None, text, false),
        };
        let algo = match (named, expected) {
            (Some(named), Some(expected)) if named != expected => {
                let complaint = "hash '{}' should have type '{}'";
                return Err(Error::new(ErrorKind::Hash, complaint, &[text, expected.name().as_bytes()]));
            }
            (Some(algo), _) | (None, Some(algo)) => algo,
            (None, None) => {
                return Err(Error::new(
                    ErrorKind::Hash,
                    "hash '{}' does not include a type, nor is the type otherwise known from context",
                    &[text],
                ));
            }
        };
        match is_sri {
            true => parse_digits(digits, algo, HashFormat::Sri),
            false => NixHash::parse_bare(digits, algo),
        }
    }

    /// Reads `algo-base64`.
    pub fn parse_sri(text: &[u8], features: Features) -> Result<NixHash, Error> {
        let Some(dash) = text.iter().position(|&c| c == b'-') else {
            return Err(Error::new(ErrorKind::Hash, "hash '{}' is not SRI", &[text]));
        };
        parse_digits(&text[dash + 1..], HashAlgo::parse(&text[..dash], features)?, HashFormat::Sri)
    }

    /// Reads bare digits, whose length tells their base (the hash field of a derivation's output).
    pub fn parse_bare(digits: &[u8], algo: HashAlgo) -> Result<NixHash, Error> {
        parse_digits(digits, algo, HashFormat::from_length(digits, algo)?)
    }

    /// Reads the `outputHash` of a derivation.
    ///
    /// The empty string gives the hash of all zeros, with a warning to print.
    pub fn parse_output_hash(
        text: &[u8],
        algo: Option<HashAlgo>,
        features: Features,
    ) -> Result<(NixHash, Option<String>), Error> {
        if !text.is_empty() {
            return Ok((NixHash::parse_any(text, algo, features)?, None));
        }
        let Some(algo) = algo else {
            return Err(Error::new(ErrorKind::Hash, "empty hash requires explicit hash algorithm", &[]));
        };
        let hash = NixHash::zero(algo);
        let warning = format!("found empty hash, assuming '{}'", hash.to_text(HashFormat::Sri, true));
        Ok((hash, Some(warning)))
    }
}

/// Decodes digits of a known format.
///
/// Nix loses the complaint about a bad character and continues with nothing decoded, so it reports a length
/// of 0 (testdata/store/hashes.tsv).
fn parse_digits(digits: &[u8], algo: HashAlgo, format: HashFormat) -> Result<NixHash, Error> {
    let decoded = match format {
        HashFormat::Base16 => base::decode_hex(digits),
        HashFormat::Nix32 => nixbase32::decode(digits),
        HashFormat::Base64 | HashFormat::Sri => base::decode_base64(digits),
    }
    .unwrap_or_default();
    NixHash::from_digest(algo, &decoded).ok_or_else(|| {
        Error::new(
            ErrorKind::Hash,
            "invalid {} hash '{}', length {} != expected length {}",
            &[
                format.complaint_name().as_bytes(),
                digits,
                decoded.len().to_string().as_bytes(),
                algo.digest_length().to_string().as_bytes(),
            ],
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line: algorithm or nothing, format, hash, and the result of Nix's `convertHash`.
    const CASES: &str = include_str!("../../testdata/store/hashes.tsv");

    fn convert(algo: &str, format: &str, hash: &str) -> Result<String, Error> {
        let features = Features::all();
        let algo = (!algo.is_empty()).then(|| HashAlgo::parse(algo.as_bytes(), features)).transpose()?;
        let format = HashFormat::parse(format.as_bytes())?;
        let hash = NixHash::parse_any(hash.as_bytes(), algo, features)?;
        Ok(hash.to_text(format, format == HashFormat::Sri))
    }

    #[test]
    fn convert_hash_as_recorded() {
        let mut cases = 0;
        for line in CASES.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            let [algo, format, hash, expected] = columns[..] else { panic!("bad line: {line}") };
            let hash = hash.replace("\\n", "\n");
            let got = convert(algo, format, &hash).unwrap_or_else(|e| format!("error: {e}"));
            assert_eq!(got.replace('\n', "\\n"), expected, "{line}");
            cases += 1;
        }
        assert!(cases > 100);
    }

    #[test]
    fn empty_output_hash() {
        let features = Features::default();
        let (hash, warning) =
            NixHash::parse_output_hash(b"", Some(HashAlgo::Md5), features).expect("an algorithm is given");
        assert_eq!(hash, NixHash::zero(HashAlgo::Md5));
        assert_eq!(warning.as_deref(), Some("found empty hash, assuming 'md5-AAAAAAAAAAAAAAAAAAAAAA=='"));
        let error = NixHash::parse_output_hash(b"", None, features).map_err(|e| e.to_string());
        assert_eq!(error, Err("empty hash requires explicit hash algorithm".to_string()));
    }
}
