//! What is to be fetched, as attributes.

use std::collections::BTreeMap;

use super::super::quote_json;
use super::url::Url;
use crate::eval::{Error, Res};
use crate::store::NixHash;
use crate::store::{Features, HashAlgo, HashFormat};

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attr {
    /// A string.
    Text(String),
    /// A Boolean.
    Flag(bool),
    /// A number.
    Number(u64),
}

/// What is to be fetched, and later what is known of what was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// The attributes by name.
    pub attrs: BTreeMap<String, Attr>,
}

/// Attributes of each type, beside `type` itself.
const TYPES: &[(&str, &[&str])] = &[
    ("file", CURL),
    ("github", FORGE),
    ("gitlab", FORGE),
    ("hg", &["url", "ref", "rev", "revCount", "narHash", "name"]),
    ("indirect", &["id", "ref", "rev", "narHash"]),
    ("path", &["path", "rev", "revCount", "lastModified", "narHash"]),
    ("sourcehut", FORGE),
    ("tarball", CURL),
    (
        "git",
        &[
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
    ),
];
const CURL: &[&str] = &["url", "narHash", "name", "unpack", "rev", "revCount", "lastModified"];
const FORGE: &[&str] = &["owner", "repo", "ref", "rev", "narHash", "lastModified", "host", "treeHash"];

/// Types that belong to flakes.
pub const FLAKE_TYPES: &[&str] = &["path", "github", "gitlab", "sourcehut", "indirect"];

impl Input {
    /// A string attribute.
    ///
    /// # Errors
    /// When it is something else.
    pub fn text(&self, name: &str) -> Res<Option<&str>> {
        match self.attrs.get(name) {
            None => Ok(None),
            Some(Attr::Text(text)) => Ok(Some(text)),
            Some(_) => Err(Error::eval(format!("input attribute '{name}' is not a string {}", self.json()))),
        }
    }

    /// A string attribute that must be there.
    ///
    /// # Errors
    /// When it is not.
    pub fn need(&self, name: &str) -> Res<&str> {
        match self.text(name)? {
            Some(text) => Ok(text),
            None => Err(Error::eval(format!("input attribute '{name}' is missing"))),
        }
    }

    /// A Boolean attribute; false if it is missing.
    ///
    /// # Errors
    /// When it is something else.
    pub fn flag(&self, name: &str) -> Res<bool> {
        match self.attrs.get(name) {
            None => Ok(false),
            Some(Attr::Flag(flag)) => Ok(*flag),
            Some(_) => Err(Error::eval(format!("input attribute '{name}' is not a Boolean"))),
        }
    }

    /// A number.
    ///
    /// # Errors
    /// When it is something else.
    pub fn number(&self, name: &str) -> Res<Option<u64>> {
        match self.attrs.get(name) {
            None => Ok(None),
            Some(Attr::Number(n)) => Ok(Some(*n)),
            Some(_) => Err(Error::eval(format!("input attribute '{name}' is not an integer"))),
        }
    }

    /// The type.
    pub fn kind(&self) -> &str {
        match self.attrs.get("type") {
            Some(Attr::Text(kind)) => kind,
            _ => "",
        }
    }

    /// Sets a string.
    pub fn set(&mut self, name: &str, text: impl Into<String>) {
        self.attrs.insert(name.to_owned(), Attr::Text(text.into()));
    }

    /// Sets a number.
    pub fn set_number(&mut self, name: &str, number: u64) {
        self.attrs.insert(name.to_owned(), Attr::Number(number));
    }

    /// The name of the store path.
    ///
    /// # Errors
    /// When it is no string.
    pub fn name(&self) -> Res<&str> {
        Ok(self.text("name")?.unwrap_or("source"))
    }

    /// The revision in base 16.
    ///
    /// # Errors
    /// When it is no hash.
    pub fn rev(&self, features: Features) -> Res<Option<String>> {
        let Some(text) = self.text("rev")? else {
            return Ok(None);
        };
        let wrap = |e: crate::store::Error| Error::eval(e.to_string());
        let hash = NixHash::parse_any(text.as_bytes(), None, features)
            .or_else(|_| NixHash::parse_any(text.as_bytes(), Some(HashAlgo::Sha1), features))
            .map_err(wrap)?;
        Ok(Some(hash.to_text(HashFormat::Base16, false)))
    }

    /// The stated hash of the Nix archive.
    ///
    /// # Errors
    /// When it is no hash in SRI form.
    pub fn nar_hash(&self, features: Features) -> Res<Option<NixHash>> {
        let Some(text) = self.text("narHash")? else {
            return Ok(None);
        };
        if !text.contains('-') {
            return Err(Error::eval(format!("hash '{text}' is not SRI")));
        }
        let hash = NixHash::parse_any(text.as_bytes(), None, features);
        hash.map(Some).map_err(|e| Error::eval(e.to_string()))
    }

    /// Checks that the type has all attributes.
    ///
    /// # Errors
    /// When it has not.
    pub fn check(&self) -> Res<()> {
        let kind = self.kind();
        let Some((_, known)) = TYPES.iter().find(|(name, _)| *name == kind) else {
            return Err(Error::eval(format!("cannot show unsupported input '{}'", self.json())));
        };
        for name in self.attrs.keys() {
            if name == "__final" {
                let message =
                    format!("input '{}' is not allowed to use the '__final' attribute", self.show()?);
                return Err(Error::eval(message));
            }
            if name != "type" && !known.contains(&name.as_str()) {
                let message = format!("input attribute '{name}' not supported by scheme '{kind}'");
                return Err(Error::eval(message));
            }
        }
        Ok(())
    }

    fn json(&self) -> String {
        let mut out = b"{".to_vec();
        for (i, (name, attr)) in self.attrs.iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            // Names and texts are UTF-8.
            let _ = quote_json(&mut out, name.as_bytes());
            out.push(b':');
            match attr {
                Attr::Text(text) => drop(quote_json(&mut out, text.as_bytes())),
                Attr::Flag(flag) => out.extend(flag.to_string().bytes()),
                Attr::Number(n) => out.extend(n.to_string().bytes()),
            }
        }
        out.push(b'}');
        String::from_utf8_lossy(&out).into_owned()
    }

    /// The URL that means the same.
    ///
    /// # Errors
    /// When an attribute is missing or of the wrong type.
    pub fn show(&self) -> Res<String> {
        match self.kind() {
            "git" => self.show_git(),
            "tarball" | "file" => {
                let mut url = Url::parse(self.need("url")?)?;
                if let Some(hash) = self.text("narHash")? {
                    url.set("narHash", hash);
                }
                Ok(url.show())
            }
            "path" => self.with_query(format!("path:{}", self.need("path")?), &["path"]),
            "github" | "gitlab" | "sourcehut" => {
                let (owner, repo) = (self.need("owner")?, self.need("repo")?);
                let mut text = format!("{}:{owner}/{repo}", self.kind());
                if let Some(at) = self.text("rev")?.or(self.text("ref")?) {
                    text = format!("{text}/{at}");
                }
                self.with_query(text, &["owner", "repo", "rev", "ref", "lastModified"])
            }
            "indirect" => Ok(format!("flake:{}", self.need("id")?)),
            _ => Ok(self.need("url")?.to_owned()),
        }
    }

    fn show_git(&self) -> Res<String> {
        let mut url = Url::parse(self.need("url")?)?;
        if url.scheme != "git" {
            url.scheme = format!("git+{}", url.scheme);
        }
        for name in ["rev", "ref"] {
            if let Some(text) = self.text(name)? {
                url.set(name, text);
            }
        }
        for name in ["shallow", "lfs", "submodules", "exportIgnore", "verifyCommit"] {
            if self.flag(name)? {
                url.set(name, "1");
            }
        }
        Ok(url.show())
    }

    fn with_query(&self, mut text: String, without: &[&str]) -> Res<String> {
        let mut url = Url { scheme: String::new(), authority: None, path: Vec::new(), query: Vec::new() };
        for (name, attr) in &self.attrs {
            if name == "type" || without.contains(&name.as_str()) {
                continue;
            }
            match attr {
                Attr::Text(value) => url.set(name, value),
                Attr::Flag(flag) => url.set(name, if *flag { "1" } else { "0" }),
                Attr::Number(n) => url.set(name, &n.to_string()),
            }
        }
        text.push_str(url.show().trim_start_matches(':'));
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(attrs: &[(&str, &str)]) -> Input {
        let mut input = Input::default();
        attrs.iter().for_each(|(name, text)| input.set(name, *text));
        input
    }

    #[test]
    fn urls_of_inputs() {
        let git = input(&[("type", "git"), ("url", "file:///x"), ("ref", "main")]);
        assert_eq!(git.show().ok().as_deref(), Some("git+file:///x?ref=main"));
        let github = input(&[("type", "github"), ("owner", "a"), ("repo", "b"), ("rev", "c")]);
        assert_eq!(github.show().ok().as_deref(), Some("github:a/b/c"));
        let path = input(&[("type", "path"), ("path", "/x"), ("narHash", "sha256-x=")]);
        assert_eq!(path.show().ok().as_deref(), Some("path:/x?narHash=sha256-x%3D"));
    }

    #[test]
    fn attributes_are_checked() {
        let complaint = |input: Input| input.check().err().map(|e| e.data().message.clone());
        assert_eq!(complaint(input(&[("type", "git"), ("url", "x")])), None);
        assert_eq!(
            complaint(input(&[("type", "x")])).as_deref(),
            Some("cannot show unsupported input '{\"type\":\"x\"}'")
        );
        assert_eq!(
            complaint(input(&[("type", "git"), ("x", "")])).as_deref(),
            Some("input attribute 'x' not supported by scheme 'git'")
        );
    }
}
