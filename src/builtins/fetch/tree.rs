//! `fetchTree` and `fetchGit`: sets describe both the input and the result.

use std::rc::Rc;

use super::arguments::{Kind, described, kind_of, text};
use super::content::{self, given, needs_network};
use super::fetched::{Fetched, outside, put, store_path};
use super::result::describe;
use super::{git, memory, nix_cache};
use crate::builtins::realise::is_valid;
use crate::eval::{Builtin, Error, ErrorKind, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::host::{FileType, MemoryTree, Object};
use crate::source::Pos;
use crate::store::inputs::{Attr, Attrs, Input};
use crate::store::{HashFormat, HashMode, NixHash};
use crate::value::Value;

/// `fetchTree`, which exists only with the experimental feature `fetch-tree`.
pub static FETCH_TREE: Builtin =
    Builtin::new("fetchTree", &["input"], "A source tree, in the store.", |ev, args, pos| {
        let [input] = exactly(args);
        fetch(ev, input, pos, Kind { who: "fetchTree", is_git: false })
    });

/// Fetches what an argument describes.
///
/// # Errors
/// When the argument is invalid, or the source does not exist or would need the network.
pub fn fetch(ev: &Evaluator, arg: &Slot, pos: Pos, kind: Kind) -> Res<Value> {
    let input = described(ev, arg, pos, kind)?;
    let hear = |text: &str| content::warn(ev, text);
    let shown = content::show(&input.to_url(&hear)?);
    let input = input.attrs;
    if input.0.contains_key(&b"__final"[..]) {
        let message = format!("input '{shown}' is not allowed to use the '__final' attribute");
        return Err(Error::eval(message));
    }
    let expected = input.nar_hash()?;
    let locked = match kind_of(&input)? {
        "git" | "github" | "gitlab" | "sourcehut" | "hg" => input.rev()?.is_some(),
        _ => expected.is_some(),
    };
    if ev.settings.pure && !locked {
        let who = kind.who;
        if expected.is_none() {
            let message = format!("in pure evaluation mode, '{who}' doesn't fetch unlocked input '{shown}'");
            return Err(Error::eval(message).at(pos));
        }
        ev.host.message(
            format!(
                "warning: Input '{shown}' is unlocked (e.g. lacks a Git revision) but is checked by NAR hash. This is not \
                 reproducible and will break after garbage collection or when shared."
            )
            .as_bytes(),
        );
    }
    ev.host.check_uri(&shown).map_err(|e| ev.host_error(e))?;
    let tree = source(ev, &input, &shown)?;
    describe(ev, &tree.path, &tree.attrs, kind.is_git)
}

/// A fetched source tree.
#[derive(Debug, Clone)]
pub struct Tree {
    /// Its store path.
    pub path: String,
    /// The attributes of the input, with those that fetching has determined.
    pub attrs: Attrs,
}

/// The path in the store of a tree with a hash, if it is there.
///
/// # Errors
/// When its name is not valid in a store path.
pub fn in_store(ev: &Evaluator, input: &Attrs, hash: NixHash) -> Res<Option<String>> {
    let name = text(input, "name")?.unwrap_or_else(|| "source".to_owned());
    let path = store_path(ev, &name, HashMode::Nar, hash)?;
    let printed = ev.store_dir()?.print(&path);
    if is_valid(ev, &path)? {
        return Ok(Some(printed));
    }
    if kind_of(input)? == "file"
        && let Some(path) = nix_cache::file_with_hash(ev, input, hash)?
    {
        ev.host.allow(&path);
        let object = Object::Elsewhere { path, kept: None };
        ev.objects.add(printed.as_bytes(), object, Vec::new());
        return Ok(Some(printed));
    }
    Ok(None)
}

/// Fetches what attributes describe. `shown` is how messages name it.
///
/// # Errors
/// When the source does not exist, is not what the attributes say, or would need the network.
pub fn source(ev: &Evaluator, input: &Attrs, shown: &str) -> Res<Tree> {
    let expected = input.nar_hash()?;
    let (mut fetched, mut result) = scheme(ev, input, expected, shown)
        .map_err(|e| e.trace(Pos::NONE, format!("while fetching the input '{shown}'")))?;
    let name = text(input, "name")?.unwrap_or_else(|| "source".to_owned());
    let (path, hash) = put(ev, &name, &mut fetched)?;
    if let Some(expected) = expected.filter(|expected| *expected != hash) {
        // Nix swaps the two here.
        let (got, expected) = (sri(expected), sri(hash));
        let message = format!("NAR hash mismatch in input '{shown}', expected '{expected}' but got '{got}'");
        return Err(Error::new(ErrorKind::HashMismatch, message));
    }
    check_locks(ev, input, &result)
        .map_err(|e| e.trace(Pos::NONE, format!("while fetching the input '{shown}'")))?;
    result.set("narHash", sri(hash).as_bytes());
    ev.host.allow(path.as_bytes());
    Ok(Tree { path, attrs: result })
}

fn sri(hash: NixHash) -> String {
    hash.to_text(HashFormat::Sri, true)
}

/// Fetches by type.
fn scheme(ev: &Evaluator, input: &Attrs, expected: Option<NixHash>, shown: &str) -> Res<(Fetched, Attrs)> {
    let url = text(input, "url")?.unwrap_or_default();
    if kind_of(input)? == "path" {
        return path(ev, input);
    }
    let remote = match kind_of(input)? {
        "git" | "tarball" | "file" => !url.starts_with("file:"),
        _ => true,
    };
    let wanted = match expected {
        Some(hash) => {
            let name = text(input, "name")?;
            Some(store_path(ev, name.as_deref().unwrap_or("source"), HashMode::Nar, hash)?)
        }
        None => None,
    };
    // Nix asks the server first; here only the store can answer.
    if let (true, Some(hash), Some(wanted)) = (remote, expected, &wanted)
        && is_valid(ev, wanted)?
    {
        return Ok((Fetched::Present(hash), input.clone()));
    }
    match kind_of(input)? {
        "git" => match given(ev, &url) {
            // A copy without history.
            Some(path) if GitCopy::of(ev, path)? == GitCopy::Plain => {
                let path = outside(ev, path).resolve(path).map_err(|e| ev.host_error(e))?;
                Ok((Fetched::Elsewhere { path, kept: None }, input.clone()))
            }
            _ => git::fetch(ev, input.clone()),
        },
        "tarball" => {
            let files = content::tarball_untraced(ev, &url, wanted.as_ref())?;
            let mut result = input.clone();
            let fetched = match files {
                content::Files::Unpacked(unpacked) => {
                    if unpacked.last_modified != 0 && !result.0.contains_key(&b"lastModified"[..]) {
                        result.0.insert(b"lastModified".to_vec(), Attr::Number(unpacked.last_modified));
                    }
                    Fetched::Memory(unpacked.tree)
                }
                content::Files::Directory(path) => Fetched::Elsewhere { path, kept: None },
            };
            if let Fetched::Memory(tree) = &fetched {
                result.set("narHash", sri(memory::hash(tree)?).as_bytes());
            }
            check_locks(ev, input, &result)?;
            Ok((fetched, result))
        }
        "file" => {
            let contents = content::file(ev, &url, wanted.as_ref())?;
            let file = Rc::new(MemoryTree::File { contents: contents.into(), executable: false });
            let mut result = input.clone();
            result.set("narHash", sri(memory::hash(&file)?).as_bytes());
            check_locks(ev, input, &result)?;
            Ok((Fetched::Memory(file), result))
        }
        _ => match given(ev, shown) {
            Some(path) => {
                let fetched = match content::local(ev, path)? {
                    content::Files::Unpacked(unpacked) => Fetched::Memory(unpacked.tree),
                    content::Files::Directory(path) => Fetched::Elsewhere { path, kept: None },
                };
                Ok((fetched, input.clone()))
            }
            None => Err(needs_network(ev, shown, wanted.as_ref())),
        },
    }
}

/// What the user gave for the URL of a Git repository.
#[derive(PartialEq, Eq)]
enum GitCopy {
    Repository,
    Plain,
}

impl GitCopy {
    fn of(ev: &Evaluator, path: &[u8]) -> Res<GitCopy> {
        for inside in [&b"/.git"[..], b"/objects"] {
            let at = [path, inside].concat();
            if outside(ev, &at).file_type(&at).map_err(|e| ev.host_error(e))?.is_some() {
                return Ok(GitCopy::Repository);
            }
        }
        Ok(GitCopy::Plain)
    }
}

fn path(ev: &Evaluator, input: &Attrs) -> Res<(Fetched, Attrs)> {
    let text = text(input, "path")?.unwrap_or_default();
    if !text.starts_with('/') {
        let shown = show(ev, input)?;
        return Err(Error::eval(format!("cannot fetch input '{shown}' because it uses a relative path")));
    }
    let path = crate::syntax::normalise(text.as_bytes());
    let path = outside(ev, &path).resolve(&path).map_err(|e| ev.host_error(e))?;
    let mut result = input.clone();
    if !result.0.contains_key(&b"lastModified"[..]) {
        let modified = newest(ev, &path)?;
        result.0.insert(b"lastModified".to_vec(), Attr::Number(modified));
    }
    Ok((Fetched::Elsewhere { path, kept: None }, result))
}

/// The latest modification time of the files below a path.
fn newest(ev: &Evaluator, path: &[u8]) -> Res<u64> {
    let host = outside(ev, path);
    let mut newest = 0;
    let mut open = vec![path.to_vec()];
    while let Some(path) = open.pop() {
        newest = newest.max(host.modified(&path).map_err(|e| ev.host_error(e))?);
        if host.file_type(&path).map_err(|e| ev.host_error(e))? == Some(FileType::Directory) {
            let entries = host.read_dir(&path).map_err(|e| ev.host_error(e))?;
            open.extend(entries.into_iter().map(|(name, _)| [&path[..], b"/", &name].concat()));
        }
    }
    Ok(newest)
}

/// The URL of an input.
fn show(ev: &Evaluator, attrs: &Attrs) -> Res<String> {
    let hear = |text: &str| content::warn(ev, text);
    let input = Input::from_attrs(attrs.clone(), ev.settings.store_features, &hear)?;
    Ok(content::show(&input.to_url(&hear)?))
}

/// Checks that the result has the attributes that the input specifies.
fn check_locks(ev: &Evaluator, specified: &Attrs, result: &Attrs) -> Res<()> {
    if let (Some(expected), Some(got)) = (text(specified, "narHash")?, text(result, "narHash")?)
        && expected != got
    {
        let shown = show(ev, specified)?;
        let message = format!("NAR hash mismatch in input '{shown}', expected '{expected}' but got '{got}'");
        return Err(Error::new(ErrorKind::HashMismatch, message));
    }
    if let Some(expected) = specified.number("lastModified")?
        && result.number("lastModified")? != Some(expected)
    {
        let got = result.number("lastModified")?.map_or("-1".to_owned(), |n| n.to_string());
        return Err(Error::eval(format!(
            "'lastModified' attribute mismatch in input '{}', expected {expected}, got {got}",
            show(ev, result)?
        )));
    }
    if let Some(expected) = specified.number("revCount")?
        && result.number("revCount")? != Some(expected)
    {
        return Err(Error::eval(format!(
            "'revCount' attribute mismatch in input '{}', expected {expected}",
            show(ev, result)?
        )));
    }
    Ok(())
}
