//! Additional stores to read from, and the directory to which derivations are written.

use std::sync::Arc;

use super::wrong::Wrong;
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::host::{FileType, Host, System};
use crate::syntax::absolute;

/// Nix's names for stores that are not directories.
const NAMED: &[&[u8]] = &[b"auto", b"daemon", b"local", b"dummy"];

/// Checks that the paths of `--store`, `--native-lib` and `--fetched` exist.
///
/// # Errors
/// What is missing, and the flag that names it.
pub fn check(
    host: &dyn Host,
    stores: &[Vec<u8>],
    fetched: &[(String, Vec<u8>)],
    native_libs: &[Vec<u8>],
    base_dir: &[u8],
) -> Result<(), Wrong> {
    // A link exists if its target does.
    let kind = |path: &[u8]| host.resolve(path).ok().and_then(|real| host.file_type(&real).ok().flatten());
    let wrong = |flag: &str, path: &[u8], what: &str| {
        let path = String::from_utf8_lossy(path);
        Err(Wrong::usage(format!("flag '{flag}': '{path}' {what}")))
    };
    let folders = stores.iter().filter(|s| !is_no_folder(s)).map(|s| ("--store", store_root(s)));
    for (flag, path) in folders.chain(native_libs.iter().map(|lib| ("--native-lib", &lib[..]))) {
        match kind(&absolute(path, base_dir)) {
            Some(FileType::Directory) => {}
            Some(_) => return wrong(flag, path, "is not a directory"),
            None => return wrong(flag, path, "does not exist"),
        }
    }
    match fetched.iter().find(|(_, path)| kind(path).is_none()) {
        Some((_, path)) => wrong("--fetched", path, "does not exist"),
        None => Ok(()),
    }
}

fn store_root(store: &[u8]) -> &[u8] {
    store.strip_prefix(b"local?root=").unwrap_or(store)
}

/// Whether a store is not a directory (`daemon`, `https://…`) and so has no files to read.
fn is_no_folder(store: &[u8]) -> bool {
    NAMED.contains(&store) || memchr::memmem::find(store, b"://").is_some()
}

/// Whether Nix would use its dummy store.
pub fn is_dummy(host: &dyn Host, stores: &[Vec<u8>]) -> bool {
    let store = stores.last().cloned().or_else(|| host.env(b"NIX_REMOTE"));
    store.is_some_and(|store| store.starts_with(b"dummy://"))
}

/// Applies `--store` and `--write-drvs`.
pub fn prepare(
    ev: &mut Evaluator,
    host: &Arc<dyn System>,
    stores: &[Vec<u8>],
    write_drvs: Option<&[u8]>,
) -> Res<()> {
    let cwd = ev.settings.base_dir.clone();
    for store in stores.iter().filter(|store| !is_no_folder(store)) {
        let root = absolute(store_root(store), &cwd);
        let inner = [&root[..], ev.settings.store_dir.as_bytes()].concat();
        let folder = if is_directory(ev, &inner) { inner } else { root };
        ev.objects.add_folder(folder);
    }
    if let Some(folder) = write_drvs {
        let folder = absolute(folder, &cwd);
        let host = host.clone();
        let failed = |what: &str, e: std::io::Error| {
            Error::new(ErrorKind::System, format!("writing derivations: {what}: {e}"))
        };
        host.make_folder(&folder).map_err(|e| failed(&String::from_utf8_lossy(&folder), e))?;
        ev.derivation_sink = Some(Box::new(move |path, contents| {
            let name = path.rsplit('/').next().unwrap_or_default();
            host.write_new_file(&folder, name, contents).map_err(|e| failed(name, e))
        }));
    }
    Ok(())
}

/// Parses the value of `--fetched`.
///
/// # Errors
/// When it is not `URL=PATH`.
pub fn url_and_path(given: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Wrong> {
    // URLs may contain `=` as well.
    match given.iter().rposition(|c| *c == b'=') {
        Some(at) if at > 0 && at + 1 < given.len() => Ok((given[..at].to_vec(), given[at + 1..].to_vec())),
        _ => Err(Wrong::usage("flag '--fetched' requires URL=PATH")),
    }
}

/// Parses the value of `--input`.
///
/// # Errors
/// When it is not `INPUT=DIR`.
pub fn input_and_folder(given: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Wrong> {
    match given.iter().position(|c| *c == b'=') {
        Some(at) if at > 0 && at + 1 < given.len() => Ok((given[..at].to_vec(), given[at + 1..].to_vec())),
        _ => Err(Wrong::usage("flag '--input' requires INPUT=DIR")),
    }
}

/// `--fetched` as URLs and absolute paths.
pub fn fetched(given: &[(Vec<u8>, Vec<u8>)], base_dir: &[u8]) -> Vec<(String, Vec<u8>)> {
    let url = |url: &[u8]| String::from_utf8_lossy(url).into_owned();
    given.iter().map(|(from, path)| (url(from), absolute(path, base_dir))).collect()
}

fn is_directory(ev: &Evaluator, path: &[u8]) -> bool {
    let real = ev.host.resolve(path);
    real.is_ok_and(|real| matches!(ev.host.file_type(&real), Ok(Some(FileType::Directory))))
}
