//! What flakes and fetchers fetch: inputs, written as URLs or as attributes.

mod flake_ref;
mod git_names;
mod grammar;
mod schemes;
pub mod url;

use std::collections::BTreeMap;

pub use flake_ref::FlakeRef;
pub use git_names::fix_git_url;
pub use schemes::Scheme;
use url::{Url, Warn};

use super::error::{Error, ErrorKind};
use super::features::Features;
use super::nixhash::{HashAlgo, NixHash};

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attr {
    /// A string.
    Text(Vec<u8>),
    /// A number.
    Number(u64),
    /// A truth value.
    Bool(bool),
}

/// The attributes of an input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attrs(pub BTreeMap<Vec<u8>, Attr>);

/// An input. Of a type that is not known it has attributes only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The fetcher it is for.
    pub scheme: Option<Scheme>,
    /// Its attributes, among them `type`.
    pub attrs: Attrs,
}

fn wrong(template: &str, args: &[&[u8]]) -> Error {
    Error::new(ErrorKind::Input, template, args)
}

impl Attrs {
    /// Sets an attribute to a string.
    pub fn set(&mut self, name: &str, value: &[u8]) {
        self.0.insert(name.as_bytes().to_vec(), Attr::Text(value.to_vec()));
    }

    /// A string.
    ///
    /// # Errors
    /// When it is something else.
    pub fn text(&self, name: &str) -> Result<Option<&[u8]>, Error> {
        match self.0.get(name.as_bytes()) {
            None => Ok(None),
            Some(Attr::Text(text)) => Ok(Some(text)),
            Some(_) => {
                let all = self.to_json();
                Err(wrong("input attribute '{}' is not a string {}", &[name.as_bytes(), all.as_bytes()]))
            }
        }
    }

    /// A string that must be there.
    ///
    /// # Errors
    /// When it is not, or is something else.
    pub fn need_text(&self, name: &str) -> Result<&[u8], Error> {
        self.text(name)?.ok_or_else(|| wrong("input attribute '{}' is missing", &[name.as_bytes()]))
    }

    /// A number.
    ///
    /// # Errors
    /// When it is something else.
    pub fn number(&self, name: &str) -> Result<Option<u64>, Error> {
        match self.0.get(name.as_bytes()) {
            None => Ok(None),
            Some(Attr::Number(n)) => Ok(Some(*n)),
            Some(_) => Err(wrong("input attribute '{}' is not an integer", &[name.as_bytes()])),
        }
    }

    /// A truth value; false if it is not there.
    ///
    /// # Errors
    /// When it is something else.
    pub fn flag(&self, name: &str) -> Result<bool, Error> {
        match self.0.get(name.as_bytes()) {
            None => Ok(false),
            Some(Attr::Bool(b)) => Ok(*b),
            Some(_) => Err(wrong("input attribute '{}' is not a Boolean", &[name.as_bytes()])),
        }
    }

    /// The commit, whose hash may stand there in any format.
    ///
    /// # Errors
    /// When it is no hash.
    pub fn rev(&self) -> Result<Option<NixHash>, Error> {
        let Some(text) = self.text("rev")? else {
            return Ok(None);
        };
        match NixHash::parse_any(text, None, Features::default()) {
            Err(e) if e.kind() == ErrorKind::Hash => {
                NixHash::parse_any(text, Some(HashAlgo::Sha1), Features::default()).map(Some)
            }
            other => other.map(Some),
        }
    }

    /// The hash of the contents.
    ///
    /// # Errors
    /// When it is none, or of another kind than Nix wants.
    pub fn nar_hash(&self) -> Result<Option<NixHash>, Error> {
        let hash = match self.text("narHash")? {
            None => return Ok(None),
            Some(b"") => NixHash::zero(HashAlgo::Sha256),
            Some(text) => NixHash::parse_sri(text, Features::default())?,
        };
        match hash.algo() {
            HashAlgo::Sha256 => Ok(Some(hash)),
            _ => Err(Error::new(ErrorKind::Usage, "narHash must use SHA-256", &[])),
        }
    }

    /// The attributes as messages show them.
    pub fn to_json(&self) -> String {
        let quote = |text: &[u8]| serde_json::Value::from(String::from_utf8_lossy(text)).to_string();
        let entry = |(name, value): (&Vec<u8>, &Attr)| {
            let value = match value {
                Attr::Text(text) => quote(text),
                Attr::Number(n) => n.to_string(),
                Attr::Bool(b) => b.to_string(),
            };
            format!("{}:{value}", quote(name))
        };
        format!("{{{}}}", self.0.iter().map(entry).collect::<Vec<_>>().join(","))
    }
}

impl Input {
    /// The input that a URL means.
    ///
    /// # Errors
    /// When no fetcher knows such URLs, or the one that does finds fault with it.
    pub fn from_url(url: &Url, features: Features, warn: Warn<'_>) -> Result<Input, Error> {
        for scheme in Scheme::ALL {
            if let Some(attrs) = scheme.attrs_of_url(url, features, warn)? {
                scheme.require(features)?;
                let input = Input { scheme: Some(scheme), attrs };
                input.check()?;
                return Ok(input);
            }
        }
        let text = url.to_text();
        if url.scheme == b"file+git" {
            let hint = "input '{}' is unsupported; did you mean 'git+file' instead of 'file+git'?";
            return Err(wrong(hint, &[&text]));
        }
        Err(wrong("input '{}' is unsupported", &[&text]))
    }

    /// The input that attributes mean.
    ///
    /// # Errors
    /// When they are not those of an input.
    pub fn from_attrs(attrs: Attrs, features: Features, warn: Warn<'_>) -> Result<Input, Error> {
        let Some(kind) = attrs.text("type")? else {
            return Err(wrong("'type' attribute to specify input scheme is required but not provided", &[]));
        };
        let Some(scheme) = Scheme::ALL.into_iter().find(|s| s.name().as_bytes() == kind) else {
            let input = Input { scheme: None, attrs };
            input.check()?;
            return Ok(input);
        };
        scheme.require(features)?;
        let foreign = |name: &&Vec<u8>| {
            let fixed = [&b"type"[..], b"__final"].contains(&name.as_slice());
            !fixed && !scheme.attrs().iter().any(|a| a.as_bytes() == name.as_slice())
        };
        if let Some(name) = attrs.0.keys().find(foreign) {
            let complaint = "input attribute '{}' not supported by scheme '{}'";
            return Err(wrong(complaint, &[name, scheme.name().as_bytes()]));
        }
        let input = Input { scheme: Some(scheme), attrs: scheme.checked(attrs, features, warn)? };
        input.check()?;
        Ok(input)
    }

    /// Attributes that all inputs may have.
    fn check(&self) -> Result<(), Error> {
        self.attrs.need_text("type")?;
        self.attrs.text("ref")?;
        self.attrs.number("revCount")?;
        self.attrs.number("lastModified")?;
        Ok(())
    }

    /// The URL that means this input.
    ///
    /// # Errors
    /// When its type is not known, or attributes make no sense.
    pub fn to_url(&self, warn: Warn<'_>) -> Result<Url, Error> {
        match self.scheme {
            Some(scheme) => scheme.to_url(&self.attrs, warn),
            None => Err(wrong("cannot show unsupported input '{}'", &[self.attrs.to_json().as_bytes()])),
        }
    }
}
