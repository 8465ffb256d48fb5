//! Store paths: the digest and name of a store object, and the directory that contains it.

use std::cmp::Ordering;
use std::fmt;

use super::error::{Error, ErrorKind};
use super::nixbase32;

/// The usual store directory.
pub const STORE_DIR: &str = "/nix/store";
/// The number of digest bytes in a store path.
pub const DIGEST_SIZE: usize = 20;
/// The number of base-32 digits for them.
pub const ENCODED_DIGEST_SIZE: usize = nixbase32::encode_len(DIGEST_SIZE);
/// The maximal length of a name.
pub const MAX_NAME_LENGTH: usize = 211;

/// A store path without its directory.
///
/// Sorts like its text `<digits>-<name>`, which is the order of Nix's own sets of store paths.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct StorePath<S = String> {
    digest: [u8; DIGEST_SIZE],
    name: S,
}

/// A store path whose name is borrowed.
pub type StorePathRef<'a> = StorePath<&'a str>;

impl StorePath {
    /// A store path from its parts. As in Nix, the error about a bad name also shows the digits.
    pub fn from_digest_and_name(digest: [u8; DIGEST_SIZE], name: &[u8]) -> Result<StorePath, Error> {
        StorePathRef::new(digest, name).map(StorePathRef::into_owned)
    }

    /// Reads `<digits>-<name>`.
    pub fn from_base_name(base_name: &[u8]) -> Result<StorePath, Error> {
        StorePathRef::parse(base_name).map(StorePathRef::into_owned)
    }
}

impl<'a> StorePathRef<'a> {
    /// Like [`StorePath::from_digest_and_name`].
    pub fn new(digest: [u8; DIGEST_SIZE], name: &'a [u8]) -> Result<StorePathRef<'a>, Error> {
        match validate_name(name) {
            Ok(name) => Ok(StorePath { digest, name }),
            Err(error) => {
                Err(bad_name(&[nixbase32::encode(&digest).as_bytes(), b"-", name].concat(), &error))
            }
        }
    }

    /// Like [`StorePath::from_base_name`].
    ///
    /// By oversight, Nix 2.34 takes any character instead of the `-` and keeps it (2.36 does not). This
    /// refuses such paths.
    pub fn parse(base_name: &'a [u8]) -> Result<StorePathRef<'a>, Error> {
        let (digest, dash, name) = split_base_name(base_name)?;
        if dash != b'-' {
            let text = "'{}' can't name a store path because the hash part is not followed by a '-'";
            return Err(Error::new(ErrorKind::Path, text, &[base_name]));
        }
        match validate_name(name) {
            Ok(name) => Ok(StorePath { digest, name }),
            Err(error) => Err(bad_name(base_name, &error)),
        }
    }
}

impl<S: AsRef<str>> StorePath<S> {
    /// The part after the digits and the dash.
    pub fn name(&self) -> &str {
        self.name.as_ref()
    }

    /// The same path with its own name.
    pub fn into_owned(self) -> StorePath {
        StorePath { digest: self.digest, name: self.name().to_string() }
    }

    /// The name of the derivation whose file this is, without `.drv`.
    pub fn derivation_name(&self) -> Result<&str, Error> {
        self.name().strip_suffix(".drv").ok_or_else(|| {
            let text = "store path '{}' is not a valid derivation path";
            Error::new(ErrorKind::Format, text, &[self.to_string().as_bytes()])
        })
    }

    /// The digits before the dash.
    pub fn digits(&self) -> [u8; ENCODED_DIGEST_SIZE] {
        let mut digits = [0; ENCODED_DIGEST_SIZE];
        nixbase32::encode_into(&self.digest, &mut digits);
        digits
    }
}

impl<S: AsRef<str>> fmt::Display for StorePath<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", nixbase32::encode(&self.digest), self.name())
    }
}

impl<S: AsRef<str>> fmt::Debug for StorePath<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<S: AsRef<str> + Eq> Ord for StorePath<S> {
    fn cmp(&self, other: &Self) -> Ordering {
        // The first digit holds the highest bits of the last byte.
        let digits = self.digest.iter().rev().cmp(other.digest.iter().rev());
        digits.then_with(|| self.name().cmp(other.name()))
    }
}

impl<S: AsRef<str> + Eq> PartialOrd for StorePath<S> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The digest, the character after it, and the rest of `<digits>-<name>`.
fn split_base_name(base_name: &[u8]) -> Result<([u8; DIGEST_SIZE], u8, &[u8]), Error> {
    let complain = |text: &str, args: &[&[u8]]| Err(Error::new(ErrorKind::Path, text, args));
    let Some((digits, [dash, name @ ..])) = base_name.split_first_chunk::<ENCODED_DIGEST_SIZE>() else {
        return complain("'{}' is too short to be a valid store path", &[base_name]);
    };
    match nixbase32::decode_digest(digits) {
        Ok(digest) => Ok((digest, *dash, name)),
        Err(c) => complain(
            "store path '{}' contains illegal base-32 character '{}'",
            &[base_name, &[first_bad_digit(digits).unwrap_or(c)]],
        ),
    }
}

