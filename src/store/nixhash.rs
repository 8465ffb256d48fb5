//! Hash algorithms, hash values, and hashing of bytes at once or in pieces.

use md5::Digest;

use super::error::{Error, ErrorKind};
use super::features::{Feature, Features};

/// A hash algorithm of Nix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HashAlgo {
    /// 16 bytes.
    Md5,
    /// 20 bytes.
    Sha1,
    /// 32 bytes; used for store paths.
    Sha256,
    /// 64 bytes.
    Sha512,
    /// 32 bytes; needs the experimental feature `blake3-hashes`.
    Blake3,
}

impl HashAlgo {
    /// All algorithms.
    pub const ALL: [HashAlgo; 5] =
        [HashAlgo::Md5, HashAlgo::Sha1, HashAlgo::Sha256, HashAlgo::Sha512, HashAlgo::Blake3];

    /// The algorithm called `name`, if it exists. BLAKE3 without its feature is an error, not `None`.
    pub fn parse_opt(name: &[u8], features: Features) -> Result<Option<HashAlgo>, Error> {
        let algo = HashAlgo::ALL.into_iter().find(|algo| algo.name().as_bytes() == name);
        if algo == Some(HashAlgo::Blake3) {
            features.require(Feature::Blake3Hashes)?;
        }
        Ok(algo)
    }

    /// The algorithm called `name`, or Nix's complaint (`hashString`, `hashFile` and `convertHash`).
    pub fn parse(name: &[u8], features: Features) -> Result<HashAlgo, Error> {
        HashAlgo::parse_opt(name, features)?.ok_or_else(|| {
            Error::new(
                ErrorKind::Usage,
                "unknown hash algorithm '{}', expect 'blake3', 'md5', 'sha1', 'sha256', or 'sha512'",
                &[name],
            )
        })
    }

    /// The name in derivations and hash texts.
    pub fn name(self) -> &'static str {
        match self {
            HashAlgo::Md5 => "md5",
            HashAlgo::Sha1 => "sha1",
            HashAlgo::Sha256 => "sha256",
            HashAlgo::Sha512 => "sha512",
            HashAlgo::Blake3 => "blake3",
        }
    }

    /// The length of a digest in bytes.
    pub const fn digest_length(self) -> usize {
        match self {
            HashAlgo::Md5 => 16,
            HashAlgo::Sha1 => 20,
            HashAlgo::Sha256 | HashAlgo::Blake3 => 32,
            HashAlgo::Sha512 => 64,
        }
    }
}

/// A digest together with its algorithm.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct NixHash {
    algo: HashAlgo,
    /// The digest, padded with zeros.
    bytes: [u8; 64],
}

impl NixHash {
    /// A hash from its digest, or `None` if the digest does not have the algorithm's length.
    pub fn from_digest(algo: HashAlgo, digest: &[u8]) -> Option<NixHash> {
        if digest.len() != algo.digest_length() {
            return None;
        }
        let mut bytes = [0; 64];
        bytes[..digest.len()].copy_from_slice(digest);
        Some(NixHash { algo, bytes })
    }

    /// The digest of all zeros, which Nix uses for a fixed output whose hash is the empty string.
    pub fn zero(algo: HashAlgo) -> NixHash {
        NixHash { algo, bytes: [0; 64] }
    }

    /// The algorithm.
    pub fn algo(&self) -> HashAlgo {
        self.algo
    }

    /// The digest.
    pub fn digest(&self) -> &[u8] {
        &self.bytes[..self.algo.digest_length()]
    }
}

impl std::fmt::Debug for NixHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.algo.name(), super::base::encode_hex(self.digest()))
    }
}

/// A hash computation in progress.
#[derive(Clone)]
pub struct Hasher(State);

#[derive(Clone)]
enum State {
    Md5(md5::Md5),
    Sha1(sha1::Sha1),
    Sha256(sha2::Sha256),
    Sha512(sha2::Sha512),
    Blake3(Box<blake3::Hasher>),
}

