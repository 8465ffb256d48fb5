//! Inputs of type `git`: repositories of this machine.

use std::collections::HashSet;
use std::rc::Rc;

use super::content::{given, needs_network};
use super::input::Input;
use super::tree::Fetched;
use super::url::Url;
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::host::{FileType, GitRepository, MemoryTree};

/// A revision before the first.
const NO_REVISION: &str = "0000000000000000000000000000000000000000";

/// The URL that git would take a text for.
///
/// # Errors
/// When it is none.
pub fn fix_url(text: &str) -> Res<Url> {
    let mut text = text.to_owned();
    if !text.starts_with('/')
        && let Some((user, rest)) = text.split_once('@')
        && !user.contains('/')
        && let Some((host, path)) = rest.rsplit_once(':')
    {
        text = format!("ssh://{user}@{host}/{path}");
    }
    let is_file = text.starts_with("file:") || text.starts_with("git+file:");
    if !is_file && !text.contains("://") {
        if text.split('/').next().is_some_and(|first| first.contains(':')) {
            let message =
                format!("SCP-like URL '{text}' is not supported; use SSH URL syntax instead (ssh://...)");
            return Err(Error::eval(message));
        }
        return Ok(Url::of_path(&text));
    }
    let mut url = Url::parse(&text)?;
    if let Some(transport) = url.scheme.strip_prefix("git+") {
        url.scheme = transport.to_owned();
    }
    Ok(url)
}

/// Whether git allows a name for a branch or tag.
pub fn is_legal_ref(name: &str) -> bool {
    let bad = |c: char| c.is_ascii_control() || " ~^:?*[\\".contains(c);
    let parts_are_good = name.split('/').all(|p| !p.starts_with('.') && !p.ends_with(".lock"));
    !name.is_empty()
        && name != "@"
        && !name.contains(bad)
        && !name.contains("..")
        && !name.contains("@{")
        && !name.contains("//")
        && !name.starts_with(['/', '-'])
        && !name.ends_with(['/', '.'])
        && parts_are_good
}

/// Where the repository is.
struct Location {
    path: Vec<u8>,
    /// How messages name it.
    shown: String,
    /// A working directory, not a bare repository or a copy of a remote one.
    local: bool,
}

