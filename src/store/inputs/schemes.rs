//! The kinds of inputs, with their URLs and attributes.

use super::attrs::{Attr, Attrs, wrong};
use super::git_names::{fix_git_url, is_legal_ref_name};
use super::grammar::is_id;
use super::url::{Query, Url, Warn, application, bad, split_path, transport};
use crate::store::error::Error;
use crate::store::features::{Feature, Features};
use crate::store::hash_text::HashFormat;
use crate::store::nixhash::{HashAlgo, NixHash};

/// A kind of input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// A file from the web or this machine.
    File,
    /// A git repository.
    Git,
    /// A repository on GitHub.
    Github,
    /// A repository on a GitLab instance.
    Gitlab,
    /// A Mercurial repository.
    Mercurial,
    /// A name in a registry.
    Indirect,
    /// A folder on this machine.
    Path,
    /// A repository on SourceHut.
    Sourcehut,
    /// An archive from the web or this machine.
    Tarball,
}

const CURL_ATTRS: &[&str] = &["url", "narHash", "name", "unpack", "rev", "revCount", "lastModified"];
const FORGE_ATTRS: &[&str] = &["owner", "repo", "ref", "rev", "narHash", "lastModified", "host", "treeHash"];

/// The parameters of a git URL that are strings, and those that are flags (`1` is on).
const GIT_TEXTS: &[&str] = &["rev", "ref", "keytype", "publicKey", "publicKeys"];
const GIT_FLAGS: &[&str] = &["shallow", "submodules", "lfs", "exportIgnore", "allRefs", "verifyCommit"];

/// Attributes of git inputs that require an experimental feature.
const VERIFIED: &[&str] = &["verifyCommit", "keytype", "publicKey", "publicKeys"];

impl Scheme {
    /// All kinds, in the order in which they are tried on a URL.
    pub const ALL: [Scheme; 9] = [
        Scheme::File,
        Scheme::Git,
        Scheme::Github,
        Scheme::Gitlab,
        Scheme::Mercurial,
        Scheme::Indirect,
        Scheme::Path,
        Scheme::Sourcehut,
        Scheme::Tarball,
    ];

