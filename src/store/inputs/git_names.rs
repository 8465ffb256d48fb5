//! The names of git's branches and tags, and the ways to write the address of a repository.

use super::url::{Authority, Query, Url, Warn, application, bad, split_path, transport};
use crate::store::error::Error;

/// Whether a text can be the name of a branch, a tag or a reference.
pub fn is_legal_ref_name(name: &[u8]) -> bool {
    if name == b"@" || name.contains(&0x7f) {
        return false;
    }
    // Nix passes the name to a C library, which stops at a NUL byte.
    let name = name.split(|c| *c == 0).next().unwrap_or_default();
    let branch = !name.starts_with(b"-") && is_reference(&[b"refs/heads/", name].concat());
    branch || is_reference(name)
}

fn is_reference(name: &[u8]) -> bool {
    let parts: Vec<&[u8]> = name.split(|c| *c == b'/').collect();
    let special = |part: &[u8]| {
        part.len() > 1
            && part.iter().all(|c| c.is_ascii_uppercase() || *c == b'_')
            && !part.starts_with(b"_")
            && !part.ends_with(b"_")
    };
    let known = match parts.as_slice() {
        [only] => special(only),
        [first, ..] => !special(first),
        [] => false,
    };
    known && !name.ends_with(b".") && parts.iter().all(|p| is_component(p))
}

fn is_component(part: &[u8]) -> bool {
    !part.is_empty()
        && !part.starts_with(b".")
        && !part.ends_with(b".lock")
        && part.iter().all(|c| *c > b' ' && !b"~^:\\?[*".contains(c))
        && !part.windows(2).any(|w| w == b".." || w == b"@{")
}

/// The URL of a repository that is given as a URL, a path or `user@host:path`.
pub fn fix_git_url(text: &[u8], warn: Warn<'_>) -> Result<Url, Error> {
    let mut text = text.to_vec();
    if let Some(ssh) = scp_like(&text) {
        text = ssh;
    }
    if text.windows(3).any(|w| w == b"://") || text.starts_with(b"file:") || text.starts_with(b"git+file:") {
        let mut url = Url::parse(&text, false, warn)?;
        if application(&url.scheme) == Some(b"git") {
            url.scheme = transport(&url.scheme).to_vec();
        }
        return Ok(url);
    }
    let first = text.split(|c| *c == b'/').next().unwrap_or_default();
    if first.contains(&b':') {
        let complaint = "SCP-like URL '{}' is not supported; use SSH URL syntax instead (ssh://...)";
        return Err(bad(complaint, &[&text]));
    }
    Ok(Url {
        scheme: b"file".to_vec(),
        authority: text.starts_with(b"/").then(Authority::default),
        path: split_path(&text),
        query: Query::new(),
        fragment: Vec::new(),
    })
}

/// `ssh://user@host/path` for `user@host:path`.
fn scp_like(text: &[u8]) -> Option<Vec<u8>> {
    if text.starts_with(b"/") {
        return None;
    }
    let colon = text.iter().rposition(|c| *c == b':')?;
    let slash = text.iter().position(|c| *c == b'/').unwrap_or(text.len());
    let at = text[..colon].iter().rposition(|c| *c == b'@');
    // Of several `@`, the last one before a slash that still leaves a colon after it.
    let at =
        at.filter(|at| *at < slash).or_else(|| text[..colon.min(slash)].iter().rposition(|c| *c == b'@'))?;
    let (user, host, path) = (&text[..at], &text[at + 1..colon], &text[colon + 1..]);
    if [host, path].iter().any(|p| p.iter().any(|c| b"\n\r".contains(c))) {
        return None;
    }
    Some([b"ssh://", user, b"@", host, b"/", path].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_branches() {
        for good in ["main", "a/b", "HEAD", "HEAD/x", "-x/y", "é", "a@b+c", "refs/heads/x"] {
            assert!(is_legal_ref_name(good.as_bytes()), "{good}");
        }
        for wrong in
            ["", "@", "-x", "a//b", "/a", "a/", "a.", ".a", "a..b", "a.lock", "a b", "a:b", "a@{b", "a*"]
        {
            assert!(!is_legal_ref_name(wrong.as_bytes()), "{wrong}");
        }
    }

    #[test]
    fn places_of_repositories() {
        let url = |text: &str| fix_git_url(text.as_bytes(), &|_| ()).map(|u| u.to_text());
        assert_eq!(url("git@h:o/r.git"), Ok(b"ssh://git@h/o/r.git".to_vec()));
        assert_eq!(url("/a b"), Ok(b"file:///a%20b".to_vec()));
        assert_eq!(url("../a"), Ok(b"file:../a".to_vec()));
        assert_eq!(url("git+https://h/r"), Ok(b"https://h/r".to_vec()));
        assert!(url("h:r").is_err());
    }
}
