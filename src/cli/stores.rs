//! Where store objects are looked for beside the real store, and where derivations are written to.

use super::current_dir;
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
