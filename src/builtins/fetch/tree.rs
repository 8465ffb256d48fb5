//! `fetchTree` and `fetchGit`: what is fetched is described by a set, and so is what was.

use std::collections::HashSet;
use std::rc::Rc;

use super::content::{self, given, needs_network};
use super::described::described;
use super::{git, memory, store_path};
use crate::builtins::realise::is_valid;
use crate::eval::{Builtin, Error, ErrorKind, Evaluator, Res};
use crate::heap::Slot;
use crate::host::{FileType, MemoryTree, Object, shown};
use crate::source::Pos;
use crate::store::inputs::{Attr, Attrs, Input};
use crate::store::{HashAlgo, HashFormat, HashMode, NixHash};
use crate::value::{AttrsBuilder, Value};

/// There only with the experimental feature `fetch-tree`.
pub static FETCH_TREE: Builtin =
    Builtin::new("fetchTree", &["input"], "A tree that a set describes, in the store.", |ev, args, pos| {
        fetch(ev, &args[0], pos, Kind { who: "fetchTree", is_git: false })
    });

/// Which of the two.
#[derive(Clone, Copy)]
pub struct Kind {
    /// The built-in's name.
    pub who: &'static str,
    /// Whether it is `fetchGit`.
    pub is_git: bool,
}

/// What was fetched.
pub enum Fetched {
    /// A tree in memory.
    Memory(Rc<MemoryTree>),
    /// A tree of the host, or what is kept of it.
    Elsewhere {
        /// Its path.
        path: Vec<u8>,
        /// The kept paths below it.
        kept: Option<HashSet<Vec<u8>>>,
    },
    /// It is in the store already.
    Present(NixHash),
}

/// Fetches what an argument describes.
///
/// # Errors
/// When it is described wrongly, is not there, or would need the network.
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
    let (mut fetched, mut result) = scheme(ev, &input, expected, &shown)
        .map_err(|e| e.trace(Pos::NONE, format!("while fetching the input '{shown}'")))?;
    let name = text(&input, "name")?.unwrap_or_else(|| "source".to_owned());
    let (path, hash) = put(ev, &name, &mut fetched)?;
    if let Some(expected) = expected.filter(|expected| *expected != hash) {
        // Nix has them the wrong way round here.
        let (got, expected) = (sri(expected), sri(hash));
        let message = format!("NAR hash mismatch in input '{shown}', expected '{expected}' but got '{got}'");
        return Err(Error::new(ErrorKind::HashMismatch, message));
    }
    check_locks(ev, &input, &result)
        .map_err(|e| e.trace(Pos::NONE, format!("while fetching the input '{shown}'")))?;
    result.set("narHash", sri(hash).as_bytes());
    describe(ev, &path, &result, kind.is_git)
}

/// The type of an input.
fn kind_of(input: &Attrs) -> Res<&str> {
    Ok(std::str::from_utf8(input.need_text("type")?).unwrap_or_default())
}

