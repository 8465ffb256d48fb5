//! What Nix has fetched before: clones of git repositories in its cache, and files in its store.

use super::arguments::text;
use super::fetched::outside;
use super::memory;
use crate::eval::{Evaluator, Res};
use crate::host::{FileType, MemoryTree};
use crate::store::inputs::Attrs;
use crate::store::{HashAlgo, HashFormat, NixHash, hash_bytes};

/// The folder of Nix's caches; `None` if the user has no home.
pub fn nix_cache(ev: &Evaluator) -> Option<Vec<u8>> {
    let cache = match ev.host.env(b"XDG_CACHE_HOME").filter(|named| !named.is_empty()) {
        Some(named) => named,
        None => [&ev.host.home()?[..], b"/.cache"].concat(),
    };
    Some([&cache[..], b"/nix"].concat())
}

/// Nix's clone of a git repository, if there is one.
pub fn clone_of(ev: &Evaluator, url: &str) -> Option<Vec<u8>> {
    let cache = nix_cache(ev)?;
    let name = hash_bytes(HashAlgo::Sha256, url.as_bytes()).to_text(HashFormat::Nix32, false);
    ["", "-shallow"].iter().find_map(|kind| {
        let path = [&cache[..], b"/gitv3/", name.as_bytes(), kind.as_bytes()].concat();
        outside(ev, &path).resolve(&path).ok()
    })
}

/// A file of the store that has a hash as an archive. Nix puts files that it fetches under their own hashes, and not where
/// a lock file leads, which knows only that of the archive.
///
/// # Errors
/// When an attribute is malformed.
pub fn file_with_hash(ev: &Evaluator, input: &Attrs, hash: NixHash) -> Res<Option<Vec<u8>>> {
    let end = format!("-{}", text(input, "name")?.unwrap_or_else(|| "source".to_owned()));
    let store = ev.settings.store_dir.as_bytes();
    let host = ev.unguarded_host();
    let Ok(entries) = host.read_dir(store) else {
        return Ok(None);
    };
    for (name, kind) in entries {
        let path = [store, b"/", &name].concat();
        if kind == FileType::Regular
            && name.ends_with(end.as_bytes())
            && let Ok(contents) = host.read_file(&path)
        {
            let file = MemoryTree::File { contents: contents.into(), executable: false };
            if memory::hash(&file)? == hash {
                return Ok(Some(path));
            }
        }
    }
    Ok(None)
}
