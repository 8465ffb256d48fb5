//! The grammar of URLs (RFC 3986), with the two errors of Nix's parser.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Why a text is not a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Complaint {
    /// Only a prefix of it is a URL.
    Leftover,
    /// No prefix of it is a URL.
    Mismatch,
}

impl Complaint {
    /// The word for it in messages.
    pub fn text(self) -> &'static str {
        match self {
            Complaint::Leftover => "leftover",
            Complaint::Mismatch => "mismatch",
        }
    }
}

/// The parts of a URL, still encoded.
#[derive(Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// The scheme, before the first colon.
    pub scheme: Option<&'a [u8]>,
    /// The authority, after `//`.
    pub authority: Option<AuthorityParts<'a>>,
    /// The path.
    pub path: &'a [u8],
    /// The query, after `?`.
    pub query: &'a [u8],
    /// The fragment, after `#`.
    pub fragment: &'a [u8],
}

/// The parts of an authority, still encoded.
#[derive(Debug, PartialEq, Eq)]
pub struct AuthorityParts<'a> {
    /// The user information, before `@`.
    pub user_info: Option<&'a [u8]>,
    /// The host, without the brackets of an address.
    pub host: &'a [u8],
    /// The kind of the host.
    pub kind: HostKind,
    /// The port, after the colon.
    pub port: Option<&'a [u8]>,
}

/// The kind of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostKind {
    /// A name, possibly empty.
    Name,
    /// An IPv4 address.
    V4,
    /// An address in brackets.
    Bracketed,
}

/// Characters that never need to be encoded.
pub fn is_unreserved(c: u8) -> bool {
    c.is_ascii_alphanumeric() || b"-._~".contains(&c)
}

fn is_sub_delim(c: u8) -> bool {
    b"!$&'()*+,;=".contains(&c)
}

fn is_path_char(c: u8) -> bool {
    is_unreserved(c) || is_sub_delim(c) || b":@".contains(&c)
}

/// Characters that queries may contain. The RFC does not have the brackets.
pub fn is_query_char(c: u8) -> bool {
    is_path_char(c) || b"/?[]".contains(&c)
}

/// The length of the prefix of allowed and encoded characters. A broken encoding is an error.
fn span(text: &[u8], allowed: impl Fn(u8) -> bool) -> Result<usize, Complaint> {
    let mut at = 0;
    while let Some(&c) = text.get(at) {
        match c {
            b'%' if matches!(text.get(at + 1..at + 3), Some(d) if d.iter().all(u8::is_ascii_hexdigit)) => {
                at += 3
            }
            b'%' => return Err(Complaint::Mismatch),
            c if allowed(c) => at += 1,
            _ => break,
        }
    }
    Ok(at)
}

/// The length of the query at the start of a text. It ends before a broken encoding.
pub fn query_span(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&c) = text.get(at) {
        match c {
            b'%' if matches!(text.get(at + 1..at + 3), Some(d) if d.iter().all(u8::is_ascii_hexdigit)) => {
                at += 3
            }
            c if c != b'%' && is_query_char(c) => at += 1,
            _ => break,
        }
    }
    at
}

/// Splits a URL, or a relative reference (one without scheme), into its parts.
pub fn parse(text: &[u8]) -> Result<Parts<'_>, Complaint> {
    let scheme_char = |c: &u8| c.is_ascii_alphanumeric() || b"+-.".contains(c);
    let scheme_len = text.iter().take_while(|c| scheme_char(c)).count();
    let has_scheme = text.first().is_some_and(u8::is_ascii_alphabetic) && text.get(scheme_len) == Some(&b':');
    if has_scheme {
        return rest(Some(&text[..scheme_len]), &text[scheme_len + 1..]);
    }
    if !text.starts_with(b"/") {
        // Without a scheme, the first part of the path has no colon: it would end a scheme.
        let first = span(text, |c| c != b':' && is_path_char(c))?;
        if first > 0 && text.get(first) == Some(&b':') {
            return Err(Complaint::Mismatch);
        }
        if first == 0 && text.first() == Some(&b':') {
            return Err(Complaint::Leftover);
        }
    }
    rest(None, text)
}

