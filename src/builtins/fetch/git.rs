//! Inputs of type `git`: local repositories.

use std::collections::HashSet;
use std::rc::Rc;

use super::arguments::text;
use super::content::{file_path, given, needs_network, parse, show, warn};
use super::fetched::{Fetched, outside};
use super::nix_cache::clone_of;
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::host::{FileType, GitRepository, MemoryTree, bytes_of, shown};
use crate::store::HashFormat;
use crate::store::inputs::{Attr, Attrs, fix_git_url};

/// The revision that stands for no commit.
const NO_REVISION: &str = "0000000000000000000000000000000000000000";

/// The location of a repository.
struct Location {
    path: Vec<u8>,
    /// How messages name it.
    shown: String,
    /// Whether it is a working directory, not a bare repository or a copy of a remote one.
    local: bool,
}

fn set_number(input: &mut Attrs, name: &str, number: u64) {
    input.0.insert(name.as_bytes().to_vec(), Attr::Number(number));
}

/// Fetches an input.
///
/// # Errors
/// When the repository or the revision does not exist, or would need the network.
pub fn fetch(ev: &Evaluator, input: Attrs) -> Res<(Fetched, Attrs)> {
    let location = locate(ev, &input)?;
    if input.flag("exportIgnore")? && input.flag("submodules")? {
        return Err(Error::eval("exportIgnore and submodules are not supported together yet"));
    }
    let given = input.text("ref")?.is_some() || input.text("rev")?.is_some();
    match given || !location.local {
        true => of_commit(ev, &location, input),
        false => of_work_tree(ev, &location, input),
    }
}

fn locate(ev: &Evaluator, input: &Attrs) -> Res<Location> {
    let text = text(input, "url")?.unwrap_or_default();
    let url = parse(ev, &text)?;
    if let Some(path) = given(ev, &text) {
        return Ok(Location { path: path.to_vec(), shown: text, local: false });
    }
    let Some(mut path) = file_path(&url)? else {
        return match clone_of(ev, &text) {
            Some(path) => Ok(Location { path, shown: text, local: false }),
            None => Err(needs_network(ev, &text, None)),
        };
    };
    if !path.starts_with(b"/") {
        let message = format!(
            "warning: Fetching Git repository '{text}', which uses a path relative to the current directory. This is not \
             supported and will stop working in a future release. See https://github.com/NixOS/nix/issues/12281 for \
             details."
        );
        ev.host.message(&bytes_of(&message));
        path = [&ev.settings.base_dir[..], b"/", &path].concat();
    }
    let path = crate::syntax::normalise(&path);
    let exists = |path: &[u8]| -> Res<bool> {
        Ok(outside(ev, path).file_type(path).map_err(|e| ev.host_error(e))?.is_some())
    };
    let local = !exists(&path)? || exists(&[&path[..], b"/.git"].concat())?;
    let shown = if local { shown(&path).into_owned() } else { show(&url) };
    Ok(Location { path, shown, local })
}

fn open(ev: &Evaluator, location: &Location) -> Res<GitRepository> {
    let real = outside(ev, &location.path).resolve(&location.path);
    if real.is_err() {
        return Err(Error::eval(format!("Git repository \"{}\" does not exist.", location.shown)));
    }
    GitRepository::open(&location.path).map_err(|e| match location.local {
        true => git_error(format!("opening Git repository \"{}\": {e}", location.shown)),
        false => git_error(format!("Failed to fetch git repository '{}'", location.shown)),
    })
}

fn git_error(message: String) -> Error {
    Error::new(ErrorKind::System, message)
}

fn of_commit(ev: &Evaluator, location: &Location, mut input: Attrs) -> Res<(Fetched, Attrs)> {
    let repo = open(ev, location)?;
    let reference = match input.text("ref")? {
        Some(given) => shown(given).into_owned(),
        None => repo.head_name().unwrap_or_else(|| {
            let at = &location.shown;
            let message = format!("warning: could not read HEAD ref from repo at '{at}', using 'master'");
            ev.host.message(&bytes_of(&message));
            "master".to_owned()
        }),
    };
    let rev = match input.rev()?.map(|rev| rev.to_text(HashFormat::Base16, false)) {
        Some(rev) if repo.has_commit(&rev) => rev,
        Some(rev) if location.local => {
            let message = format!(
                "getting Git object '{rev}': object not found - no match for id ({rev}) (libgit2 error code = 9)"
            );
            return Err(git_error(message));
        }
        Some(rev) => {
            return Err(git_error(format!(
                "Cannot find Git revision '{rev}' in ref '{reference}' of repository '{}'! Please make sure that the rev \
                 exists on the ref you've specified or add allRefs = true; to fetchGit.",
                location.shown
            )));
        }
        None => repo.resolve(&reference).ok_or_else(|| {
            git_error(format!(
                "resolving Git reference '{reference}': revspec '{reference}' not found (libgit2 error code = 4)"
            ))
        })?,
    };
    input.set("ref", reference.as_bytes());
    input.set("rev", rev.as_bytes());
    let shallow = input.flag("shallow")?;
    if repo.is_shallow() && !shallow {
        return Err(Error::eval(format!(
            "'{}' is a shallow Git repository, but shallow repositories are only allowed when `shallow = true;` is \
             specified",
            location.shown
        )));
    }
    set_number(&mut input, "lastModified", repo.last_modified(&rev).map_err(git_error)?);
    if !shallow {
        set_number(&mut input, "revCount", repo.revision_count(&rev).map_err(git_error)?);
    }
    let mut tree = repo.tree(&rev, input.flag("exportIgnore")?).map_err(git_error)?;
    if input.flag("submodules")? {
        tree = with_submodules(ev, &repo, &rev, tree, location)?;
    }
    Ok((Fetched::Memory(tree), input))
}

