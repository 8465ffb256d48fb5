//! Flake references: an input and a folder inside it.

use super::attrs::{Attrs, wrong};
use super::grammar::{is_id, is_unreserved};
use super::input::Input;
use super::url::{Authority, Query, Url, Warn, bad, decode, decode_query, split_path};
use crate::store::error::{Error, ErrorKind};
use crate::store::features::Features;

/// A flake reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlakeRef {
    /// What is fetched.
    pub input: Input,
    /// The folder in it; empty for the root.
    pub dir: Vec<u8>,
}

impl FlakeRef {
    /// Reads a reference: `nixpkgs/branch`, a URL, or an absolute path. A fragment is an error.
    pub fn parse(text: &[u8], features: Features, warn: Warn<'_>) -> Result<FlakeRef, Error> {
        let (found, fragment) = match id_ref(text, features, warn)? {
            Some(found) => found,
            None => match Url::parse(text, true, warn).and_then(|url| from_url(url, features, warn)) {
                Ok(found) => found,
                Err(e) if e.kind() == ErrorKind::Url => path_ref(text, features, warn)?,
                Err(e) => return Err(e),
            },
        };
        if !fragment.is_empty() {
            return Err(wrong("unexpected fragment '{}' in flake reference '{}'", &[&fragment, text]));
        }
        Ok(found)
    }

    /// The reference that attributes describe.
    pub fn from_attrs(mut attrs: Attrs, features: Features, warn: Warn<'_>) -> Result<FlakeRef, Error> {
        let dir = attrs.text("dir")?.unwrap_or_default().to_vec();
        attrs.0.remove(&b"dir"[..]);
        Ok(FlakeRef { input: Input::from_attrs(attrs, features, warn)?, dir })
    }

    /// The attributes of the reference.
    pub fn to_attrs(&self) -> Attrs {
        let mut attrs = self.input.attrs.clone();
        if !self.dir.is_empty() && !attrs.0.contains_key(&b"dir"[..]) {
            attrs.set("dir", &self.dir);
        }
        attrs
    }

    /// The reference as a URL.
    pub fn to_text(&self, warn: Warn<'_>) -> Result<Vec<u8>, Error> {
        let mut url = self.input.to_url(warn)?;
        if !self.dir.is_empty() {
            url.query.entry(b"dir".to_vec()).or_insert_with(|| self.dir.clone());
        }
        Ok(url.to_text())
    }
}

type Found = (FlakeRef, Vec<u8>);

fn from_url(mut url: Url, features: Features, warn: Warn<'_>) -> Result<Found, Error> {
    let dir = url.query.remove(&b"dir"[..]).unwrap_or_default();
    let fragment = std::mem::take(&mut url.fragment);
    Ok((FlakeRef { input: Input::from_url(&url, features, warn)?, dir }, fragment))
}

/// `id`, `id/ref`, `id/rev` or `id/ref/rev`, short for `flake:…`.
fn id_ref(text: &[u8], features: Features, warn: Warn<'_>) -> Result<Option<Found>, Error> {
    let hash = text.iter().position(|c| *c == b'#');
    let (name, fragment) = hash.map_or((text, &b""[..]), |at| (&text[..at], &text[at + 1..]));
    let slash = name.iter().position(|c| *c == b'/');
    let (id, branch) = slash.map_or((name, None), |at| (&name[..at], Some(&name[at + 1..])));
    let branch_char = |c: &u8| c.is_ascii_alphanumeric() || b"_./@+-".contains(c);
    let is_branch = |b: &[u8]| {
        b.first().is_some_and(|c| c.is_ascii_alphanumeric() || *c == b'@') && b.iter().all(branch_char)
    };
    if !is_id(id) || !branch.is_none_or(is_branch) || !is_fragment(fragment) {
        return Ok(None);
    }
    let url = Url {
        scheme: b"flake".to_vec(),
        authority: None,
        path: split_path(name),
        query: Query::new(),
        fragment: Vec::new(),
    };
    let input = Input::from_url(&url, features, warn)?;
    Ok(Some((FlakeRef { input, dir: Vec::new() }, decode(fragment)?)))
}

fn is_fragment(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some((&c, behind)) = rest.split_first() {
        rest = match c {
            b'%' => match behind {
                [a, b, behind @ ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => behind,
                _ => return false,
            },
            c if is_unreserved(c) || b"!$&'\"()*+,;=:@/? ^".contains(&c) => behind,
            _ => return false,
        };
    }
    true
}

fn path_ref(text: &[u8], features: Features, warn: Warn<'_>) -> Result<Found, Error> {
    let hash = text.iter().position(|c| *c == b'#');
    let (head, fragment) = hash.map_or((text, &b""[..]), |at| (&text[..at], &text[at + 1..]));
    if fragment.iter().any(|c| b"\n\r".contains(c)) {
        return Err(wrong("invalid flakeref '{}'", &[text]));
    }
    let mark = head.iter().position(|c| *c == b'?');
    let (path, query) = mark.map_or((head, &b""[..]), |at| (&head[..at], &head[at + 1..]));
    let query = decode_query(query, true, warn)?;
    let fragment = decode(fragment)?;
    if !path.starts_with(b"/") {
        return Err(bad("flake reference '{}' is not an absolute path", &[text]));
    }
    let url = Url {
        scheme: b"path".to_vec(),
        authority: Some(Authority::default()),
        path: split_path(path),
        query,
        fragment,
    };
    from_url(url, features, warn)
}
