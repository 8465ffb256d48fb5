//! `fetchurl` and `fetchTarball`: sources named by a URL.

use super::content;
use super::fetched::{outside, store_path};
use super::memory;
use crate::builtins::realise::is_valid;
use crate::builtins::store_paths::parse_sha256;
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::heap::Slot;
use crate::host::{MemoryTree, Object, bytes_of, shown};
use crate::source::Pos;
use crate::store::store_path::validate_name;
use crate::store::{HashAlgo, HashFormat, HashMode, NixHash, StorePath, hash_bytes};
use crate::value::Value;

/// Which of the two built-ins is called.
#[derive(Clone, Copy)]
pub struct Kind {
    /// The built-in's name.
    pub who: &'static str,
    /// Whether it is `fetchTarball`.
    pub unpack: bool,
}

/// Fetches the source that an argument names.
///
/// # Errors
/// When the argument names nothing, or the source does not exist or would need the network.
pub fn fetch(ev: &Evaluator, arg: &Slot, pos: Pos, kind: Kind) -> Res<Value> {
    let who = kind.who;
    let value = ev.force_at(arg, pos)?;
    let (mut url, mut expected, mut given_name) = (None, None, None);
    let text = |v: Value| shown(ev.mem.text(v)).into_owned();
    if value.is_attrs() {
        for entry in ev.mem.entries_in_order(value) {
            match ev.mem.heap.name(entry.name) {
                b"url" => {
                    let doing = "while evaluating the url we should fetch";
                    url = Some(text(ev.force_plain_string(entry.slot, entry.pos, doing)?));
                }
                b"sha256" => {
                    let doing = "while evaluating the sha256 of the content we should fetch";
                    let hash = ev.force_plain_string(entry.slot, entry.pos, doing)?;
                    expected = Some(parse_sha256(ev, ev.mem.text(hash))?);
                }
                b"name" => {
                    let doing = "while evaluating the name of the content we should fetch";
                    given_name = Some(text(ev.force_plain_string(entry.slot, entry.pos, doing)?));
                }
                other => {
                    let other = shown(other).into_owned();
                    let message = format!("unsupported argument '{other}' to '{who}'");
                    return Err(Error::eval(message).at(pos));
                }
            }
        }
    } else {
        let doing = "while evaluating the url we should fetch";
        url = Some(text(ev.force_plain_string(arg, pos, doing)?));
    }
    let Some(mut url) = url else {
        return Err(Error::eval("'url' argument required").at(pos));
    };
    if let Some(channel) = url.strip_prefix("channel:").filter(|_| kind.unpack) {
        url = format!("https://channels.nixos.org/{channel}/nixexprs.tar.xz");
    }
    let default = if kind.unpack { "source" } else { "" };
    let name = match given_name.as_deref().unwrap_or(default) {
        "" => url.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned(),
        name => name.to_owned(),
    };
    if let Err(e) = validate_name(&bytes_of(&name)) {
        let e = shown(e.message());
        let advice = match (given_name.is_some(), value.is_attrs()) {
            (true, _) => format!("Please change the value for the 'name' attribute passed to '{who}', so"),
            (_, true) => format!("Please add a valid 'name' attribute to the argument for '{who}', so"),
            _ => format!("Please pass an attribute set with 'url' and 'name' attributes to '{who}',  so"),
        };
        let message = format!(
            "invalid store path name when fetching URL '{url}': {e}. {advice} that it can create a valid store path."
        );
        return Err(Error::eval(message).at(pos));
    }
    ev.host.check_uri(&url).map_err(|e| ev.host_error(e))?;
    if ev.settings.pure && expected.is_none() {
        let message = format!("in pure evaluation mode, '{who}' requires a 'sha256' argument");
        return Err(Error::eval(message).at(pos));
    }
    let mode = if kind.unpack { HashMode::Nar } else { HashMode::Flat };
    let wanted = expected.map(|hash| store_path(ev, &name, mode, hash)).transpose()?;
    if let Some(wanted) = &wanted
        && is_valid(ev, wanted)?
    {
        return ev.opaque(&ev.store_dir()?.print(wanted));
    }
    let (path, hash) = match kind.unpack {
        true => tarball(ev, &url, &name, wanted.as_ref())?,
        false => file(ev, &url, &name, wanted.as_ref())?,
    };
    if let Some(expected) = expected.filter(|expected| *expected != hash) {
        let show = |hash: NixHash| hash.to_text(HashFormat::Nix32, true);
        let message = format!(
            "hash mismatch in file downloaded from '{url}':\n  specified: {}\n  got:       {}",
            show(expected),
            show(hash)
        );
        return Err(Error::new(ErrorKind::HashMismatch, message).at(pos));
    }
    ev.opaque(&path)
}

/// Fetches a file into the store.
fn file(ev: &Evaluator, url: &str, name: &str, wanted: Option<&StorePath>) -> Res<(String, NixHash)> {
    let contents = content::file(ev, url, wanted)?;
    let hash = hash_bytes(HashAlgo::Sha256, &contents);
    let path = ev.store_dir()?.print(&store_path(ev, name, HashMode::Flat, hash)?);
    let file = MemoryTree::File { contents: contents.into(), executable: false };
    ev.objects.add(path.as_bytes(), Object::Memory(file.into()), Vec::new());
    Ok((path, hash))
}

/// Fetches the files of an archive into the store.
///
/// # Errors
/// When the archive does not exist, is not an archive, or would need the network.
pub fn tarball(ev: &Evaluator, url: &str, name: &str, wanted: Option<&StorePath>) -> Res<(String, NixHash)> {
    match content::tarball(ev, url, wanted)? {
        content::Files::Unpacked(unpacked) => memory::add(ev, name.as_bytes(), unpacked.tree),
        content::Files::Directory(path) => {
            let hash = ev.hash_tree_of(outside(ev, &path), &path, None, HashAlgo::Sha256)?;
            let made = ev.source_path(name.as_bytes(), &hash)?;
            ev.objects.add(made.as_bytes(), Object::Elsewhere { path, kept: None }, Vec::new());
            Ok((made, hash))
        }
    }
}
