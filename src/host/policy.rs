//! The access policy of an evaluation: only what it was given (pure), or what the search path leads to
//! (restricted).

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::{FileType, Host, HostError, Stat, follow_links};

/// Why access is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `pure-eval`.
    Pure,
    /// `restrict-eval`.
    Restricted,
}

/// What may be accessed.
#[derive(Debug)]
pub struct Policy {
    mode: Mode,
    /// Paths that are allowed with everything below them, as components: a folder sorts before its contents.
    allowed: RefCell<BTreeSet<Vec<Vec<u8>>>>,
    /// Allowed URL prefixes.
    uris: Vec<String>,
}

fn parts(path: &[u8]) -> Vec<Vec<u8>> {
    path.split(|c| *c == b'/').filter(|p| !p.is_empty()).map(<[u8]>::to_vec).collect()
}

impl Policy {
    /// A policy that allows only these URLs and those below them.
    pub fn new(mode: Mode, uris: Vec<String>) -> Policy {
        Policy { mode, allowed: RefCell::default(), uris }
    }

    /// Allows a path and everything below it.
    pub fn allow(&self, path: &[u8]) {
        self.allowed.borrow_mut().insert(parts(path));
    }

    /// Whether a path may be accessed: it is below an allowed one, or an ancestor of one.
    pub fn is_allowed(&self, path: &[u8]) -> bool {
        let path = parts(path);
        let allowed = self.allowed.borrow();
        let leads = allowed.range(path.clone()..).next().is_some_and(|next| next.starts_with(&path));
        leads || (0..path.len()).any(|n| allowed.contains(&path[..n]))
    }

    fn forbidden(&self, path: &[u8]) -> HostError {
        let path = super::shown(path);
        HostError::Forbidden(match self.mode {
            Mode::Pure => format!(
                "access to absolute path '{path}' is forbidden in pure evaluation mode (use '--impure' to override)"
            ),
            Mode::Restricted => format!("access to absolute path '{path}' is forbidden in restricted mode"),
        })
    }

    fn check(&self, path: &[u8]) -> Result<(), HostError> {
        if self.is_allowed(path) { Ok(()) } else { Err(self.forbidden(path)) }
    }

    /// Whether a URL may be fetched.
    fn check_uri(&self, uri: &str) -> Result<(), HostError> {
        if self.mode == Mode::Pure || self.uris.iter().any(|prefix| below(uri, prefix)) {
            return Ok(());
        }
        match uri.strip_prefix("file://").or(uri.starts_with('/').then_some(uri)) {
            Some(path) => self.check(path.as_bytes()),
            None => {
                Err(HostError::Forbidden(format!("access to URI '{uri}' is forbidden in restricted mode")))
            }
        }
    }
}

/// Whether a URL is an allowed one, is below one, or has an allowed scheme.
fn below(uri: &str, prefix: &str) -> bool {
    let Some(rest) = uri.strip_prefix(prefix) else {
        return false;
    };
    let scheme = prefix.strip_suffix(':').is_some_and(|s| {
        s.starts_with(|c: char| c.is_ascii_lowercase())
            && s.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "+.-".contains(c))
    });
    rest.is_empty() || !prefix.is_empty() && (prefix.ends_with('/') || rest.starts_with('/') || scheme)
}

/// A host that allows access to only some paths. Links are followed one by one, and each hop is checked.
#[derive(Debug)]
pub struct Guarded<H> {
    inner: H,
    policy: Policy,
}

impl<H: Host> Guarded<H> {
    /// Guards a host with a policy.
    pub fn new(inner: H, policy: Policy) -> Guarded<H> {
        Guarded { inner, policy }
    }