/// Checks `<digits>-<name>` as Nix 2.34 does, which takes any character instead of the `-`.
pub fn check_base_name(base_name: &[u8]) -> Result<(), Error> {
    let (.., name) = split_base_name(base_name)?;
    validate_name(name).map(|_| ()).map_err(|e| bad_name(base_name, &e))
}

/// The first of the digits, in reading order, that is not one.
fn first_bad_digit(digits: &[u8]) -> Option<u8> {
    digits.iter().copied().find(|c| !nixbase32::ALPHABET.contains(c))
}

fn bad_name(base_name: &[u8], error: &Error) -> Error {
    Error::new(ErrorKind::Path, "path '{}' is not a valid store path: {}", &[base_name, error.message()])
}

/// Checks the name of a store object, and returns it as ASCII text.
pub fn validate_name(name: &[u8]) -> Result<&str, Error> {
    let complain = |text: &str, args: &[&[u8]]| Err(Error::new(ErrorKind::Name, text, args));
    if name.is_empty() {
        return complain("name must not be empty", &[]);
    }
    if name.len() > MAX_NAME_LENGTH {
        let max = MAX_NAME_LENGTH.to_string();
        return complain("name '{}' must be no longer than {} characters", &[name, max.as_bytes()]);
    }
    for dots in [b".".as_slice(), b".."] {
        match name.strip_prefix(dots) {
            Some([]) => return complain("name '{}' is not valid", &[name]),
            Some([b'-', ..]) => {
                let text = "name '{}' is not valid: first dash-separated component must not be '{}'";
                return complain(text, &[name, dots]);
            }
            _ => {}
        }
    }
    let allowed = |c: &u8| c.is_ascii_alphanumeric() || b"+-._?=".contains(c);
    match (name.iter().find(|c| !allowed(c)), std::str::from_utf8(name)) {
        (None, Ok(text)) => Ok(text),
        (bad, _) => {
            let bad = bad.map(std::slice::from_ref).unwrap_or_default();
            complain("name '{}' contains illegal character '{}'", &[name, bad])
        }
    }
}

/// A store directory, `/nix/store` by default. The digests of its paths depend on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreDir(String);

impl Default for StoreDir {
    fn default() -> Self {
        StoreDir(STORE_DIR.to_string())
    }
}

impl StoreDir {
    /// A store in the absolute directory `dir`, which is normalised.
    pub fn new(dir: &str) -> Result<StoreDir, Error> {
        let dir = canonical(dir.as_bytes())?;
        Ok(StoreDir(String::from_utf8_lossy(&dir).into_owned()))
    }

    /// The directory without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The absolute path of `path`.
    pub fn print<S: AsRef<str>>(&self, path: &StorePath<S>) -> String {
        let mut text = String::with_capacity(self.0.len() + ENCODED_DIGEST_SIZE + 2 + path.name().len());
        text.push_str(&self.0);
        text.push('/');
        text.extend(path.digits().map(char::from));
        text.push('-');
        text.push_str(path.name());
        text
    }

    /// Appends the absolute path of `path`.
    pub(super) fn push<S: AsRef<str>>(&self, out: &mut Vec<u8>, path: &StorePath<S>) {
        out.extend_from_slice(self.0.as_bytes());
        out.push(b'/');
        out.extend_from_slice(&path.digits());
        out.push(b'-');
        out.extend_from_slice(path.name().as_bytes());
    }

    /// Reads an absolute store path, which may contain `.`, `..` and doubled slashes.
    pub fn parse(&self, path: &[u8]) -> Result<StorePath, Error> {
        if let Some(base_name) = self.base_name(path) {
            return StorePath::from_base_name(base_name);
        }
        let path = canonical(path)?;
        match self.base_name(&path) {
            Some(base_name) => StorePath::from_base_name(base_name),
            None => Err(Error::new(ErrorKind::Path, "path \"{}\" is not in the Nix store", &[&path])),
        }
    }

    /// The part after the directory, if it is one simple path component.
    fn base_name<'a>(&self, path: &'a [u8]) -> Option<&'a [u8]> {
        let name = path.strip_prefix(self.0.as_bytes())?.strip_prefix(b"/")?;
        let simple = !name.is_empty() && name != b"." && name != b".." && !name.contains(&b'/');
        simple.then_some(name)
    }

    /// Whether the absolute, normalised `path` is below the store directory.
    pub fn contains(&self, path: &[u8]) -> bool {
        path.strip_prefix(self.0.as_bytes()).is_some_and(|rest| rest.len() > 1 && rest[0] == b'/')
    }

    /// Splits the normalised `path` into the store path and the rest, which is empty or starts with a slash.
    pub fn split<'a>(&self, path: &'a [u8]) -> Result<(StorePath, &'a [u8]), Error> {
        if !self.contains(path) {
            return Err(Error::new(ErrorKind::Path, "path '{}' is not in the Nix store", &[path]));
        }
        let start = self.0.len() + 1;
        let end = path[start..].iter().position(|&c| c == b'/').map_or(path.len(), |at| start + at);
        Ok((self.parse(&path[..end])?, &path[end..]))
    }
}

