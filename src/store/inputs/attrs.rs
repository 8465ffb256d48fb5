//! The attributes of an input.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::store::error::{Error, ErrorKind};
use crate::store::features::Features;
use crate::store::nixhash::{HashAlgo, NixHash};

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

impl Attr {
    /// The value in JSON; `None` if it is of another type.
    pub fn from_value(json: &Json) -> Option<Attr> {
        match json {
            Json::String(text) => Some(Attr::Text(text.clone().into_bytes())),
            Json::Bool(b) => Some(Attr::Bool(*b)),
            Json::Number(n) => n.as_u64().map(Attr::Number),
            _ => None,
        }
    }

    fn to_value(&self) -> Json {
        match self {
            Attr::Text(text) => String::from_utf8_lossy(text).into(),
            Attr::Number(n) => (*n).into(),
            Attr::Bool(b) => (*b).into(),
        }
    }
}

/// The attributes of an input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attrs(pub BTreeMap<Vec<u8>, Attr>);

/// An error about an input.
pub(super) fn wrong(template: &str, args: &[&[u8]]) -> Error {
    Error::new(ErrorKind::Input, template, args)
}

impl Attrs {
    /// Sets an attribute to a string.
    pub fn set(&mut self, name: &str, value: &[u8]) {
        self.0.insert(name.as_bytes().to_vec(), Attr::Text(value.to_vec()));
    }

    /// The attribute as a string.
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

    /// The attribute as a string; an error if it is missing.
    pub fn need_text(&self, name: &str) -> Result<&[u8], Error> {
        self.text(name)?.ok_or_else(|| wrong("input attribute '{}' is missing", &[name.as_bytes()]))
    }

    /// The attribute as a number.
    pub fn number(&self, name: &str) -> Result<Option<u64>, Error> {
        match self.0.get(name.as_bytes()) {
            None => Ok(None),
            Some(Attr::Number(n)) => Ok(Some(*n)),
            Some(_) => Err(wrong("input attribute '{}' is not an integer", &[name.as_bytes()])),
        }
    }

    /// The attribute as a truth value; false if it is missing.
    pub fn flag(&self, name: &str) -> Result<bool, Error> {
        match self.0.get(name.as_bytes()) {
            None => Ok(false),
            Some(Attr::Bool(b)) => Ok(*b),
            Some(_) => Err(wrong("input attribute '{}' is not a Boolean", &[name.as_bytes()])),
        }
    }

    /// The commit hash, in any format that Nix reads.
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

    /// The hash of the contents, which must be a SHA-256 in SRI format. An empty one is all zeros.
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

    /// The attributes as error messages show them.
    pub fn to_json(&self) -> String {
        self.to_value().to_string()
    }

    /// The same as a value.
    pub fn to_value(&self) -> Json {
        let entry =
            |(name, value): (&Vec<u8>, &Attr)| (String::from_utf8_lossy(name).into_owned(), value.to_value());
        self.0.iter().map(entry).collect()
    }
}
