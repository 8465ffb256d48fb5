//! Flake references: an input and a folder inside it.

use super::attrs::{Attrs, wrong};
use super::grammar::{is_id, is_unreserved};
use super::input::Input;
use super::url::{Authority, Query, Url, Warn, bad, decode, decode_query, split_path};
use crate::store::error::{Error, ErrorKind};
use crate::store::features::Features;
use crate::store::store_path::canonical;

/// A flake reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlakeRef {
    /// What is fetched.
    pub input: Input,
    /// The folder in it; empty for the root.
    pub dir: Vec<u8>,
}

/// How texts are read as references.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// Enabled features.
    pub features: Features,
    /// Receives warnings.
    pub warn: Warn<'a>,
    /// Whether the reference is that of a flake, and not of any file or tree.
    pub is_flake: bool,
}

/// A reference that is written as a path, which may be relative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathRef {
    /// The path.
    pub path: Vec<u8>,
    /// The parameters.
    pub query: Query,
    /// What follows `#`.
    pub fragment: Vec<u8>,
}

/// A reference, and the fragment behind it.
pub type Found = (FlakeRef, Vec<u8>);

impl FlakeRef {
    /// Reads a reference: `nixpkgs/branch`, a URL, or an absolute path. A fragment is an error.
    pub fn parse(text: &[u8], how: Reading<'_>) -> Result<FlakeRef, Error> {
        let path = |path: PathRef| match path.path.starts_with(b"/") {
            true => path.reference(how),
            false => Err(bad("flake reference '{}' is not an absolute path", &[text])),
        };
        FlakeRef::parse_with(text, how, path)
    }

    /// Reads the reference of a flake's input, which may be a path relative to the flake.
    pub fn parse_input(text: &[u8], how: Reading<'_>) -> Result<FlakeRef, Error> {
        FlakeRef::parse_with(text, how, |path| path.reference(how))
    }

    fn parse_with(
        text: &[u8],
        how: Reading<'_>,
        path: impl FnOnce(PathRef) -> Result<Found, Error>,
    ) -> Result<FlakeRef, Error> {
        let (found, fragment) = match FlakeRef::from_name_or_url(text, None, how)? {
            Some(found) => found,
            None => path(PathRef::parse(text, how.warn)?)?,
        };
        if !fragment.is_empty() {
            return Err(wrong("unexpected fragment '{}' in flake reference '{}'", &[&fragment, text]));
        }
        Ok(found)
    }

    /// Reads a reference that is a name or a URL; `None` if it is a path. Relative paths in URLs are relative to `base`.
    pub fn from_name_or_url(
        text: &[u8],
        base: Option<&[u8]>,
        how: Reading<'_>,
    ) -> Result<Option<Found>, Error> {
        if let Some(found) = id_ref(text, how)? {
            return Ok(Some(found));
        }
        let found = Url::parse(text, true, how.warn).and_then(|mut url| {
            if let Some(base) = base.filter(|_| matches!(&url.scheme[..], b"path" | b"git+file")) {
                let path = url.file_path()?;
                if !path.starts_with(b"/") {
                    url.path = split_path(&canonical(&[base, b"/", &path].concat())?);
                }
            }
            FlakeRef::from_url(url, how)
        });
        match found {
            Ok(found) => Ok(Some(found)),
            Err(e) if e.kind() == ErrorKind::Url => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// The reference that a URL is, and its fragment.
    pub fn from_url(mut url: Url, how: Reading<'_>) -> Result<Found, Error> {
        let dir = url.query.remove(&b"dir"[..]).unwrap_or_default();
        let fragment = std::mem::take(&mut url.fragment);
        Ok((FlakeRef { input: Input::from_url(&url, how.is_flake, how.features, how.warn)?, dir }, fragment))
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

    /// The reference without the parameter `dir` in its URL, which old lock files have.
    #[must_use]
    pub fn canonical(&self) -> FlakeRef {
        let mut new = self.clone();
        if let Ok(Some(text)) = self.input.attrs.text("url")
            && let Ok(mut url) = Url::parse(text, true, &|_| ())
        {
            if !self.dir.is_empty() && url.query.get(&b"dir"[..]) == Some(&self.dir) {
                url.query.remove(&b"dir"[..]);
            }
            new.input.attrs.set("url", &url.to_text());
        }
        new
    }
}

/// `id`, `id/ref`, `id/rev` or `id/ref/rev`, short for `flake:…`.
fn id_ref(text: &[u8], how: Reading<'_>) -> Result<Option<Found>, Error> {
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
    let (found, _) = FlakeRef::from_url(url, how)?;
    Ok(Some((found, decode(fragment)?)))
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

impl PathRef {
    /// Splits a text into a path, parameters and a fragment.
    pub fn parse(text: &[u8], warn: Warn<'_>) -> Result<PathRef, Error> {
        let hash = text.iter().position(|c| *c == b'#');
        let (head, fragment) = hash.map_or((text, &b""[..]), |at| (&text[..at], &text[at + 1..]));
        if fragment.iter().any(|c| b"\n\r".contains(c)) {
            return Err(wrong("invalid flakeref '{}'", &[text]));
        }
        let mark = head.iter().position(|c| *c == b'?');
        let (path, query) = mark.map_or((head, &b""[..]), |at| (&head[..at], &head[at + 1..]));
        let query = decode_query(query, true, warn)?;
        Ok(PathRef { path: path.to_vec(), query, fragment: decode(fragment)? })
    }

    /// The reference to the folder itself.
    pub fn reference(self, how: Reading<'_>) -> Result<Found, Error> {
        let url = Url {
            scheme: b"path".to_vec(),
            authority: self.path.starts_with(b"/").then(Authority::default),
            path: split_path(&self.path),
            query: self.query,
            fragment: self.fragment,
        };
        FlakeRef::from_url(url, how)
    }

    /// The reference to a folder `dir` of the git repository in a folder.
    pub fn in_repository(mut self, root: &[u8], dir: &[u8], how: Reading<'_>) -> Result<Found, Error> {
        if !dir.is_empty() {
            if self.query.contains_key(&b"dir"[..]) {
                let text = &self.path;
                return Err(wrong("flake URL '{}' has an inconsistent 'dir' parameter", &[text]));
            }
            self.query.insert(b"dir".to_vec(), dir.to_vec());
        }
        let url = Url {
            scheme: b"git+file".to_vec(),
            authority: Some(Authority::default()),
            path: split_path(root),
            query: self.query,
            fragment: self.fragment,
        };
        FlakeRef::from_url(url, how)
    }
}