    /// The attribute `type` of inputs of this kind.
    pub fn name(self) -> &'static str {
        match self {
            Scheme::File => "file",
            Scheme::Git => "git",
            Scheme::Github => "github",
            Scheme::Gitlab => "gitlab",
            Scheme::Mercurial => "hg",
            Scheme::Indirect => "indirect",
            Scheme::Path => "path",
            Scheme::Sourcehut => "sourcehut",
            Scheme::Tarball => "tarball",
        }
    }

    /// The attributes that inputs of this kind may have besides `type`.
    pub fn attrs(self) -> &'static [&'static str] {
        match self {
            Scheme::File | Scheme::Tarball => CURL_ATTRS,
            Scheme::Github | Scheme::Gitlab | Scheme::Sourcehut => FORGE_ATTRS,
            Scheme::Mercurial => &["url", "ref", "rev", "revCount", "narHash", "name"],
            Scheme::Indirect => &["id", "ref", "rev", "narHash"],
            Scheme::Path => &["path", "rev", "revCount", "lastModified", "narHash"],
            Scheme::Git => &[
                "url",
                "ref",
                "rev",
                "shallow",
                "submodules",
                "lfs",
                "exportIgnore",
                "lastModified",
                "revCount",
                "narHash",
                "allRefs",
                "name",
                "dirtyRev",
                "dirtyShortRev",
                "verifyCommit",
                "keytype",
                "publicKey",
                "publicKeys",
            ],
        }
    }

    /// Fails if inputs of this kind need a feature that is off.
    pub(super) fn require(self, features: Features) -> Result<(), Error> {
        match self {
            Scheme::Github | Scheme::Gitlab | Scheme::Sourcehut | Scheme::Indirect | Scheme::Path => {
                features.require(Feature::Flakes)
            }
            _ => Ok(()),
        }
    }

    /// The attributes that a URL describes, if it is of this kind. `is_tree` says that the input must be a tree.
    pub(super) fn attrs_of_url(
        self,
        url: &Url,
        is_tree: bool,
        features: Features,
        warn: Warn<'_>,
    ) -> Result<Option<Attrs>, Error> {
        let own = url.scheme == self.name().as_bytes();
        match self {
            Scheme::File | Scheme::Tarball => Ok(self.curl_from_url(url, is_tree)),
            Scheme::Git if own || application(&url.scheme) == Some(b"git") => {
                let (mut attrs, rest) = self.split_query(url, |name| match name {
                    name if has(GIT_TEXTS, name) => Some(Attr::Text),
                    name if has(GIT_FLAGS, name) => Some(|value| Attr::Bool(value == b"1")),
                    _ => None,
                });
                attrs.set("url", &rest.to_text());
                self.checked(attrs, features, warn).map(Some)
            }
            Scheme::Mercurial
                if matches!(&url.scheme[..], b"hg+http" | b"hg+https" | b"hg+ssh" | b"hg+file") =>
            {
                let (mut attrs, mut rest) = self.split_query(url, |name| match name {
                    b"rev" | b"ref" => Some(Attr::Text),
                    _ => None,
                });
                rest.scheme.drain(..3);
                attrs.set("url", &rest.to_text());
                self.checked(attrs, features, warn).map(Some)
            }
            Scheme::Github | Scheme::Gitlab | Scheme::Sourcehut if own => {
                self.forge_from_url(url, features, warn).map(Some)
            }
            Scheme::Indirect if url.scheme == b"flake" => indirect_from_url(url).map(Some),
            Scheme::Path if own => path_from_url(url).map(Some),
            _ => Ok(None),
        }
    }

    fn new_attrs(self) -> Attrs {
        let mut attrs = Attrs::default();
        attrs.set("type", self.name().as_bytes());
        attrs
    }

    /// Moves the parameters that are attributes out of a URL.
    fn split_query(self, url: &Url, known: impl Fn(&[u8]) -> Option<fn(Vec<u8>) -> Attr>) -> (Attrs, Url) {
        let mut attrs = self.new_attrs();
        let mut rest = url.clone();
        rest.query = Query::new();
        for (name, value) in &url.query {
            match known(name) {
                Some(make) => drop(attrs.0.insert(name.clone(), make(value.clone()))),
                None => drop(rest.query.insert(name.clone(), value.clone())),
            }
        }
        (attrs, rest)
    }

    fn curl_from_url(self, url: &Url, is_tree: bool) -> Option<Attrs> {
        if !matches!(transport(&url.scheme), b"file" | b"http" | b"https") {
            return None;
        }
        let of = if is_tree || is_archive(url) { Scheme::Tarball } else { Scheme::File };
        let own =
            application(&url.scheme).map_or(self == of, |application| application == self.name().as_bytes());
        if !own {
            return None;
        }
        let mut attrs = self.new_attrs();
        let mut rest = url.clone();
        rest.scheme = transport(&url.scheme).to_vec();
        for name in CURL_ATTRS {
            let Some(value) = rest.query.remove(name.as_bytes()) else {
                continue;
            };
            match *name {
                "narHash" | "rev" => attrs.set(name, &value),
                "revCount" | "lastModified" => {
                    if let Some(n) = number(&value) {
                        attrs.0.insert(name.as_bytes().to_vec(), Attr::Number(n));
                    }
                }
                _ => {}
            }
        }
        attrs.set("url", &rest.to_text());
        Some(attrs)
    }

    fn forge_from_url(self, url: &Url, features: Features, warn: Warn<'_>) -> Result<Attrs, Error> {
        let text = url.to_text();
        let segments = url.segments();
        let [owner, repo, rest @ ..] = segments.as_slice() else {
            return Err(bad("URL '{}' is invalid", &[&text]));
        };
        let mut attrs = self.new_attrs();
        match rest {
            [] => {}
            [rev] if is_rev(rev) => attrs.set("rev", rev),
            parts => attrs.set("ref", &parts.join(&b'/')),
        }
        for (name, value) in &url.query {
            let twice = attrs.0.contains_key(name);
            match &name[..] {
                b"rev" if twice => return Err(bad("URL '{}' contains multiple commit hashes", &[&text])),
                b"ref" if twice => return Err(bad("URL '{}' contains multiple branch/tag names", &[&text])),
                b"rev" | b"ref" | b"host" | b"narHash" => {
                    attrs.0.insert(name.clone(), Attr::Text(value.clone()));
                }
                _ => {}
            }
        }
        attrs.set("owner", owner);
        attrs.set("repo", repo);
        self.checked(attrs, features, warn)
    }

    /// Checks attributes and normalises them.
    pub(super) fn checked(
        self,
        mut attrs: Attrs,
        features: Features,
        warn: Warn<'_>,
    ) -> Result<Attrs, Error> {
        match self {
            Scheme::File | Scheme::Tarball => {}
            Scheme::Git => {
                if attrs.0.keys().any(|name| has(VERIFIED, name)) {
                    features.require(Feature::VerifiedFetches)?;
                }
                attrs.flag("verifyCommit")?;
                if let Some(name) = attrs.text("ref")?.filter(|name| !is_legal_ref_name(name)) {
                    return Err(bad("invalid Git branch/tag name '{}'", &[name]));
                }
                let url = fix_git_url(attrs.need_text("url")?, warn)?.to_text();
                attrs.set("url", &url);
                for flag in ["shallow", "submodules", "allRefs"] {
                    attrs.flag(flag)?;
                }
            }
            Scheme::Mercurial => {
                Url::parse(attrs.need_text("url")?, false, warn)?;
                let good = |name: &[u8]| {
                    let inner = |c: &u8| c.is_ascii_alphanumeric() || b"_./@+-".contains(c);
                    name.first().is_some_and(|c| c.is_ascii_alphanumeric() || *c == b'@')
                        && name.iter().all(inner)
                };
                if let Some(name) = attrs.text("ref")?.filter(|name| !good(name)) {
                    return Err(bad("invalid Mercurial branch/tag name '{}'", &[name]));
                }
            }
            Scheme::Github | Scheme::Gitlab | Scheme::Sourcehut => check_forge(&attrs)?,
            Scheme::Indirect => {
                let id = attrs.need_text("id")?;
                if !is_id(id) {
                    return Err(bad("'{}' is not a valid flake ID", &[id]));
                }
            }
            Scheme::Path => {
                attrs.need_text("path")?;
            }
        }
        Ok(attrs)
    }

    /// The URL of an input of this kind.
    pub(super) fn to_url(self, attrs: &Attrs, warn: Warn<'_>) -> Result<Url, Error> {
        let new = |scheme: &str, path| Url {
            scheme: scheme.as_bytes().to_vec(),
            authority: None,
            path,
            query: Query::new(),
            fragment: Vec::new(),
        };
        let hex = |rev: NixHash| rev.to_text(HashFormat::Base16, false).into_bytes();
        let sri = |hash: NixHash| hash.to_text(HashFormat::Sri, true).into_bytes();
        match self {
            Scheme::File | Scheme::Tarball => {
                let mut url = Url::parse(attrs.need_text("url")?, false, warn)?;
                if let Some(hash) = attrs.nar_hash()? {
                    url.query.insert(b"narHash".to_vec(), sri(hash));
                }
                Ok(url)
            }
            Scheme::Git => git_to_url(attrs, warn),
            Scheme::Mercurial => {
                let mut url = Url::parse(attrs.need_text("url")?, false, warn)?;
                url.scheme.splice(..0, *b"hg+");
                if let Some(rev) = attrs.rev()? {
                    url.query.insert(b"rev".to_vec(), hex(rev));
                }
                if let Some(name) = attrs.text("ref")? {
                    url.query.insert(b"ref".to_vec(), name.to_vec());
                }
                Ok(url)
            }
            Scheme::Github | Scheme::Gitlab | Scheme::Sourcehut => {
                let mut path = vec![attrs.need_text("owner")?.to_vec(), attrs.need_text("repo")?.to_vec()];
                path.extend(attrs.text("ref")?.map(<[u8]>::to_vec));
                path.extend(attrs.rev()?.map(hex));
                let mut url = new(self.name(), path);
                if let Some(hash) = attrs.nar_hash()? {
                    url.query.insert(b"narHash".to_vec(), sri(hash));
                }
                if let Some(host) = attrs.text("host")? {
                    url.query.insert(b"host".to_vec(), host.to_vec());
                }
                Ok(url)
            }
            Scheme::Indirect => {
                let mut path = vec![attrs.need_text("id")?.to_vec()];
                path.extend(attrs.text("ref")?.map(<[u8]>::to_vec));
                path.extend(attrs.rev()?.map(hex));
                Ok(new("flake", path))
            }
            Scheme::Path => {
                let mut url = new("path", split_path(attrs.need_text("path")?));
                for (name, value) in &attrs.0 {
                    if !matches!(&name[..], b"path" | b"type" | b"__final") {
                        let value = match value {
                            Attr::Text(text) => text.clone(),
                            Attr::Number(n) => n.to_string().into_bytes(),
                            Attr::Bool(b) => u8::from(*b).to_string().into_bytes(),
                        };
                        url.query.insert(name.clone(), value);
                    }
                }
                Ok(url)
            }
        }
    }
}

