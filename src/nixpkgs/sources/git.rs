//! Git repositories: `pathIsGitRepo` and `commitIdFromGitRepo`.

use crate::eval::{Evaluator, Res};
use crate::heap::Slot;
use crate::native::{Text, call_builtin, interpolate, lossy, share, shared_args, text_of, throw, to_string};
use crate::nixpkgs::filesystem::{below, is_of_type};
use crate::nixpkgs::strings::file_contents;
use crate::source::Pos;
use crate::value::{Context, Value, slot};

/// The commit a repository is at, or why it cannot be determined.
enum Commit {
    Id(Value),
    Missing(String),
}

/// `lib.sources.pathIsGitRepo`: whether a path is a repository with a commit.
pub(super) fn path_is_git_repo(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [path] = shared_args(ev, args)?;
    Ok(Value::bool(matches!(commit(ev, path)?, Commit::Id(_))))
}

/// `lib.sources.commitIdFromGitRepo`: the commit that a repository is at.
pub(super) fn commit_id_from_git_repo(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [path] = shared_args(ev, args)?;
    match commit(ev, path)? {
        Commit::Id(id) => Ok(id),
        Commit::Missing(message) => Err(throw(message)),
    }
}

/// `commitIdOrError path`
fn commit(ev: &Evaluator, path: Value) -> Res<Commit> {
    follow(ev, b"HEAD", path)
}

/// A path resolved against a base, which may itself lack the leading slash.
fn absolute(ev: &Evaluator, base: &Slot, path: &[u8]) -> Res<Value> {
    if path.starts_with(b"/") {
        return Ok(ev.mem.string(path, Context::EMPTY)?);
    }
    let mut text = Text::new();
    let base = interpolate(ev, base)?;
    text.put(if ev.mem.text(base).starts_with(b"/") { "" } else { "/" }).add(ev, base).put("/").put(path);
    text.finish(ev)
}

/// The commit in `file` of the directory `path`, following references.
fn follow(ev: &Evaluator, file: &[u8], path: Value) -> Res<Commit> {
    let _depth = ev.enter(Pos::NONE)?;
    let place = slot(path);
    if is_of_type(ev, &place, b"regular")? {
        return linked(ev, file, path);
    }
    let path = ev.force(&place)?;
    let named = slot(below(ev, path, file)?);
    if is_of_type(ev, &named, b"regular")? {
        let text = file_contents(ev, share(ev, &named)?)?;
        return match ev.mem.text(text).strip_prefix(b"ref: ") {
            Some(other) => follow(ev, other, path),
            None => Ok(Commit::Id(text)),
        };
    }
    let packed = slot(below(ev, path, b"packed-refs")?);
    if !is_of_type(ev, &packed, b"regular")? {
        let path = lossy(ev.mem.text(to_string(ev, &place)?));
        return Ok(Commit::Missing(format!("Not a .git directory: {path}")));
    }
    let text = call_builtin(ev, "readFile", &[share(ev, &packed)?])?;
    let regex = ev.mem.concat(&[b"([a-z0-9]+) ", file], Context::EMPTY)?;
    for line in ev.mem.text(text).split(|c| *c == b'\n') {
        let found = call_builtin(ev, "match", &[regex, ev.mem.string(line, Context::EMPTY)?])?;
        if let [id, ..] = ev.mem.items(found) {
            return Ok(Commit::Id(ev.force(id)?));
        }
    }
    Ok(Commit::Missing(format!("Could not find {} in {}", lossy(file), text_of(ev, &packed)?)))
}

/// The commit behind the `.git` file of a work tree.
fn linked(ev: &Evaluator, file: &[u8], path: Value) -> Res<Commit> {
    let text = file_contents(ev, path)?;
    let Some(target) = ev.mem.text(text).strip_prefix(b"gitdir: ") else {
        let path = text_of(ev, &slot(path))?;
        return Ok(Commit::Missing(format!("File contains no gitdir reference: {path}")));
    };
    let parent = slot(call_builtin(ev, "dirOf", &[path])?);
    let git_dir = absolute(ev, &parent, target)?;
    let link = below(ev, git_dir, b"commondir")?;
    let common = match is_of_type(ev, &slot(link), b"regular")? {
        true => file_contents(ev, link)?,
        false => git_dir,
    };
    let common = ev.mem.text(common);
    let common = absolute(ev, &slot(git_dir), common.strip_suffix(b"/").unwrap_or(common))?;
    let whole = [ev.mem.text(git_dir), b"/", file].concat();
    let prefix = [ev.mem.text(common), b"/"].concat();
    follow(ev, whole.strip_prefix(&prefix[..]).unwrap_or(&whole), common)
}
