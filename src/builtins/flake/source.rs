//! The trees that flakes and their inputs are in.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::flake_file::{self, FlakeFile};
use super::reading::{show, show_input, warn};
use super::registry::{self, Registries};
use crate::builtins::fetch::{self, Tree};
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::store::inputs::{Attr, FlakeRef, Input, Scheme};

/// Trees that have been fetched, by the attributes of their inputs.
#[derive(Default)]
struct Fetched(RefCell<BTreeMap<String, Tree>>);

/// A flake, its tree and its `flake.nix`.
pub struct Flake {
    /// The reference to exactly this tree.
    pub locked: FlakeRef,
    /// The tree.
    pub tree: Tree,
    /// Its `flake.nix`.
    pub file: FlakeFile,
}

/// Fetches the tree of an input, once.
///
/// # Errors
/// When it does not exist, is not what the input says, or would need the network.
pub fn tree(ev: &Evaluator, input: &Input) -> Res<Tree> {
    let known = ev.extension::<Fetched>();
    let key = input.attrs.to_json();
    if let Some(tree) = known.0.borrow().get(&key) {
        return Ok(tree.clone());
    }
    if input.scheme.is_none() {
        return Err(Error::eval(format!("cannot fetch unsupported input '{key}'")));
    }
    let shown = show_input(ev, input)?;
    ev.host.check_uri(&shown).map_err(|e| ev.host_error(e))?;
    if is_remote(input) && !fetch::is_local(ev, &input.attrs, &shown)? {
        let hash = input.attrs.nar_hash().map_err(|e| ev.store_error(&e))?;
        let stored = hash.map(|hash| fetch::in_store(ev, &input.attrs, hash)).transpose()?;
        if stored.flatten().is_none() {
            let message = format!("'{shown}' is not at hand, and nival does not use the network");
            let help = format!(
                "Lock the flake with Nix ('nix flake lock'), or say what the input is, with --input INPUT=DIR, \
                 --override-input INPUT REF, or --fetched '{shown}=PATH'."
            );
            return Err(Error::new(ErrorKind::System, message).help(help));
        }
    }
    let tree = fetch::source(ev, &input.attrs, &shown)?;
    match ev.objects.work_tree(tree.path.as_bytes()) {
        Some(folder) => {
            ev.sources.show_folder(tree.path.as_bytes(), crate::host::shown(&folder).into_owned())
        }
        None if input.scheme == Some(Scheme::Path) => {}
        None => {
            let locked = Input { scheme: input.scheme, attrs: tree.attrs.clone() };
            let url = show_input(ev, &without_hash(locked))?;
            ev.sources.show_folder(tree.path.as_bytes(), format!("«{url}»"));
        }
    }
    known.0.borrow_mut().insert(key, tree.clone());
    Ok(tree)
}

/// Fetches the tree of an input of a lock file: it has the attributes that the lock file says, and no others.
///
/// # Errors
/// When it does not exist, is not what the lock file says, or would need the network.
pub fn locked_tree(ev: &Evaluator, input: &Input) -> Res<Tree> {
    let Some(hash) = input.attrs.nar_hash().map_err(|e| ev.store_error(&e))? else {
        return fetch_locked(ev, input);
    };
    if ev.settings.pure && !input.is_locked().map_err(|e| ev.store_error(&e))? {
        warn(
            ev,
            &format!(
                "Input '{}' is unlocked (e.g. lacks a Git revision) but is checked by NAR hash. This is not reproducible \
                 and will break after garbage collection or when shared.",
                show_input(ev, input)?
            ),
        );
    }
    if let Some(path) = fetch::in_store(ev, &input.attrs, hash)? {
        ev.host.allow(path.as_bytes());
        ev.sources.show_folder(path.as_bytes(), format!("«{}»", show_input(ev, input)?));
        return Ok(Tree { path, attrs: input.attrs.clone() });
    }
    fetch_locked(ev, input)
}

/// Whether an input is on another machine.
fn is_remote(input: &Input) -> bool {
    match input.scheme {
        Some(Scheme::Github | Scheme::Gitlab | Scheme::Sourcehut) => true,
        Some(Scheme::Git | Scheme::Tarball | Scheme::File) => {
            !matches!(input.attrs.text("url"), Ok(Some(url)) if url.starts_with(b"file:"))
        }
        _ => false,
    }
}

/// An input without the hash of what was found.
fn without_hash(mut input: Input) -> Input {
    input.attrs.0.remove(&b"narHash"[..]);
    input
}

fn fetch_locked(ev: &Evaluator, input: &Input) -> Res<Tree> {
    let found = tree(ev, input)?;
    for (name, value) in &input.attrs.0 {
        let same = match (&name[..], value, found.attrs.0.get(name)) {
            // Old lock files have hashes without padding. Fetching has compared it.
            (b"narHash", ..) | (_, _, None) => true,
            (_, value, Some(other)) => value == other,
        };
        if !same {
            return Err(Error::new(
                ErrorKind::Eval,
                format!(
                    "mismatch in field '{}' of input '{}', got '{}'",
                    String::from_utf8_lossy(name),
                    input.attrs.to_json(),
                    found.attrs.to_json()
                ),
            ));
        }
    }
    Ok(Tree { path: found.path, attrs: input.attrs.clone() })
}

/// Fetches a flake. `above` is the path of inputs to it.
///
/// # Errors
/// When the tree cannot be fetched, or its `flake.nix` is not as it has to be.
pub fn flake(ev: &Evaluator, original: &FlakeRef, registries: Registries, above: &[String]) -> Res<Flake> {
    let (input, dir) = registry::resolve(ev, &original.input, registries)?;
    let dir = dir.unwrap_or_else(|| original.dir.clone());
    let resolved = FlakeRef { input, dir: dir.clone() };
    let mut tree = tree(ev, &resolved.input)?;
    let name = show(ev, &resolved)?;
    let mut file = flake_file::read(ev, &in_tree(&tree, &dir), &name, above)?;
    let mut attrs = tree.attrs.clone();
    for (name, value) in &file.own.0 {
        if !matches!(&name[..], b"submodules" | b"lfs") {
            let name = String::from_utf8_lossy(name);
            return Err(Error::eval(format!("flake 'self' attribute '{name}' is not supported")));
        }
        attrs.0.insert(name.clone(), value.clone());
    }
    if attrs != tree.attrs {
        // What was found is that of another tree.
        attrs.0.remove(&b"narHash"[..]);
        let own = |(name, value): (&Vec<u8>, &Attr)| (name.clone(), value.clone());
        let mut again = resolved.input.attrs.clone();
        again.0.extend(file.own.0.iter().map(own));
        again.0.remove(&b"narHash"[..]);
        // Types that know no such attributes ignore them.
        tree = self::tree(ev, &Input { scheme: resolved.input.scheme, attrs: again })?;
        file = flake_file::read(ev, &in_tree(&tree, &dir), &name, above)?;
    }
    let locked = FlakeRef { input: Input { scheme: resolved.input.scheme, attrs: tree.attrs.clone() }, dir };
    Ok(Flake { locked, tree, file })
}

/// A folder of a tree.
fn in_tree(tree: &Tree, dir: &[u8]) -> Vec<u8> {
    let path = [tree.path.as_bytes(), b"/", dir].concat();
    crate::syntax::normalise(&path)
}
