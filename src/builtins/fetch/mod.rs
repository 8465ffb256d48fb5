//! Fetchers without network access: their results come from the store, from local files and repositories, or from
//! locations that the user gives.

mod archive;
mod arguments;
mod content;
mod fetched;
mod git;
mod local;
mod memory;
mod nix_cache;
mod other;
mod result;
mod tree;
mod url;

pub use fetched::store_path;
pub use local::is_local;
pub use nix_cache::nix_cache;
pub use other::FETCH_CLOSURE;
pub use result::describe;
pub use tree::{FETCH_TREE, Tree, in_store, source};
pub use url::tarball;

use crate::eval::{Builtin, exactly};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[
    Builtin::new("fetchurl", &["arg"], "A file from a URL, in the store.", |ev, args, pos| {
        let [arg] = exactly(args);
        url::fetch(ev, arg, pos, url::Kind { who: "fetchurl", unpack: false })
    }),
    Builtin::new(
        "fetchTarball",
        &["args"],
        "The files of an archive from a URL, in the store.",
        |ev, args, pos| {
            let [args] = exactly(args);
            url::fetch(ev, args, pos, url::Kind { who: "fetchTarball", unpack: true })
        },
    ),
    Builtin::new("fetchGit", &["args"], "The files of a git repository, in the store.", |ev, args, pos| {
        let [args] = exactly(args);
        tree::fetch(ev, args, pos, arguments::Kind { who: "fetchGit", is_git: true })
    }),
    other::FETCH_MERCURIAL,
];
