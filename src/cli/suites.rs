//! Finds and reads the suite that a command is about.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use super::console::Console;
use super::limits;
use crate::eval::{Error, ErrorKind, Res};
use crate::host::Memory;
use crate::suite::{FILE_NAME, Suite, Way, read_suite};
use crate::syntax::absolute;

/// The suite with a name: a file, or the folder with a `nival.toml`; a file that ends in `.nix` has tests. Without a name, the
/// nearest `nival.toml` upwards from the current folder. Also returns its path as it is shown.
///
/// # Errors
/// No such suite, and a mistake in it.
pub fn named(console: &Console, name: Option<&OsStr>) -> Res<(Suite, String)> {
    let usage = |message: String| Error::new(ErrorKind::Usage, message);
    let here = console.current_dir()?;
    let Some(name) = name else {
        return match upwards(console, &here) {
            Some((path, text)) => read(&here, &path, &text).map(|suite| (suite, shown(&here, &path))),
            None => Err(usage(format!("there is no {FILE_NAME} in this folder or above it"))
                .help("nival init writes a first one")),
        };
    };
    let path = absolute(name.as_bytes(), &here);
    let name = name.to_string_lossy();
    if path.ends_with(b".nix") {
        console.host.read_file(&path).map_err(|e| usage(e.to_string()))?;
        let (folder, file) = split(&path);
        let text = format!("tests = [{}]\n", serde_json::Value::from(String::from_utf8_lossy(file)));
        return Ok((read_text(folder, &name, &text)?, name.into_owned()));
    }
    let inside = [&path[..], b"/", FILE_NAME.as_bytes()].concat();
    let path = if console.host.read_dir(&path).is_ok() { inside } else { path };
    match console.host.read_file(&path) {
        Ok(text) => Ok((read(&here, &path, &text)?, shown(&here, &path))),
        Err(e) => Err(usage(format!("the suite '{name}' cannot be read: {e}"))),
    }
}

/// The suite of a configuration in a flake: that with a name, or the nearest one, with this configuration in the place of
/// those that it names; or else one that only has this.
///
/// # Errors
/// A suite without `flake`, and a mistake in it.
pub fn of_flake(console: &Console, name: Option<&OsStr>, reference: &OsStr) -> Res<(Suite, String)> {
    let here = console.current_dir()?;
    let reference = from(&here, &reference.to_string_lossy());
    if name.is_none() && upwards(console, &here).is_none() {
        let text = format!("flake = [{}]\n", serde_json::Value::from(reference.as_str()));
        return Ok((read_text(&here, FILE_NAME, &text)?, FILE_NAME.to_owned()));
    }
    let (mut suite, name) = named(console, name)?;
    match &mut suite.way {
        Way::Flake(way) => way.references = vec![reference],
        _ => {
            let message =
                format!("the suite '{name}' has no 'flake'; --flake chooses among the configurations of one");
            return Err(Error::new(ErrorKind::Usage, message));
        }
    }
    Ok((suite, name))
}

/// A reference to a flake that is named in a folder, wherever relative paths begin later.
fn from(here: &[u8], reference: &str) -> String {
    let (path, attr) = match reference.find('#') {
        Some(at) => reference.split_at(at),
        None => (reference, ""),
    };
    let is_relative = path.is_empty() || path == "." || path.starts_with("./") || path.starts_with("..");
    match is_relative {
        true => format!("{}{attr}", String::from_utf8_lossy(&absolute(path.as_bytes(), here))),
        false => reference.to_owned(),
    }
}

/// The nearest suite upwards from the current folder, if there is any.
///
/// # Errors
/// A mistake in it.
pub fn nearest(console: &Console) -> Res<Option<Suite>> {
    let here = console.current_dir()?;
    upwards(console, &here).map(|(path, text)| read(&here, &path, &text)).transpose()
}

fn upwards(console: &Console, here: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut folder = here;
    loop {
        let path = absolute(FILE_NAME.as_bytes(), if folder.is_empty() { b"/" } else { folder });
        if let Ok(text) = console.host.read_file(&path) {
            return Some((path, text));
        }
        let above = folder.iter().rposition(|byte| *byte == b'/')?;
        folder = &folder[..above];
    }
}

fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|byte| *byte == b'/') {
        Some(0) => (b"/", &path[1..]),
        Some(at) => (&path[..at], &path[at + 1..]),
        None => (b"/", path),
    }
}

/// A path relative to the current folder if it is below that.
pub fn shown(here: &[u8], path: &[u8]) -> String {
    let inside = path.strip_prefix(here).and_then(|rest| rest.strip_prefix(b"/"));
    String::from_utf8_lossy(inside.unwrap_or(path)).into_owned()
}

fn read(here: &[u8], path: &[u8], text: &[u8]) -> Res<Suite> {
    let name = shown(here, path);
    let text = std::str::from_utf8(text)
        .map_err(|_| Error::new(ErrorKind::Usage, format!("{name}: the file is not UTF-8")))?;
    read_text(split(path).0, &name, text)
}

fn read_text(folder: &[u8], name: &str, text: &str) -> Res<Suite> {
    let folder = std::str::from_utf8(folder)
        .map_err(|_| Error::new(ErrorKind::Usage, format!("the path of '{name}' is not UTF-8")))?;
    read_suite(folder, name, text, &|text| match limits::size("'limits.memory'", text) {
        Ok(Memory::Given(bytes)) => Ok(bytes),
        Ok(Memory::Unlimited) => Ok(u64::MAX),
        Err(e) => Err(e.message),
    })
}