/// An absolute path without `.`, `..`, doubled and trailing slashes. The file system is not consulted.
pub(super) fn canonical(path: &[u8]) -> Result<Vec<u8>, Error> {
    if path.is_empty() {
        // Nix 2.34 aborts here; the wording is that of 2.36.
        return Err(Error::new(ErrorKind::Path, "empty path is not a valid store path", &[]));
    }
    if path[0] != b'/' {
        return Err(Error::new(ErrorKind::Path, "not an absolute path: \"{}\"", &[path]));
    }
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|&c| c == b'/') {
        match part {
            b"" | b"." => {}
            b".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    if parts.is_empty() {
        return Ok(b"/".to_vec());
    }
    Ok(parts.iter().flat_map(|part| [b"/", *part]).flatten().copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "/nix/store/v7hx61vvmrq0mkp28vfw9zlrmfl5qfk1-a.drv";

    fn complaint<T>(result: Result<T, Error>) -> String {
        result.err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn text_and_back() {
        let store = StoreDir::default();
        for spelling in [PATH, "//nix/./store/x/../v7hx61vvmrq0mkp28vfw9zlrmfl5qfk1-a.drv/"] {
            let path = store.parse(spelling.as_bytes()).expect("a store path");
            assert_eq!(store.print(&path), PATH);
            assert_eq!(path.derivation_name(), Ok("a"));
        }
        let (path, rest) =
            store.split(format!("{PATH}/b/c").as_bytes()).map(|(p, r)| (p, r.to_vec())).expect("");
        assert_eq!((store.print(&path).as_str(), rest.as_slice()), (PATH, b"/b/c".as_slice()));
        let other = StoreDir::new("/opt/store/").expect("an absolute path");
        assert_eq!(other.print(&path), "/opt/store/v7hx61vvmrq0mkp28vfw9zlrmfl5qfk1-a.drv");
    }

    #[test]
    fn order_is_that_of_the_text() {
        let mut texts: Vec<String> = (0..200u8)
            .map(|i| format!("{}-x", nixbase32::encode(&super::super::nixhash::sha256(&[&[i]])[..20])))
            .collect();
        texts.push(texts[0].replace("-x", "-w"));
        let mut paths: Vec<StorePath> =
            texts.iter().map(|t| StorePath::from_base_name(t.as_bytes()).expect("a path")).collect();
        texts.sort();
        paths.sort();
        assert_eq!(paths.iter().map(ToString::to_string).collect::<Vec<_>>(), texts);
    }

    // Nix 2.34: builtins.storePath, builtins.toFile and derivation names; see tools/record/corpora/store.py.
    #[test]
    fn complaints() {
        let store = StoreDir::default();
        let parse = |base: &str| complaint(StorePath::from_base_name(base.as_bytes()));
        assert_eq!(parse("ff"), "'ff' is too short to be a valid store path");
        assert_eq!(
            parse("eeffffffffffffffffffffffffffffff-x"),
            "store path 'eeffffffffffffffffffffffffffffff-x' contains illegal base-32 character 'e'"
        );
        assert_eq!(
            parse("ffffffffffffffffffffffffffffffff-.."),
            "path 'ffffffffffffffffffffffffffffffff-..' is not a valid store path: name '..' is not valid"
        );
        assert_eq!(complaint(store.split(b"/nix/foo")), "path '/nix/foo' is not in the Nix store");
        assert_eq!(complaint(store.split(b"/nix/store/")), "path '/nix/store/' is not in the Nix store");
        assert_eq!(complaint(store.parse(b"/nix/store")), "path \"/nix/store\" is not in the Nix store");
        assert_eq!(complaint(store.parse(b"x")), "not an absolute path: \"x\"");
    }

    #[test]
    fn names() {
        let long = "a".repeat(212);
        let cases: [(&str, &str); 8] = [
            ("", "name must not be empty"),
            (".", "name '.' is not valid"),
            ("..", "name '..' is not valid"),
            (".-a", "name '.-a' is not valid: first dash-separated component must not be '.'"),
            ("..-", "name '..-' is not valid: first dash-separated component must not be '..'"),
            ("x y", "name 'x y' contains illegal character ' '"),
            ("\u{e9}", "name '\u{e9}' contains illegal character '\u{fffd}'"),
            (&long, &format!("name '{long}' must be no longer than 211 characters")),
        ];
        for (name, expected) in cases {
            assert_eq!(complaint(validate_name(name.as_bytes())), expected);
        }
        let error = validate_name("\u{e9}".as_bytes()).err();
        assert_eq!(error.as_ref().map(Error::message).and_then(|m| m.iter().rev().nth(1)), Some(&0xc3));
        for name in [".a", "...-", "a".repeat(211).as_str(), "+-._?=aZ09"] {
            assert_eq!(validate_name(name.as_bytes()), Ok(name));
        }
    }
}
