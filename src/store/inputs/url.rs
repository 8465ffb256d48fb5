//! URLs, decoded as in Nix's fetchers.

use std::collections::BTreeMap;

use super::grammar::{self, AuthorityParts, HostKind, is_unreserved};
use crate::store::error::{Error, ErrorKind};

/// Receives warnings.
pub type Warn<'a> = &'a dyn Fn(&str);

/// The parameters of a query.
pub type Query = BTreeMap<Vec<u8>, Vec<u8>>;

/// A URL. All parts are decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    /// The part before the colon, for example `git+https`.
    pub scheme: Vec<u8>,
    /// The part after `//`; an empty one is not the same as none.
    pub authority: Option<Authority>,
    /// The path, split at its slashes: an absolute path begins with an empty part.
    pub path: Vec<Vec<u8>>,
    /// The parameters.
    pub query: Query,
    /// The part after `#`.
    pub fragment: Vec<u8>,
}

/// A host, perhaps with a user and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    kind: HostKind,
    /// The host, without brackets.
    pub host: Vec<u8>,
    user: Option<Vec<u8>>,
    password: Option<Vec<u8>>,
    port: Option<u16>,
}

impl Default for Authority {
    fn default() -> Authority {
        Authority { kind: HostKind::Name, host: Vec::new(), user: None, password: None, port: None }
    }
}

/// An error about a text that is not a URL.
pub fn bad(template: &str, args: &[&[u8]]) -> Error {
    Error::new(ErrorKind::Url, template, args)
}

/// Splits a text at its slashes.
pub fn split_path(text: &[u8]) -> Vec<Vec<u8>> {
    text.split(|c| *c == b'/').map(<[u8]>::to_vec).collect()
}

/// Writes bytes as `%XX`, except for unreserved characters and those in `keep`.
pub fn encode(text: &[u8], keep: &[u8], out: &mut Vec<u8>) {
    for &c in text {
        if is_unreserved(c) || keep.contains(&c) {
            out.push(c);
        } else {
            out.extend_from_slice(format!("%{c:02X}").as_bytes());
        }
    }
}

fn encode_only(text: &[u8], only: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &c in text {
        if only.contains(&c) { encode(&[c], b"", &mut out) } else { out.push(c) }
    }
    out
}

/// Decodes a text whose encoding was already checked.
fn decode_good(text: &[u8]) -> Vec<u8> {
    decode(text).unwrap_or_else(|_| text.to_vec())
}

/// Decodes `%XX`.
///
/// # Errors
/// When a `%` is not followed by two hexadecimal digits.
pub fn decode(text: &[u8]) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&c, behind)) = rest.split_first() {
        rest = behind;
        if c != b'%' {
            out.push(c);
            continue;
        }
        let wrong = |what: &[u8]| bad("invalid URI parameter '{}': {}", &[text, what]);
        let digits = rest.get(..2).ok_or_else(|| wrong(b"incomplete pct-encoding"))?;
        let value = std::str::from_utf8(digits).ok().filter(|d| d.bytes().all(|c| c.is_ascii_hexdigit()));
        let value = value.and_then(|d| u8::from_str_radix(d, 16).ok());
        out.push(value.ok_or_else(|| wrong(b"bad hexdig in pct-encoding"))?);
        rest = &rest[2..];
    }
    Ok(out)
}

/// Characters that people leave unencoded in queries.
const LENIENT_QUERY: &[u8] = b" \"";
/// Characters that people leave unencoded in fragments.
const LENIENT_FRAGMENT: &[u8] = b" \"^";

/// Decodes the parameters of a query.
pub fn decode_query(query: &[u8], lenient: bool, warn: Warn<'_>) -> Result<Query, Error> {
    let fixed = if lenient { encode_only(query, LENIENT_QUERY) } else { query.to_vec() };
    if grammar::query_span(&fixed) < fixed.len() {
        return Err(bad("invalid URI query '{}': leftover", &[query]));
    }
    let mut all = Query::new();
    if fixed.is_empty() {
        return Ok(all);
    }
    for parameter in fixed.split(|c| *c == b'&') {
        let Some(equals) = parameter.iter().position(|c| *c == b'=') else {
            let name = String::from_utf8_lossy(parameter);
            warn(&format!("dubious URI query '{name}' is missing equal sign '=', ignoring"));
            continue;
        };
        // Of several parameters with one name, the first counts.
        all.entry(decode_good(&parameter[..equals])).or_insert_with(|| decode_good(&parameter[equals + 1..]));
    }
    Ok(all)
}

impl Authority {
    fn new(parts: &AuthorityParts<'_>) -> Result<Authority, Error> {
        let port = match parts.port {
            None | Some(b"") => None,
            Some(digits) => {
                let number =
                    std::str::from_utf8(digits).ok().and_then(|d| d.parse().ok()).filter(|n| *n != 0);
                Some(number.ok_or_else(|| bad("port '{}' is invalid", &[digits]))?)
            }
        };
        let (user, password) = match parts.user_info {
            None => (None, None),
            Some(info) => match info.iter().position(|c| *c == b':') {
                Some(colon) => (Some(decode_good(&info[..colon])), Some(decode_good(&info[colon + 1..]))),
                None => (Some(decode_good(info)), None),
            },
        };
        Ok(Authority { kind: parts.kind, host: decode_good(parts.host), user, password, port })
    }

