//! The search path: `findFile`, `<name>`.

use std::cell::RefCell;
use std::rc::Rc;

use hashbrown::HashMap;

use super::fetch;
use super::reading::resolve_links;
use crate::eval::{Builtin, Coerce, Error, ErrorKind, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::host::{HostError, bytes_of, shown};
use crate::source::Pos;
use crate::store::Feature;
use crate::syntax::{absolute, normalise};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[Builtin::new(
    "findFile",
    &["search-path", "lookup-path"],
    "Looks a path up in a search path.",
    |ev, args, pos| {
        let [entries, name] = exactly(args);
        let entries = entries_of(ev, entries, pos)?;
        let doing = "while evaluating the second argument passed to builtins.findFile";
        let name = ev.force_plain_string(name, pos, doing)?;
        let found = find_in(ev, &entries, ev.mem.text(name))?;
        Ok(ev.mem.path(&found)?)
    },
)];

/// An entry of a search path: a prefix, possibly empty, and the path it leads to.
type Entry = (Vec<u8>, Vec<u8>);

/// A cache of lookups.
#[derive(Default)]
struct Lookups {
    /// The absolute paths of entries; `None` for those that do not exist.
    roots: RefCell<HashMap<Vec<u8>, Found>>,
    /// Paths with their links resolved; `None` for those that do not exist.
    found: RefCell<HashMap<Vec<u8>, Found>>,
}

type Found = Option<Rc<[u8]>>;

fn entries_of(ev: &Evaluator, list: &Slot, pos: Pos) -> Res<Vec<Entry>> {
    let doing = "while evaluating the first argument passed to builtins.findFile";
    let list = ev.force_list(list, pos, doing)?;
    let mut entries = Vec::new();
    for item in ev.mem.items(list) {
        let doing = "while evaluating an element of the list passed to builtins.findFile";
        let entry = ev.force_attrs(item, pos, doing)?;
        let prefix = match ev.mem.get(entry, sym!("prefix")) {
            Some(slot) => {
                let doing = "while evaluating the `prefix` attribute of an element of the list passed to builtins.findFile";
                let prefix = ev.force_plain_string(slot, pos, doing)?;
                ev.mem.text(prefix).to_vec()
            }
            None => Vec::new(),
        };
        let path = ev.need_attr(entry, sym!("path"), "in an element of the __nixPath")?;
        let doing =
            "while evaluating the `path` attribute of an element of the list passed to builtins.findFile";
        let path = ev.coerce(path, pos, Coerce::PLAIN, doing)?;
        entries.push((prefix, ev.mem.text(path).to_vec()));
    }
    Ok(entries)
}

/// The rest of a name after an entry's prefix; `None` if the prefix does not match.
fn behind_prefix<'a>(prefix: &[u8], name: &'a [u8]) -> Option<&'a [u8]> {
    match name.strip_prefix(prefix)? {
        rest if prefix.is_empty() => Some(rest),
        b"" => Some(b""),
        rest => rest.strip_prefix(b"/"),
    }
}

fn find_in(ev: &Evaluator, entries: &[Entry], name: &[u8]) -> Res<Vec<u8>> {
    let lookups = ev.extension::<Lookups>();
    for (prefix, path) in entries {
        let Some(rest) = behind_prefix(prefix, name) else {
            continue;
        };
        let Some(root) = lookups.root(ev, path)? else {
            continue;
        };
        // The rest cannot escape the entry.
        let candidate = normalise(&[&root[..], &normalise(&[b"/", rest].concat())].concat());
        if ev.settings.restrict
            && let Err(e @ HostError::Forbidden(_)) = ev.host.resolve(&candidate)
            && ev.host.check_access(&candidate).is_ok()
        {
            // A link that leads to a forbidden path.
            return Err(ev.host_error(e));
        }
        if let Some(found) = lookups.real(ev, &candidate)? {
            return Ok(found.to_vec());
        }
    }
    let name = shown(name);
    if name.starts_with("nix/") {
        return Ok(format!("<{name}>").into_bytes());
    }
    let message = match ev.settings.pure {
        true => format!("cannot look up '<{name}>' in pure evaluation mode (use '--impure' to override)"),
        false => format!("file '{name}' was not found in the Nix search path (add it using $NIX_PATH or -I)"),
    };
    Err(Error::new(ErrorKind::Throw, message))
}

