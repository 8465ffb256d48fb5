//! An input, as a URL or attributes describe it.

use super::attrs::{Attrs, wrong};
use super::schemes::Scheme;
use super::url::{Url, Warn};
use crate::store::error::Error;
use crate::store::features::Features;

/// An input. One of an unknown type has only attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The fetcher for it.
    pub scheme: Option<Scheme>,
    /// Its attributes, including `type`.
    pub attrs: Attrs,
}

impl Input {
    /// The input that a URL describes. `is_tree` says that it must be a tree: then a URL that names no fetcher is that of
    /// an archive.
    ///
    /// # Errors
    /// When no fetcher knows such URLs, or the one that does rejects it.
    pub fn from_url(url: &Url, is_tree: bool, features: Features, warn: Warn<'_>) -> Result<Input, Error> {
        for scheme in Scheme::ALL {
            if let Some(attrs) = scheme.attrs_of_url(url, is_tree, features, warn)? {
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

    /// The input that attributes describe.
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

    /// Checks the attributes that every input may have.
    fn check(&self) -> Result<(), Error> {
        self.attrs.need_text("type")?;
        self.attrs.text("ref")?;
        self.attrs.number("revCount")?;
        self.attrs.number("lastModified")?;
        Ok(())
    }

    /// The URL of this input.
    ///
    /// # Errors
    /// When its type is unknown, or its attributes do not make a URL.
    pub fn to_url(&self, warn: Warn<'_>) -> Result<Url, Error> {
        match self.scheme {
            Some(scheme) => scheme.to_url(&self.attrs, warn),
            None => Err(wrong("cannot show unsupported input '{}'", &[self.attrs.to_json().as_bytes()])),
        }
    }

    /// Whether the attributes determine the contents.
    ///
    /// # Errors
    /// When an attribute is malformed.
    pub fn is_locked(&self) -> Result<bool, Error> {
        let hashed = |attrs: &Attrs| Ok(attrs.nar_hash()?.is_some());
        match self.scheme {
            Some(Scheme::File | Scheme::Tarball | Scheme::Path) => hashed(&self.attrs),
            Some(Scheme::Git) => {
                Ok(self.attrs.rev()?.is_some_and(|rev| rev.digest().iter().any(|byte| *byte != 0)))
            }
            Some(Scheme::Github | Scheme::Gitlab | Scheme::Sourcehut | Scheme::Mercurial) => {
                Ok(self.attrs.rev()?.is_some())
            }
            Some(Scheme::Indirect) | None => Ok(false),
        }
    }

    /// The path of a `path:` input that is relative to the flake that names it.
    pub fn relative(&self) -> Option<&[u8]> {
        match (self.scheme, self.attrs.text("path")) {
            (Some(Scheme::Path), Ok(Some(path))) if !path.starts_with(b"/") => Some(path),
            _ => None,
        }
    }

    /// Whether the input is a name that a registry resolves.
    pub fn is_indirect(&self) -> bool {
        self.scheme == Some(Scheme::Indirect)
    }
}