/// A string attribute.
///
/// # Errors
/// When it is something else.
pub fn text(input: &Attrs, name: &str) -> Res<Option<String>> {
    Ok(input.text(name)?.map(|text| shown(text).into_owned()))
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
    // Nix asks first; here there is nobody to ask.
    if let (true, Some(hash), Some(wanted)) = (remote, expected, &wanted)
        && is_valid(ev, wanted)?
    {
        return Ok((Fetched::Present(hash), input.clone()));
    }
    match kind_of(input)? {
        "git" => match given(ev, &url) {
            // A copy without history.
            Some(path) if GitCopy::of(ev, path)? == GitCopy::Plain => {
                let path = ev.host.resolve(path).map_err(|e| ev.host_error(e))?;
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

/// What the user gave for the URL of a git repository.
#[derive(PartialEq, Eq)]
enum GitCopy {
    Repository,
    Plain,
}

impl GitCopy {
    fn of(ev: &Evaluator, path: &[u8]) -> Res<GitCopy> {
        for inside in [&b"/.git"[..], b"/objects"] {
            let at = [path, inside].concat();
            if ev.host.file_type(&at).map_err(|e| ev.host_error(e))?.is_some() {
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
    let path = ev.host.resolve(&path).map_err(|e| ev.host_error(e))?;
    let mut result = input.clone();
    if !result.0.contains_key(&b"lastModified"[..]) {
        let modified = newest(ev, &path)?;
        result.0.insert(b"lastModified".to_vec(), Attr::Number(modified));
    }
    Ok((Fetched::Elsewhere { path, kept: None }, result))
}

/// When the youngest file below a path was changed.
fn newest(ev: &Evaluator, path: &[u8]) -> Res<u64> {
    let mut newest = 0;
    let mut open = vec![path.to_vec()];
    while let Some(path) = open.pop() {
        newest = newest.max(ev.host.modified(&path).map_err(|e| ev.host_error(e))?);
        if ev.host.file_type(&path).map_err(|e| ev.host_error(e))? == Some(FileType::Directory) {
            let entries = ev.host.read_dir(&path).map_err(|e| ev.host_error(e))?;
            open.extend(entries.into_iter().map(|(name, _)| [&path[..], b"/", &name].concat()));
        }
    }
    Ok(newest)
}

/// Puts what was fetched into the store.
fn put(ev: &Evaluator, name: &str, fetched: &mut Fetched) -> Res<(String, NixHash)> {
    match fetched {
        Fetched::Memory(tree) => memory::add(ev, name.as_bytes(), tree.clone()),
        Fetched::Present(hash) => Ok((ev.source_path(name.as_bytes(), hash)?, *hash)),
        Fetched::Elsewhere { path, kept } => {
            let kept = kept.take().map(Rc::new);
            let hash = match &kept {
                None => ev.hash_tree(path, None, HashAlgo::Sha256)?,
                Some(kept) => {
                    let mut keep = |entry: &[u8], _: FileType| {
                        let inside = entry.strip_prefix(&path[..]).unwrap_or(entry);
                        Ok(kept.contains(inside.strip_prefix(b"/").unwrap_or(inside)))
                    };
                    ev.hash_tree(path, Some(&mut keep), HashAlgo::Sha256)?
                }
            };
            let made = ev.source_path(name.as_bytes(), &hash)?;
            let object = Object::Elsewhere { path: path.clone(), kept };
            ev.objects.add(made.as_bytes(), object, Vec::new());
            Ok((made, hash))
        }
    }
}

/// The URL that means an input.
fn show(ev: &Evaluator, attrs: &Attrs) -> Res<String> {
    let hear = |text: &str| content::warn(ev, text);
    let input = Input::from_attrs(attrs.clone(), ev.settings.store_features, &hear)?;
    Ok(content::show(&input.to_url(&hear)?))
}

/// What was stated beforehand must have come out.
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

/// The set that describes what was fetched.
fn describe(ev: &Evaluator, path: &str, input: &Attrs, empty_rev: bool) -> Res<Value> {
    const NO_REVISION: &str = "0000000000000000000000000000000000000000";
    let mut set = AttrsBuilder::new();
    let mut put = |name: &str, value: Value| -> Res<()> {
        set.push(ev.intern(name)?, value);
        Ok(())
    };
    put("outPath", ev.opaque(path)?)?;
    if let Some(hash) = input.text("narHash")? {
        put("narHash", ev.mem.string(hash, Default::default())?)?;
    }
    if kind_of(input)? == "git" {
        put("submodules", Value::bool(input.flag("submodules")?))?;
    }
    let rev = input.rev()?.map(|rev| rev.to_text(HashFormat::Base16, false));
    if let Some(rev) = rev.as_deref().or(empty_rev.then_some(NO_REVISION)) {
        put("rev", ev.mem.str(rev)?)?;
        put("shortRev", ev.mem.str(&rev[..7])?)?;
    }
    if let Some(count) = input.number("revCount")?.or(empty_rev.then_some(0)) {
        put("revCount", ev.mem.int(i64::try_from(count).unwrap_or(i64::MAX))?)?;
    }
    if let Some(dirty) = text(input, "dirtyRev")? {
        put("dirtyRev", ev.mem.str(&dirty)?)?;
        put("dirtyShortRev", ev.mem.str(&text(input, "dirtyShortRev")?.unwrap_or_default())?)?;
    }
    if let Some(modified) = input.number("lastModified")? {
        put("lastModified", ev.mem.int(i64::try_from(modified).unwrap_or(i64::MAX))?)?;
        put("lastModifiedDate", ev.mem.str(&date(modified))?)?;
    }
    Ok(ev.mem.attrs(set)?)
}

/// Seconds since 1970 as year, month, day, hour, minute and second.
fn date(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Years that begin in March put the leap day at their end; 400 of them have 146,097 days.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}{month:02}{day:02}{:02}{:02}{:02}", rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        assert_eq!(date(0), "19700101000000");
        assert_eq!(date(1_000_000_000), "20010909014640");
        assert_eq!(date(951_782_399), "20000228235959");
        assert_eq!(date(951_782_400), "20000229000000");
        assert_eq!(date(4_107_542_400), "21000301000000");
    }
}
