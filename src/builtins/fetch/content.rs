//! The contents behind a URL, without network access.

use super::archive::{self, Unpacked};
use super::fetched::outside;
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::host::{FileType, bytes_of, shown};
use crate::source::Pos;
use crate::store::StorePath;
use crate::store::inputs::url::Url;

/// The files of an archive.
pub enum Files {
    /// Unpacked in memory.
    Unpacked(Unpacked),
    /// In a directory, which the user gave instead of the archive.
    Directory(Vec<u8>),
}

/// Reads a URL.
pub fn parse(ev: &Evaluator, text: &str) -> Res<Url> {
    Ok(Url::parse(text.as_bytes(), false, &|text| warn(ev, text))?)
}

/// Prints a warning.
pub fn warn(ev: &Evaluator, text: &str) {
    ev.host.message(&bytes_of(&format!("warning: {text}")));
}

/// A URL as messages show it.
pub fn show(url: &Url) -> String {
    shown(&url.to_text()).into_owned()
}

/// The local path that a URL names, if any.
pub fn file_path(url: &Url) -> Res<Option<Vec<u8>>> {
    if url.scheme != b"file" {
        return Ok(None);
    }
    Ok(Some(url.file_path()?))
}

/// The contents of a file.
pub fn file(ev: &Evaluator, url: &str, wanted: Option<&StorePath>) -> Res<Vec<u8>> {
    if let Some(path) = given(ev, url) {
        return outside(ev, path).read_file(path).map_err(|e| ev.host_error(e));
    }
    let parsed = parse(ev, url).map_err(|e| match e.data().message.ends_with("doesn't have a scheme") {
        true => Error::eval(format!("URL {}", e.data().message)),
        false => e,
    })?;
    let Some(path) = file_path(&parsed)? else {
        return Err(needs_network(ev, url, wanted));
    };
    ev.host.fetch_file(&path).map_err(|_| {
        let path = shown(&path);
        let message = format!(
            "unable to download '{url}': Could not read a file:// file (37) Could not open file {path}"
        );
        Error::new(ErrorKind::System, message)
    })
}

/// The files of an archive.
///
/// # Errors
/// When the archive does not exist, is not an archive, or would need the network.
pub fn tarball(ev: &Evaluator, url: &str, wanted: Option<&StorePath>) -> Res<Files> {
    let shown = show(&parse(ev, url)?);
    tarball_untraced(ev, url, wanted)
        .map_err(|e| e.trace(Pos::NONE, format!("while fetching the input '{shown}'")))
}

/// The same for a caller that adds its own context to errors.
pub fn tarball_untraced(ev: &Evaluator, url: &str, wanted: Option<&StorePath>) -> Res<Files> {
    match given(ev, url) {
        Some(path) => local(ev, path),
        None => local_tarball(ev, &parse(ev, url)?, wanted),
    }
}

/// The files of a local archive or directory.
pub fn local(ev: &Evaluator, path: &[u8]) -> Res<Files> {
    let real = outside(ev, path).resolve(path).map_err(|e| ev.host_error(e))?;
    match outside(ev, &real).file_type(&real).map_err(|e| ev.host_error(e))? {
        Some(FileType::Directory) => Ok(Files::Directory(real)),
        _ => unpack(ev, &real),
    }
}

fn local_tarball(ev: &Evaluator, url: &Url, wanted: Option<&StorePath>) -> Res<Files> {
    let Some(path) = file_path(url)? else {
        return Err(needs_network(ev, &show(url), wanted));
    };
    let shown = shown(&path);
    if !path.starts_with(b"/") {
        let message = format!(
            "tarball '{}' must use an absolute path. The 'file' scheme does not support relative paths.",
            show(url)
        );
        return Err(Error::eval(message));
    }
    let path = crate::syntax::normalise(&path);
    let Ok(real) = outside(ev, &path).resolve(&path) else {
        return Err(Error::eval(format!("tarball \"{shown}\" does not exist.")));
    };
    if outside(ev, &real).file_type(&real).map_err(|e| ev.host_error(e))? == Some(FileType::Directory) {
        let git = [&real[..], b"/.git"].concat();
        let message = match outside(ev, &git).file_type(&git).map_err(|e| ev.host_error(e))? {
            Some(_) => format!(
                "tarball \"{shown}\" is a git repository, not a tarball. Please use `git+file` as the scheme."
            ),
            None => format!("tarball \"{shown}\" is a directory, not a file."),
        };
        return Err(Error::eval(message));
    }
    unpack(ev, &real)
}

fn unpack(ev: &Evaluator, path: &[u8]) -> Res<Files> {
    let bytes = outside(ev, path).read_file(path).map_err(|e| ev.host_error(e))?;
    archive::unpack(&bytes).map(Files::Unpacked).map_err(Error::eval)
}

/// The path that the user gave for a URL.
pub fn given<'a>(ev: &'a Evaluator, url: &str) -> Option<&'a [u8]> {
    ev.settings.fetched.iter().find(|(from, _)| from == url).map(|(_, to)| &to[..])
}

/// The error for a source that needs the network.
pub fn needs_network(ev: &Evaluator, url: &str, wanted: Option<&StorePath>) -> Error {
    let message = format!("cannot fetch '{url}': nival does not use the network");
    let dir = &ev.settings.store_dir;
    let help = match wanted {
        Some(path) => format!(
            "What it gives is expected at '{dir}/{path}': have it there, give a folder that has '{path}' with --store,\n\
             or a local copy with --fetched '{url}=PATH'."
        ),
        None => format!("Give a local copy with --fetched '{url}=PATH'."),
    };
    Error::new(ErrorKind::System, message).help(help)
}