/// Whether the name of a file is that of an archive.
fn is_archive(url: &Url) -> bool {
    const ENDS: [&[u8]; 7] = [b".zip", b".tar", b".tgz", b".tar.gz", b".tar.xz", b".tar.bz2", b".tar.zst"];
    url.path.last().is_some_and(|name| ENDS.iter().any(|end| name.ends_with(end)))
}

fn has(names: &[&str], name: &[u8]) -> bool {
    names.iter().any(|n| n.as_bytes() == name)
}

fn is_rev(text: &[u8]) -> bool {
    text.len() == 40 && text.iter().all(u8::is_ascii_hexdigit)
}

fn number(text: &[u8]) -> Option<u64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn check_forge(attrs: &Attrs) -> Result<(), Error> {
    attrs.need_text("owner")?;
    attrs.need_text("repo")?;
    let (name, rev) = (attrs.text("ref")?, attrs.text("rev")?);
    let all = attrs.to_json();
    if let (Some(name), Some(rev)) = (name, rev) {
        let complaint = "input {} contains both a commit hash ('{}') and a branch/tag name ('{}')";
        return Err(bad(complaint, &[all.as_bytes(), rev, name]));
    }
    if let Some(rev) = rev {
        NixHash::parse_any(rev, Some(HashAlgo::Sha1), Features::default())?;
    }
    if name.is_some_and(|name| !is_legal_ref_name(name)) {
        return Err(bad("input {} contains an invalid branch/tag name", &[all.as_bytes()]));
    }
    let host_char = |c: &u8| c.is_ascii_alphanumeric() || b".-".contains(c);
    if attrs.text("host")?.is_some_and(|host| !host.iter().all(host_char)) {
        return Err(bad("input {} contains an invalid instance host", &[all.as_bytes()]));
    }
    Ok(())
}

