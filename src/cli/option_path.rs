//! Options on the command line, and the folders by which files are shown.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::heap::Sym;
use crate::options::{EMBEDDED, Opening, attr_path, find};
use crate::report::Roots;

/// The path of an option from its name on the command line.
///
/// # Errors
/// When a name is empty or a quote is not closed.
pub fn of(ev: &Evaluator, name: &OsStr) -> Res<Vec<Sym>> {
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
    Roots::new(&String::from_utf8_lossy(&ev.settings.base_dir), named)
}