/// The tree of a commit with those of its submodules.
fn with_submodules(
    ev: &Evaluator,
    repo: &GitRepository,
    rev: &str,
    mut tree: Rc<MemoryTree>,
    location: &Location,
) -> Res<Rc<MemoryTree>> {
    for (submodule, sub_rev) in repo.submodules(rev).map_err(git_error)? {
        let url = resolve_submodule(repo, &submodule.url, location);
        let folders = [
            given(ev, &url).map(<[u8]>::to_vec),
            Some(repo.submodule_folder(&submodule.name)),
            Some([&location.path[..], b"/", submodule.path.as_bytes()].concat()),
            fix_git_url(url.as_bytes(), &|text| warn(ev, text))
                .ok()
                .and_then(|u| file_path(&u).ok().flatten()),
        ];
        let found = folders.into_iter().flatten().find_map(|folder| {
            let repo = GitRepository::open(&folder).ok().filter(|r| r.has_commit(&sub_rev))?;
            Some((repo, folder))
        });
        let Some((sub_repo, folder)) = found else {
            return Err(needs_network(ev, &url, None));
        };
        let sub_tree = sub_repo.tree(&sub_rev, false).map_err(git_error)?;
        let sub_location = Location { path: folder, shown: url, local: false };
        let sub_tree = with_submodules(ev, &sub_repo, &sub_rev, sub_tree, &sub_location)?;
        let parts: Vec<&[u8]> = submodule.path.as_bytes().split(|c| *c == b'/').collect();
        tree = mounted(&tree, &parts, sub_tree);
    }
    Ok(tree)
}

/// The URL of a submodule; one that begins with a dot is relative to the repository's URL.
fn resolve_submodule(repo: &GitRepository, url: &str, location: &Location) -> String {
    if !url.starts_with("./") && !url.starts_with("../") {
        return url.to_owned();
    }
    let base = repo.origin().unwrap_or_else(|| shown(&location.path).into_owned());
    let mut parts: Vec<&str> = base.trim_end_matches('/').split('/').collect();
    for part in url.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// A tree in which another tree replaces a directory.
fn mounted(tree: &Rc<MemoryTree>, path: &[&[u8]], other: Rc<MemoryTree>) -> Rc<MemoryTree> {
    let Some((first, rest)) = path.split_first() else {
        return other;
    };
    let MemoryTree::Directory(entries) = &**tree else {
        return tree.clone();
    };
    let mut entries = entries.clone();
    if let Some(inner) = entries.get(*first) {
        let inner = mounted(inner, rest, other);
        entries.insert(first.to_vec(), inner);
    }
    Rc::new(MemoryTree::Directory(entries))
}

fn of_work_tree(ev: &Evaluator, location: &Location, mut input: Attrs) -> Res<(Fetched, Attrs)> {
    let repo = open(ev, location)?;
    let mut work = repo.work_tree(input.flag("exportIgnore")?).map_err(git_error)?;
    if input.flag("submodules")? {
        work.dirty |= keep_submodules(ev, &location.path, &mut work.kept)?;
    }
    let head = repo.head();
    if work.dirty {
        if !ev.is_silent() {
            ev.host.message(&bytes_of(&format!("warning: Git tree '{}' is dirty", location.shown)));
        }
        if let Some(head) = &head {
            input.set("dirtyRev", format!("{head}-dirty").as_bytes());
            input.set("dirtyShortRev", format!("{}-dirty", &head[..7]).as_bytes());
        }
    } else {
        if let Some(name) = repo.head_name() {
            input.set("ref", name.as_bytes());
        }
        input.set("rev", head.as_deref().unwrap_or(NO_REVISION).as_bytes());
        if !input.flag("shallow")? {
            let count = head.as_ref().map_or(Ok(0), |head| repo.revision_count(head));
            set_number(&mut input, "revCount", count.map_err(git_error)?);
        }
    }
    let modified = head.as_ref().map_or(Ok(0), |head| repo.last_modified(head)).map_err(git_error)?;
    set_number(&mut input, "lastModified", modified);
    let path = outside(ev, &location.path).resolve(&location.path).map_err(|e| ev.host_error(e))?;
    Ok((Fetched::Elsewhere { path, kept: Some(work.kept) }, input))
}

/// Adds the files of checked-out submodules and returns whether one of them is dirty.
fn keep_submodules(ev: &Evaluator, path: &[u8], kept: &mut HashSet<Vec<u8>>) -> Res<bool> {
    let file = [path, b"/.gitmodules"].concat();
    let host = outside(ev, &file);
    if !matches!(host.file_type(&file), Ok(Some(FileType::Regular))) {
        return Ok(false);
    }
    let text = host.read_file(&file).map_err(|e| ev.host_error(e))?;
    let mut dirty = false;
    for submodule in GitRepository::parse_submodules(&text) {
        let folder = [path, b"/", submodule.path.as_bytes()].concat();
        let shown = shown(&folder).into_owned();
        let location = Location { path: folder, shown, local: true };
        let mut work = open(ev, &location)?.work_tree(false).map_err(git_error)?;
        dirty |= keep_submodules(ev, &location.path, &mut work.kept)? | work.dirty;
        let inner = submodule.path.as_bytes();
        kept.extend((0..inner.len()).filter(|i| inner[*i] == b'/').map(|slash| inner[..slash].to_vec()));
        kept.insert(inner.to_vec());
        kept.extend(work.kept.iter().map(|file| [inner, b"/", file].concat()));
    }
    Ok(dirty)
}
