//! Where store objects are looked for beside the real store, and where derivations are written to.

use std::os::unix::ffi::OsStrExt as _;

use super::args::ModulesArgs;
use super::current_dir;
use super::settings::Wrong;
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::host::{FileType, RealHost};
use crate::syntax;

/// Applies `--store` and `--write-drvs`.
///
/// # Errors
/// When the directory for derivations cannot be made.
pub fn prepare(ev: &mut Evaluator, stores: &[Vec<u8>], write_drvs: Option<&[u8]>) -> Res<()> {
    let absolute = |path: &[u8]| -> Res<Vec<u8>> {
        match path.starts_with(b"/") {
            true => Ok(syntax::normalise(path)),
            false => Ok(syntax::normalise(&[&current_dir()?[..], b"/", path].concat())),
        }
    };
    for store in stores {
        let root = store.strip_prefix(b"local?root=").unwrap_or(store);
        // Stores that are no directories (`daemon`, `auto`, `https://…`) have nothing to look into.
        if !root.contains(&b'/') && !is_directory(ev, &absolute(root)?)
            || memchr::memmem::find(root, b"://").is_some()
        {
            continue;
        }
        let root = absolute(root)?;
        let inner = [&root[..], ev.settings.store_dir.as_bytes()].concat();
        let folder = if is_directory(ev, &inner) { inner } else { root };
        ev.objects.add_folder(folder);
    }
    if let Some(folder) = write_drvs {
        let folder = absolute(folder)?;
        let host = RealHost::new();
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

/// What `--fetched` was given.
///
/// # Errors
/// When it is not `URL=PATH`.
pub fn url_and_path(given: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Wrong> {
    // URLs may have `=` in them, too.
    match given.iter().rposition(|c| *c == b'=') {
        Some(at) => Ok((given[..at].to_vec(), given[at + 1..].to_vec())),
        None => Err(Wrong::usage("flag '--fetched' requires URL=PATH")),
    }
}

/// `--fetched` of a command about modules.
///
/// # Errors
/// When it is not `URL=PATH`, or there is no current directory.
pub fn fetched_for_modules(args: &ModulesArgs) -> Res<Vec<(String, Vec<u8>)>> {
    let given: Result<Vec<_>, _> = args.fetched.iter().map(|given| url_and_path(given.as_bytes())).collect();
    let given = given.map_err(|e| Error::new(ErrorKind::Usage, e.message))?;
    Ok(fetched(&given, &current_dir()?))
}

/// `--store` of a command about modules.
///
/// # Errors
/// As [`prepare`].
pub fn prepare_for_modules(ev: &mut Evaluator, args: &ModulesArgs) -> Res<()> {
    let stores: Vec<Vec<u8>> = args.stores.iter().map(|store| store.as_bytes().to_vec()).collect();
    prepare(ev, &stores, None)
}

/// `--fetched`: URLs and absolute paths.
pub fn fetched(given: &[(Vec<u8>, Vec<u8>)], base_dir: &[u8]) -> Vec<(String, Vec<u8>)> {
    let absolute = |path: &[u8]| match path.starts_with(b"/") {
        true => syntax::normalise(path),
        false => syntax::normalise(&[base_dir, b"/", path].concat()),
    };
    given.iter().map(|(url, path)| (String::from_utf8_lossy(url).into_owned(), absolute(path))).collect()
}

fn is_directory(ev: &Evaluator, path: &[u8]) -> bool {
    let real = ev.host.resolve(path);
    real.is_ok_and(|real| matches!(ev.host.file_type(&real), Ok(Some(FileType::Directory))))
}
