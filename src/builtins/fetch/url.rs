//! URLs as Nix takes them apart.

use crate::eval::{Error, Res};

/// A URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    /// What stands before the colon.
    pub scheme: String,
    /// What stands after `//`, if that is there.
    pub authority: Option<String>,
    /// The path, decoded.
    pub path: Vec<u8>,
    /// The query's names and values, decoded, in order of their names.
    pub query: Vec<(String, String)>,
}

impl Url {
    /// Takes a URL apart.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Res<Url> {
        let Some((scheme, rest)) = text.split_once(':').filter(|(s, _)| is_scheme(s)) else {
            return Err(Error::eval(format!("'{text}' doesn't have a scheme")));
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = match rest.strip_prefix("//") {
            Some(rest) => {
                let end = rest.find('/').unwrap_or(rest.len());
                (Some(rest[..end].to_owned()), &rest[end..])
            }
            None => (None, rest),
        };
        if scheme.rsplit('+').next() == Some("file")
            && let Some(authority) = authority.as_deref().filter(|a| !a.is_empty())
        {
            let message = format!("file:// URL '{text}' has unexpected authority '{authority}'");
            return Err(Error::eval(message));
        }
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let mut query: Vec<(String, String)> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (text(decode(name)), text(decode(value))))
            .collect();
        query.sort();
        Ok(Url { scheme: scheme.to_owned(), authority, path: decode(path), query })
    }

    /// The URL of an absolute path of this machine, or of one relative to nothing.
    pub fn of_path(path: &str) -> Url {
        let authority = path.starts_with('/').then(String::new);
        Url { scheme: "file".to_owned(), authority, path: path.into(), query: Vec::new() }
    }

    /// Sets or replaces a part of the query.
    pub fn set(&mut self, name: &str, value: &str) {
        self.query.retain(|(n, _)| n != name);
        self.query.push((name.to_owned(), value.to_owned()));
        self.query.sort();
    }

    /// The path, if this is a file of this machine.
    pub fn file(&self) -> Option<&[u8]> {
        (self.scheme == "file").then_some(&self.path[..])
    }

    /// The URL as text.
    pub fn show(&self) -> String {
        let mut text = format!("{}:", self.scheme);
        if let Some(authority) = &self.authority {
            text.push_str("//");
            text.push_str(authority);
        }
        encode(&mut text, &self.path, b":@!$&'()*+,;=/");
        for (i, (name, value)) in self.query.iter().enumerate() {
            text.push(if i == 0 { '?' } else { '&' });
            encode(&mut text, name.as_bytes(), QUERY);
            text.push('=');
            encode(&mut text, value.as_bytes(), QUERY);
        }
        text
    }
}

/// What a query keeps beside letters, digits and `-._~`.
const QUERY: &[u8] = b":@/?";

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// Replaces `%41` and the like by the bytes they stand for.
fn decode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&c, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| c == b'%').and_then(|d| std::str::from_utf8(d).ok());
        match digits.and_then(|d| u8::from_str_radix(d, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                rest = &after[2..];
            }
            None => {
                out.push(c);
                rest = after;
            }
        }
    }
    out
}

fn encode(out: &mut String, bytes: &[u8], kept: &[u8]) {
    for &c in bytes {
        if c.is_ascii_alphanumeric() || b"-._~".contains(&c) || kept.contains(&c) {
            out.push(c.into());
        } else {
            out.push_str(&format!("%{c:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apart_and_together() {
        let url = Url::parse("git+file:///a/b%20c?x=1&narHash=sha256-a%3D#f").expect("a URL");
        assert_eq!((url.scheme.as_str(), &url.path[..]), ("git+file", &b"/a/b c"[..]));
        assert_eq!(url.show(), "git+file:///a/b%20c?narHash=sha256-a%3D&x=1");
        assert!(Url::parse("x").is_err() && Url::parse("/a:b").is_err());
        assert!(Url::parse("file://host/x").is_err());
        assert_eq!(Url::of_path("/x").show(), "file:///x");
    }
}