fn rest<'a>(scheme: Option<&'a [u8]>, text: &'a [u8]) -> Result<Parts<'a>, Complaint> {
    let (authority, text) = match text.strip_prefix(b"//") {
        Some(text) => {
            let (authority, text) = authority_of(text)?;
            (Some(authority), text)
        }
        None => (None, text),
    };
    // After an authority, a path begins with a slash.
    let path_len = match authority.is_some() && !text.starts_with(b"/") {
        true => 0,
        false => span(text, |c| c == b'/' || is_path_char(c))?,
    };
    let (path, mut text) = text.split_at(path_len);
    let (mut query, mut fragment) = (&b""[..], &b""[..]);
    if let Some(behind) = text.strip_prefix(b"?") {
        (query, text) = behind.split_at(query_span(behind));
    }
    if let Some(behind) = text.strip_prefix(b"#") {
        (fragment, text) = behind.split_at(span(behind, |c| is_path_char(c) || b"/?".contains(&c))?);
    }
    if !text.is_empty() {
        return Err(Complaint::Leftover);
    }
    Ok(Parts { scheme, authority, path, query, fragment })
}

fn authority_of(text: &[u8]) -> Result<(AuthorityParts<'_>, &[u8]), Complaint> {
    let info = span(text, |c| is_unreserved(c) || is_sub_delim(c) || c == b':');
    let (user_info, text) = match info {
        Ok(len) if text.get(len) == Some(&b'@') => (Some(&text[..len]), &text[len + 1..]),
        _ => (None, text),
    };
    let (host, kind, text) = match text.strip_prefix(b"[") {
        Some(inside) => {
            let end = inside.iter().position(|c| *c == b']').ok_or(Complaint::Mismatch)?;
            if !is_address(&inside[..end]) {
                return Err(Complaint::Mismatch);
            }
            (&inside[..end], HostKind::Bracketed, &inside[end + 1..])
        }
        None => {
            let (host, text) = text.split_at(span(text, |c| is_unreserved(c) || is_sub_delim(c))?);
            let v4 = std::str::from_utf8(host).is_ok_and(|h| h.parse::<Ipv4Addr>().is_ok());
            (host, if v4 { HostKind::V4 } else { HostKind::Name }, text)
        }
    };
    let (port, text) = match text.strip_prefix(b":") {
        Some(behind) => {
            let digits = behind.iter().take_while(|c| c.is_ascii_digit()).count();
            (Some(&behind[..digits]), &behind[digits..])
        }
        None => (None, text),
    };
    Ok((AuthorityParts { user_info, host, kind, port }, text))
}

/// Whether a text is an address that may be in brackets: IPv6, perhaps with a zone, or `v1.…`.
fn is_address(text: &[u8]) -> bool {
    if let [b'v' | b'V', rest @ ..] = text {
        let digits = rest.iter().take_while(|c| c.is_ascii_hexdigit()).count();
        let behind = &rest[digits..];
        let good = |c: &u8| is_unreserved(*c) || is_sub_delim(*c) || *c == b':';
        return digits > 0 && behind.len() > 1 && behind[0] == b'.' && behind[1..].iter().all(good);
    }
    let address = match text.windows(3).position(|w| w == b"%25") {
        Some(zone) if zone + 3 < text.len() => &text[..zone],
        _ => text,
    };
    std::str::from_utf8(address).is_ok_and(|a| a.parse::<Ipv6Addr>().is_ok())
}

/// Whether a text can be the name of a flake in a registry.
pub fn is_id(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_alphabetic)
        && text.iter().all(|c| c.is_ascii_alphanumeric() || b"_-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_come_apart() {
        let parts = parse(b"git+https://u:p@h:1/a%20b?c=d#e").expect("a URL");
        assert_eq!(parts.scheme, Some(&b"git+https"[..]));
        let authority = parts.authority.expect("an authority");
        assert_eq!((authority.user_info, authority.host), (Some(&b"u:p"[..]), &b"h"[..]));
        assert_eq!(authority.port, Some(&b"1"[..]));
        assert_eq!((parts.path, parts.query, parts.fragment), (&b"/a%20b"[..], &b"c=d"[..], &b"e"[..]));
    }

    #[test]
    fn complaints_are_told_apart() {
        for text in ["http://a b", "http://a:b/", ":", "[", "http://a@b@c", "a b:c", "http://a?%zz"] {
            assert_eq!(parse(text.as_bytes()), Err(Complaint::Leftover), "{text}");
        }
        for text in ["1:2", "git@h:x", "http://[", "http://[zz]", "http://%zz", "/%zz", "+:b", "http://a#%zz"]
        {
            assert_eq!(parse(text.as_bytes()), Err(Complaint::Mismatch), "{text}");
        }
    }
}
