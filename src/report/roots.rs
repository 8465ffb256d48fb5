//! The folders by which the files of a configuration are shown.

use std::ffi::OsStr;

use super::paths::Roots;
use crate::eval::Evaluator;
use crate::options::{EMBEDDED, Opening, find, flake_folders};

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