fn indirect_from_url(url: &Url) -> Result<Attrs, Error> {
    let text = url.to_text();
    let segments = url.segments();
    let (id, name, rev) = match segments.as_slice() {
        [id] => (id, None, None),
        [id, rev] if is_rev(rev) => (id, None, Some(rev)),
        [id, name] if is_legal_ref_name(name) => (id, Some(name), None),
        [_, name] => {
            let complaint = "in flake URL '{}', '{}' is not a commit hash or branch/tag name";
            return Err(bad(complaint, &[&text, name]));
        }
        [_, name, _] if !is_legal_ref_name(name) => {
            return Err(bad("in flake URL '{}', '{}' is not a branch/tag name", &[&text, name]));
        }
        [id, name, rev] if is_rev(rev) => (id, Some(name), Some(rev)),
        [_, _, rev] => return Err(bad("in flake URL '{}', '{}' is not a commit hash", &[&text, rev])),
        _ => return Err(bad("GitHub URL '{}' is invalid", &[&text])),
    };
    if !is_id(id) {
        return Err(bad("'{}' is not a valid flake ID", &[id]));
    }
    let mut attrs = Scheme::Indirect.new_attrs();
    attrs.set("id", id);
    if let Some(name) = name {
        attrs.set("ref", name);
    }
    if let Some(rev) = rev {
        attrs.set("rev", &rev.to_ascii_lowercase());
    }
    Ok(attrs)
}