/// Fetches an input.
///
/// # Errors
/// When the repository or the revision is not there, or would need the network.
pub fn fetch(ev: &Evaluator, input: Input) -> Res<(Fetched, Input)> {
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

fn locate(ev: &Evaluator, input: &Input) -> Res<Location> {
    let text = input.need("url")?;
    let url = Url::parse(text)?;
    if let Some(path) = given(ev, text) {
        return Ok(Location { path: path.to_vec(), shown: text.to_owned(), local: false });
    }
    let Some(path) = url.file() else {
        return Err(needs_network(ev, text, None));
    };
    let mut path = path.to_vec();
    if !path.starts_with(b"/") {
        let message = format!(
            "warning: Fetching Git repository '{text}', which uses a path relative to the current directory. This is not \
             supported and will stop working in a future release. See https://github.com/NixOS/nix/issues/12281 for \
             details."
        );
        ev.host.message(message.as_bytes());
        path = [&ev.settings.base_dir[..], b"/", &path].concat();
    }
    let path = crate::syntax::normalise(&path);
    let exists =
        |path: &[u8]| -> Res<bool> { Ok(ev.host.file_type(path).map_err(|e| ev.host_error(e))?.is_some()) };
    let local = !exists(&path)? || exists(&[&path[..], b"/.git"].concat())?;
    let shown = if local { String::from_utf8_lossy(&path).into_owned() } else { url.show() };
    Ok(Location { path, shown, local })
}

fn open(ev: &Evaluator, location: &Location) -> Res<GitRepository> {
    let real = ev.host.resolve(&location.path);
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

fn of_commit(ev: &Evaluator, location: &Location, mut input: Input) -> Res<(Fetched, Input)> {
    let repo = open(ev, location)?;
    let reference = match input.text("ref")? {
        Some(given) => given.to_owned(),
        None => repo.head_name().unwrap_or_else(|| {
            let at = &location.shown;
            let message = format!("warning: could not read HEAD ref from repo at '{at}', using 'master'");
            ev.host.message(message.as_bytes());
            "master".to_owned()
        }),
    };
    let rev = match input.rev(ev.settings.store_features)? {
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
    input.set("ref", reference);
    input.set("rev", rev.clone());
    let shallow = input.flag("shallow")?;
    if repo.is_shallow() && !shallow {
        return Err(Error::eval(format!(
            "'{}' is a shallow Git repository, but shallow repositories are only allowed when `shallow = true;` is \
             specified",
            location.shown
        )));
    }
    input.set_number("lastModified", repo.last_modified(&rev).map_err(git_error)?);
    if !shallow {
        input.set_number("revCount", repo.revision_count(&rev).map_err(git_error)?);
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
            fix_url(&url).ok().and_then(|u| u.file().map(<[u8]>::to_vec)),
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

/// The URL of a submodule; one that begins with a dot is relative to that of the repository.
fn resolve_submodule(repo: &GitRepository, url: &str, location: &Location) -> String {
    if !url.starts_with("./") && !url.starts_with("../") {
        return url.to_owned();
    }
    let base = repo.origin().unwrap_or_else(|| String::from_utf8_lossy(&location.path).into_owned());
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

/// A tree with another one in place of a directory.
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

fn of_work_tree(ev: &Evaluator, location: &Location, mut input: Input) -> Res<(Fetched, Input)> {
    let repo = open(ev, location)?;
    let mut work = repo.work_tree(input.flag("exportIgnore")?).map_err(git_error)?;
    if input.flag("submodules")? {
        work.dirty |= keep_submodules(ev, &location.path, &mut work.kept)?;
    }
    let head = repo.head();
    if work.dirty {
        ev.host.message(format!("warning: Git tree '{}' is dirty", location.shown).as_bytes());
        if let Some(head) = &head {
            input.set("dirtyRev", format!("{head}-dirty"));
            input.set("dirtyShortRev", format!("{}-dirty", &head[..7]));
        }
    } else {
        if let Some(name) = repo.head_name() {
            input.set("ref", name);
        }
        input.set("rev", head.as_deref().unwrap_or(NO_REVISION));
        if !input.flag("shallow")? {
            let count = head.as_ref().map_or(Ok(0), |head| repo.revision_count(head));
            input.set_number("revCount", count.map_err(git_error)?);
        }
    }
    let modified = head.as_ref().map_or(Ok(0), |head| repo.last_modified(head)).map_err(git_error)?;
    input.set_number("lastModified", modified);
    let path = ev.host.resolve(&location.path).map_err(|e| ev.host_error(e))?;
    Ok((Fetched::Elsewhere { path, kept: Some(work.kept) }, input))
}

/// Adds the files of submodules that are checked out; whether one of these is dirty.
fn keep_submodules(ev: &Evaluator, path: &[u8], kept: &mut HashSet<Vec<u8>>) -> Res<bool> {
    let file = [path, b"/.gitmodules"].concat();
    if !matches!(ev.host.file_type(&file), Ok(Some(FileType::Regular))) {
        return Ok(false);
    }
    let text = ev.host.read_file(&file).map_err(|e| ev.host_error(e))?;
    let mut dirty = false;
    for submodule in GitRepository::parse_submodules(&text) {
        let folder = [path, b"/", submodule.path.as_bytes()].concat();
        let shown = String::from_utf8_lossy(&folder).into_owned();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_that_git_takes() {
        let fixed = |text| fix_url(text).map(|url| url.show()).unwrap_or_default();
        assert_eq!(fixed("/a/b"), "file:///a/b");
        assert_eq!(fixed("git@example.org:a/b.git"), "ssh://git@example.org/a/b.git");
        assert_eq!(fixed("git+https://example.org/a"), "https://example.org/a");
        assert_eq!(fixed("example.org:a"), "");
    }

    #[test]
    fn names_of_branches() {
        assert!(is_legal_ref("main") && is_legal_ref("refs/heads/a-b") && is_legal_ref("v1.0"));
        for bad in ["", "a..b", "a b", ".a", "a/.b", "a.lock", "-a", "a/", "@", "a@{b", "a\\b"] {
            assert!(!is_legal_ref(bad), "{bad}");
        }
    }
}
