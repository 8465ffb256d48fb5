//! What the arguments of the commands about options name.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;

use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::heap::Sym;
use crate::options::{EMBEDDED, Opening, attr_path, find, flake_folders};
use crate::report::Roots;

/// Splits the names on the command line into an option and modules. A module's name is `-`, begins with `<`, ends in
/// `.nix` or has a slash; a slash in an option's name stands in quotes.
pub fn names(given: &[OsString]) -> (Option<&OsString>, &[OsString]) {
    let is_module = |name: &OsStr| {
        let name = name.as_bytes();
        name == b"-"
            || name.starts_with(b"<")
            || name.contains(&b'/') && !name.contains(&b'"')
            || name.ends_with(b".nix")
    };
    match given.split_first() {
        Some((first, rest)) if !is_module(first) => (Some(first), rest),
        _ => (None, given),
    }
}

/// The names of an option path.
///
/// # Errors
/// A malformed path.
pub fn option_path(ev: &Evaluator, name: &OsStr) -> Res<Vec<Sym>> {
    let mut path = Vec::new();
    for part in attr_path::split(name.as_bytes())? {
        if part.is_empty() {
            let message = format!("empty attribute name in the option path '{}'", name.to_string_lossy());
            return Err(Error::new(ErrorKind::Usage, message));
        }
        path.push(ev.mem.heap.intern(&part)?);
    }
    Ok(path)
}

/// The folders by which files are shown.
pub fn roots(ev: &Evaluator, opening: &Opening) -> Roots {
    let mut named = vec![(EMBEDDED.to_owned(), "«nival»".to_owned())];
    if let Opening::Nixos { nixpkgs, .. } = opening {
        // Without it the configuration would not have been opened.
        let folder = find(ev, nixpkgs.as_deref().unwrap_or(OsStr::new("<nixpkgs>")));
        named.extend(
            folder.map(|folder| (String::from_utf8_lossy(&folder).into_owned(), "<nixpkgs>".to_owned())),
        );
    }
    if let Opening::Flake { .. } = opening {
        let folders = flake_folders(ev);
        let place = |(folder, _): &(String, String)| {
            let real = ev.objects.place(folder.as_bytes())?;
            Some((folder.clone(), String::from_utf8_lossy(&real).into_owned()))
        };
        let places = folders.iter().filter_map(place).collect();
        named.extend(folders);
        return Roots::new("/", named).with_places(places);
    }
    Roots::new(&String::from_utf8_lossy(&ev.settings.base_dir), named)
}