fn path_from_url(url: &Url) -> Result<Attrs, Error> {
    let text = url.to_text();
    if let Some(authority) = url.authority.as_ref().filter(|a| !a.host.is_empty()) {
        let complaint = "path URL '{}' should not have an authority ('{}')";
        return Err(wrong(complaint, &[&text, &authority.to_text()]));
    }
    let mut attrs = Scheme::Path.new_attrs();
    attrs.set("path", &url.file_path()?);
    for (name, value) in &url.query {
        let value = match &name[..] {
            b"rev" | b"narHash" => Attr::Text(value.clone()),
            b"revCount" | b"lastModified" => match number(value) {
                Some(n) => Attr::Number(n),
                None => return Err(wrong("path URL '{}' has invalid parameter '{}'", &[&text, name])),
            },
            _ => return Err(wrong("path URL '{}' has unsupported parameter '{}'", &[&text, name])),
        };
        attrs.0.insert(name.clone(), value);
    }
    Ok(attrs)
}

fn git_to_url(attrs: &Attrs, warn: Warn<'_>) -> Result<Url, Error> {
    let mut url = Url::parse(attrs.need_text("url")?, false, warn)?;
    if url.scheme != b"git" {
        url.scheme.splice(..0, *b"git+");
    }
    let mut set = |name: &str, value: &[u8]| drop(url.query.insert(name.as_bytes().to_vec(), value.to_vec()));
    if let Some(rev) = attrs.rev()? {
        set("rev", rev.to_text(HashFormat::Base16, false).as_bytes());
    }
    if let Some(name) = attrs.text("ref")? {
        set("ref", name);
    }
    for flag in ["shallow", "lfs", "submodules", "exportIgnore", "verifyCommit"] {
        if attrs.flag(flag)? {
            set(flag, b"1");
        }
    }
    let keys = public_keys(attrs)?;
    match keys.as_slice() {
        [] => {}
        [(kind, key)] => {
            set("keytype", kind.as_bytes());
            set("publicKey", key.as_bytes());
        }
        keys => {
            let entry = |(kind, key): &(String, String)| serde_json::json!({ "key": key, "type": kind });
            set("publicKeys", serde_json::Value::from_iter(keys.iter().map(entry)).to_string().as_bytes());
        }
    }
    Ok(url)
}

/// The keys that may have signed a commit, each as kind and key.
fn public_keys(attrs: &Attrs) -> Result<Vec<(String, String)>, Error> {
    const USUAL: &str = "ssh-ed25519";
    let mut keys = Vec::new();
    if let Some(text) = attrs.text("publicKeys")? {
        let broken = || wrong("publicKeys '{}' is not a list of keys in JSON", &[text]);
        let all: Vec<serde_json::Value> = serde_json::from_slice(text).map_err(|_| broken())?;
        for entry in all {
            let key = entry.get("key").and_then(|k| k.as_str()).ok_or_else(broken)?;
            let kind = entry.get("type").map_or(Some(USUAL), |k| k.as_str()).ok_or_else(broken)?;
            keys.push((kind.to_owned(), key.to_owned()));
        }
    }
    if attrs.0.contains_key(&b"publicKey"[..]) {
        let kind = attrs.text("keytype")?.unwrap_or(USUAL.as_bytes());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        keys.push((text(kind), text(attrs.need_text("publicKey")?)));
    }
    Ok(keys)
}