    /// The authority as it is written in a URL.
    pub fn to_text(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if let Some(user) = &self.user {
            encode(user, b"", &mut out);
            if let Some(password) = &self.password {
                out.push(b':');
                encode(password, b"", &mut out);
            }
            out.push(b'@');
        }
        match self.kind {
            HostKind::Name => encode(&self.host, b"", &mut out),
            HostKind::V4 => out.extend_from_slice(&self.host),
            HostKind::Bracketed => {
                out.push(b'[');
                encode(&self.host, b":", &mut out);
                out.push(b']');
            }
        }
        if let Some(port) = self.port {
            out.extend_from_slice(format!(":{port}").as_bytes());
        }
        out
    }
}

impl Url {
    /// Reads a URL. If `lenient`, its query and fragment may contain unencoded spaces and quotes.
    pub fn parse(text: &[u8], lenient: bool, warn: Warn<'_>) -> Result<Url, Error> {
        let fixed = if lenient { fix(text) } else { text.to_vec() };
        let parts = grammar::parse(&fixed)
            .map_err(|e| bad("'{}' is not a valid URL: {}", &[text, e.text().as_bytes()]))?;
        let Some(scheme) = parts.scheme else {
            return Err(bad("'{}' doesn't have a scheme", &[&fixed]));
        };
        let authority = parts.authority.as_ref().map(Authority::new).transpose()?;
        let is_file = transport(scheme) == b"file";
        if let Some(authority) = authority.as_ref().filter(|a| is_file && !a.host.is_empty()) {
            let text = authority.to_text();
            return Err(bad("file:// URL '{}' has unexpected authority '{}'", &[&fixed, &text]));
        }
        let path = if is_file && parts.path.is_empty() { b"/" } else { parts.path };
        Ok(Url {
            scheme: scheme.to_vec(),
            authority,
            path: path.split(|c| *c == b'/').map(decode_good).collect(),
            query: decode_query(parts.query, lenient, warn)?,
            fragment: decode_good(parts.fragment),
        })
    }

    /// The URL as text.
    pub fn to_text(&self) -> Vec<u8> {
        let mut out = self.scheme.clone();
        out.push(b':');
        if let Some(authority) = &self.authority {
            out.extend_from_slice(b"//");
            out.extend_from_slice(&authority.to_text());
        }
        for (i, part) in self.path.iter().enumerate() {
            if i > 0 {
                out.push(b'/');
            }
            encode(part, b":@", &mut out);
        }
        for (i, (name, value)) in self.query.iter().enumerate() {
            out.push(if i == 0 { b'?' } else { b'&' });
            encode(name, b":@/?", &mut out);
            out.push(b'=');
            encode(value, b":@/?", &mut out);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            encode(&self.fragment, b"", &mut out);
        }
        out
    }

    /// The non-empty parts of the path.
    pub fn segments(&self) -> Vec<&[u8]> {
        self.path.iter().map(Vec::as_slice).filter(|p| !p.is_empty()).collect()
    }

    /// The path as a file system path.
    ///
    /// # Errors
    /// When a part contains a slash or NUL, which no file name can.
    pub fn file_path(&self) -> Result<Vec<u8>, Error> {
        for part in &self.path {
            if part.contains(&b'/') {
                let complaint = "URL path component '{}' contains '/', which is not allowed in file names";
                return Err(bad(complaint, &[part]));
            }
            if part.contains(&0) {
                let shown: Vec<u8> = part
                    .iter()
                    .flat_map(|c| if *c == 0 { "␀".as_bytes().to_vec() } else { vec![*c] })
                    .collect();
                return Err(bad("URL path component '{}' contains NUL byte which is not allowed", &[&shown]));
            }
        }
        let mut path = Vec::new();
        for (i, part) in self.path.iter().enumerate() {
            if i == 0 && part.is_empty() {
                path.push(b'/');
                continue;
            }
            if !path.is_empty() && path.last() != Some(&b'/') {
                path.push(b'/');
            }
            path.extend_from_slice(part);
        }
        Ok(path)
    }
}

/// The `git` of `git+https`.
pub fn application(scheme: &[u8]) -> Option<&[u8]> {
    scheme.iter().position(|c| *c == b'+').map(|plus| &scheme[..plus])
}

/// The `https` of `git+https`.
pub fn transport(scheme: &[u8]) -> &[u8] {
    scheme.iter().position(|c| *c == b'+').map_or(scheme, |plus| &scheme[plus + 1..])
}

/// Encodes the characters that people leave unencoded.
fn fix(text: &[u8]) -> Vec<u8> {
    let mut fixed = Vec::with_capacity(text.len());
    let mut rest = text;
    if let Some(mark) = rest.iter().position(|c| *c == b'?') {
        fixed.extend_from_slice(&rest[..=mark]);
        rest = &rest[mark + 1..];
        let end = rest.iter().position(|c| *c == b'#').unwrap_or(rest.len());
        fixed.extend_from_slice(&encode_only(&rest[..end], LENIENT_QUERY));
        rest = &rest[end..];
    }
    if let Some(mark) = rest.iter().position(|c| *c == b'#') {
        fixed.extend_from_slice(&rest[..=mark]);
        fixed.extend_from_slice(&encode_only(&rest[mark + 1..], LENIENT_FRAGMENT));
    } else {
        fixed.extend_from_slice(rest);
    }
    fixed
}