/// Whether an entry of the search path names an archive.
fn is_url(path: &[u8]) -> bool {
    const SCHEMES: [&[u8]; 7] =
        [b"channel:", b"http://", b"https://", b"file://", b"git://", b"s3://", b"ssh://"];
    SCHEMES.iter().any(|scheme| path.starts_with(scheme))
}

/// The store path with the files of an archive, if available.
fn download(ev: &Evaluator, url: &str) -> Res<Option<Rc<[u8]>>> {
    let resolved = match url.strip_prefix("channel:") {
        Some(channel) => format!("https://channels.nixos.org/{channel}/nixexprs.tar.xz"),
        None => url.to_owned(),
    };
    ev.host.check_uri(&resolved).map_err(|e| ev.host_error(e))?;
    match fetch::tarball(ev, &resolved, "source", None) {
        Ok((path, _)) => Ok(Some(Rc::from(path.into_bytes()))),
        Err(e) if e.data().kind == ErrorKind::Limit => Err(e),
        Err(_) => Ok(None),
    }
}

impl Lookups {
    /// An entry's path, if it exists; otherwise warns the first time.
    fn root(&self, ev: &Evaluator, path: &[u8]) -> Res<Found> {
        if let Some(known) = self.roots.borrow().get(path) {
            return Ok(known.clone());
        }
        let shown = shown(path);
        let warn = |what| {
            ev.host.message(&bytes_of(&format!("warning: Nix search path entry '{shown}' {what}, ignoring")))
        };
        if is_url(path) {
            if let Some(root) = download(ev, &shown)? {
                self.roots.borrow_mut().insert(path.to_vec(), Some(root.clone()));
                return Ok(Some(root));
            }
            warn("cannot be downloaded");
        } else if path.starts_with(b"flake:") {
            ev.settings.store_features.require(Feature::Flakes).map_err(|e| ev.store_error(&e))?;
        }
        let absolute = absolute(path, &ev.settings.base_dir);
        let exists = self.real(ev, &absolute)?.is_some();
        let root = exists.then(|| Rc::from(&absolute[..]));
        if root.is_none() {
            ev.host.check_access(&absolute).map_err(|e| ev.host_error(e))?;
            warn("does not exist");
        }
        self.roots.borrow_mut().insert(path.to_vec(), root.clone());
        Ok(root)
    }

    /// A path with its links resolved, if it exists.
    fn real(&self, ev: &Evaluator, path: &[u8]) -> Res<Found> {
        if let Some(known) = self.found.borrow().get(path) {
            return Ok(known.clone());
        }
        let real = match ev.host.resolve(path) {
            Ok(real) => Some(Rc::from(real)),
            Err(_) => {
                resolve_links(ev, path, true)?;
                None
            }
        };
        self.found.borrow_mut().insert(path.to_vec(), real.clone());
        Ok(real)
    }
}

/// Allows a restricted evaluation to access the entries of the search path.
///
/// # Errors
/// When links form a cycle.
pub fn allow_search_path(ev: &Evaluator) -> Res<()> {
    let lookups = ev.extension::<Lookups>();
    for (_, path) in &ev.settings.nix_path {
        ev.host.allow(&absolute(path.as_bytes(), &ev.settings.base_dir));
        lookups.root(ev, path.as_bytes())?;
    }
    Ok(())
}

/// Resolves `<name>` in the search path that the user set.
pub fn find_file(ev: &Evaluator, name: &[u8]) -> Res<Vec<u8>> {
    let entry = |(prefix, path): &(String, String)| (prefix.clone().into_bytes(), path.clone().into_bytes());
    let entries: Vec<Entry> = ev.settings.nix_path.iter().map(entry).collect();
    find_in(ev, &entries, name)
}
