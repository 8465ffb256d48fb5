//! The configuration of a flake at two revisions, or with two lock files.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

use super::pair::Pair;
use super::side::Way;
use crate::cli::args::DiffArgs;
use crate::cli::console::Console;
use crate::cli::revisions::{Revision, in_repository};
use crate::eval::{Error, ErrorKind, Res};
use crate::store::inputs::url::encode;
use crate::syntax::absolute;

/// The pair that the flags describe: with `--base`, a revision of the flake and the flake as it is (or another revision);
/// otherwise two lock files.
///
/// # Errors
/// Flags that do not go together.
pub fn pairs(console: &Console, args: &DiffArgs, flake: &OsStr) -> Res<Vec<Pair>> {
    let usage = |message: &str| Err(Error::new(ErrorKind::Usage, message));
    if !args.modules.is_empty() || args.old_nixpkgs.is_some() {
        return usage("a flake has its own modules, and names its nixpkgs");
    }
    let name = flake.to_string_lossy().into_owned();
    let way = || Way {
        modules: Vec::new(),
        open: args.open.clone(),
        own: None,
        has_own_tree: false,
        revision: None,
        flake_root: None,
    };
    let (mut old, mut new) = (way(), way());
    match (&args.base, &args.names[..]) {
        (Some(base), []) => {
            at_revision(console, &mut old, flake, base)?;
            if let Some(head) = &args.head {
                at_revision(console, &mut new, flake, head)?;
            }
        }
        (None, [before, after]) => {
            old.open.evaluator.flake.reference_lock_file = Some(before.clone());
            new.open.evaluator.flake.reference_lock_file = Some(after.clone());
        }
        _ => {
            return Err(Error::new(
                ErrorKind::Usage,
                "a flake is compared with a revision of it, or with two lock files",
            )
            .help("--base REV compares with a revision; OLD.lock NEW.lock are two lock files"));
        }
    }
    Ok(vec![Pair { name, old, new }])
}

/// Makes a way lead to a revision of a flake.
fn at_revision(console: &Console, way: &mut Way, flake: &OsStr, name: &OsStr) -> Res<()> {
    let text = flake.as_bytes();
    let hash = text.iter().position(|c| *c == b'#').unwrap_or(text.len());
    let (path, attr) = text.split_at(hash);
    let path = path.strip_prefix(b"git+file://").unwrap_or(path);
    if path.contains(&b'?') || path.contains(&b':') {
        let message = "--base needs a flake in a local git repository, named by its path";
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let folder = absolute(path, &console.current_dir()?);
    let given = OsString::from_vec(folder.clone());
    let repository = in_repository(console, [&given])?;
    let revision = Revision::open(&repository, name)?;
    let root = revision.files.root().as_os_str().as_bytes().to_vec();
    let real = console.host.resolve(&folder).unwrap_or(folder);
    let dir = real.strip_prefix(&root[..]).and_then(|rest| rest.strip_prefix(b"/")).unwrap_or_default();
    let mut reference = b"git+file://".to_vec();
    encode(&root, b"/", &mut reference);
    reference.extend(format!("?rev={}", revision.files.commit()).bytes());
    if !dir.is_empty() {
        reference.extend(b"&dir=");
        encode(dir, b"/", &mut reference);
    }
    reference.extend(attr);
    way.open.evaluator.flake.flake = Some(OsString::from_vec(reference));
    way.flake_root = Some(String::from_utf8_lossy(&root).into_owned());
    way.revision = Some(revision);
    Ok(())
}