impl Hasher {
    /// Starts a hash.
    pub fn new(algo: HashAlgo) -> Hasher {
        Hasher(match algo {
            HashAlgo::Md5 => State::Md5(md5::Md5::new()),
            HashAlgo::Sha1 => State::Sha1(sha1::Sha1::new()),
            HashAlgo::Sha256 => State::Sha256(sha2::Sha256::new()),
            HashAlgo::Sha512 => State::Sha512(sha2::Sha512::new()),
            HashAlgo::Blake3 => State::Blake3(Box::new(blake3::Hasher::new())),
        })
    }

    /// Adds `bytes`.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Md5(state) => state.update(bytes),
            State::Sha1(state) => state.update(bytes),
            State::Sha256(state) => state.update(bytes),
            State::Sha512(state) => state.update(bytes),
            State::Blake3(state) => {
                state.update(bytes);
            }
        }
    }

    /// The hash of everything that was added.
    pub fn finish(self) -> NixHash {
        fn hash(algo: HashAlgo, digest: &[u8]) -> NixHash {
            let mut hash = NixHash::zero(algo);
            hash.bytes[..digest.len()].copy_from_slice(digest);
            hash
        }
        match self.0 {
            State::Md5(state) => hash(HashAlgo::Md5, &state.finalize()),
            State::Sha1(state) => hash(HashAlgo::Sha1, &state.finalize()),
            State::Sha256(state) => hash(HashAlgo::Sha256, &state.finalize()),
            State::Sha512(state) => hash(HashAlgo::Sha512, &state.finalize()),
            State::Blake3(state) => hash(HashAlgo::Blake3, state.finalize().as_bytes()),
        }
    }
}

/// The hash of `bytes`.
pub fn hash_bytes(algo: HashAlgo, bytes: &[u8]) -> NixHash {
    let mut hasher = Hasher::new(algo);
    hasher.update(bytes);
    hasher.finish()
}

/// The SHA-256 of the concatenation of `pieces`: the hash that store paths are built from.
pub fn sha256(pieces: &[&[u8]]) -> [u8; 32] {
    let mut state = sha2::Sha256::new();
    for piece in pieces {
        state.update(piece);
    }
    state.finalize().into()
}

/// Folds a digest to `N` bytes by exclusive or.
pub fn compress_hash<const N: usize>(digest: &[u8]) -> [u8; N] {
    let mut folded = [0; N];
    for (i, byte) in digest.iter().enumerate() {
        folded[i % N] ^= byte;
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::super::base::encode_hex;
    use super::*;

    // Nix 2.34: builtins.hashString ALGO "a"
    const HASHES_OF_A: [(&str, &str); 5] = [
        ("md5", "0cc175b9c0f1b6a831c399e269772661"),
        ("sha1", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
        ("sha256", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
        (
            "sha512",
            "1f40fc92da241694750979ee6cf582f2d5d7d28e18335de05abc54d0560e0f5302860c652bf08d560252aa5e74210546\
             f369fbbbce8c12cfc7957b2652fe9a75",
        ),
        ("blake3", "17762fddd969a453925d65717ac3eea21320b66b54342fde15128d6caf21215f"),
    ];

    #[test]
    fn hashes_at_once_and_in_pieces() {
        for (name, hex) in HASHES_OF_A {
            let algo = HashAlgo::parse(name.as_bytes(), Features::all()).expect("a known algorithm");
            assert_eq!(encode_hex(hash_bytes(algo, b"a").digest()), hex);
            let bytes = vec![7; 100_000];
            let mut pieces = Hasher::new(algo);
            bytes.chunks(333).for_each(|piece| pieces.update(piece));
            assert_eq!(pieces.finish(), hash_bytes(algo, &bytes));
        }
    }

    #[test]
    fn algorithms_and_their_complaints() {
        let complaint = |name: &[u8]| {
            let algo = HashAlgo::parse(name, Features::default());
            algo.map_or_else(|e| e.to_string(), |algo| algo.name().to_string())
        };
        assert_eq!(complaint(b"sha1"), "sha1");
        assert_eq!(
            complaint(b"SHA1"),
            "unknown hash algorithm 'SHA1', expect 'blake3', 'md5', 'sha1', 'sha256', or 'sha512'"
        );
        assert_eq!(
            complaint(b"blake3"),
            "experimental Nix feature 'blake3-hashes' is disabled; \
             add '--extra-experimental-features blake3-hashes' to enable it"
        );
        assert_eq!(HashAlgo::parse_opt(b"sha257", Features::default()), Ok(None));
    }
}