    /// Resolves the links of an allowed path, the final one only with `last`. If a hop is forbidden, the
    /// error does not reveal where later links lead.
    fn real(&self, path: &[u8], last: bool) -> Result<Vec<u8>, HostError> {
        let target = |at: &[u8], todo: &[Vec<u8>]| {
            if !self.policy.is_allowed(at) {
                let rest = todo.iter().rev().flat_map(|part| [b"/", &part[..]].concat());
                return Err(self.policy.forbidden(&at.iter().copied().chain(rest).collect::<Vec<u8>>()));
            }
            let stat = self.inner.stat(at).ok().filter(|stat| stat.kind == FileType::Symlink);
            Ok(stat.map(|stat| stat.target))
        };
        let real = follow_links(path, last, target)?;
        self.policy.check(&real)?;
        Ok(real)
    }
}

impl<H: Host> Host for Guarded<H> {
    fn beneath(&self) -> Option<&dyn Host> {
        Some(&self.inner)
    }

    fn unguarded(&self) -> Option<&dyn Host> {
        Some(&self.inner)
    }

    fn read_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.inner.read_file(&self.real(path, true)?)
    }

    fn file_type(&self, path: &[u8]) -> Result<Option<FileType>, HostError> {
        match self.real(path, false) {
            Ok(real) => self.inner.file_type(&real),
            // A forbidden path appears not to exist.
            Err(HostError::Forbidden(_)) => Ok(None),
            Err(e) => Err(e),
        }
    }

    fn read_dir(&self, path: &[u8]) -> Result<Vec<(Vec<u8>, FileType)>, HostError> {
        let real = self.real(path, true)?;
        let mut found = self.inner.read_dir(&real)?;
        found.retain(|(name, _)| self.policy.is_allowed(&[&real[..], b"/", name].concat()));
        Ok(found)
    }

    fn resolve(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        let real = self.real(path, true)?;
        self.inner.stat(&real).map(|_| real)
    }

    fn stat(&self, path: &[u8]) -> Result<Stat, HostError> {
        self.inner.stat(&self.real(path, false)?)
    }

    fn modified(&self, path: &[u8]) -> Result<u64, HostError> {
        self.inner.modified(&self.real(path, false)?)
    }

    fn allow(&self, path: &[u8]) {
        self.policy.allow(path);
    }

    fn check_access(&self, path: &[u8]) -> Result<(), HostError> {
        self.policy.check(path)
    }

    fn check_uri(&self, uri: &str) -> Result<(), HostError> {
        self.policy.check_uri(uri)
    }

    fn fetch_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.policy.check_uri(&format!("file://{}", super::shown(path)))?;
        self.inner.read_file(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::RealHost;

    #[test]
    fn paths_are_allowed_with_what_is_below_and_what_leads_there() {
        let policy = Policy::new(Mode::Restricted, Vec::new());
        assert!(!policy.is_allowed(b"/"));
        policy.allow(b"/a/b");
        for good in ["/", "/a", "/a/b", "/a/b/c/d"] {
            assert!(policy.is_allowed(good.as_bytes()), "{good}");
        }
        for wrong in ["/a/bc", "/a/c", "/b", "/a/b.c"] {
            assert!(!policy.is_allowed(wrong.as_bytes()), "{wrong}");
        }
    }

    #[test]
    fn only_what_is_allowed_is_asked_for() {
        let here = env!("CARGO_MANIFEST_DIR").as_bytes();
        let host = Guarded::new(RealHost::new(), Policy::new(Mode::Restricted, Vec::new()));
        assert!(matches!(host.modified(here), Err(HostError::Forbidden(_))));
        host.allow(here);
        assert_eq!(host.modified(here), RealHost::new().modified(here));
        assert!(host.prefetch_reader().is_none(), "which would ask for what it likes");
    }

    #[test]
    fn urls_are_allowed_by_whole_parts() {
        assert!(below("https://a.org/x", "https://a.org") && below("https://a.org", "https://a.org"));
        assert!(!below("https://a.orgx", "https://a.org") && below("https://a.org/x", "https://a.org/"));
        assert!(below("github:a/b", "github:") && !below("github:a/b", "git"));
    }
}
