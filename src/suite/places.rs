//! Where the options that differ from a snapshot are set.

use super::snapshot::Change;
use crate::heap::Sym;
use crate::options::{Bounds, DefinitionInfo, Opened, Outcome, Place, attr_path};
use crate::report::on_one_line;

/// The most places of an option.
const MOST: usize = 3;

/// Where the definitions are that the new value of an option comes from: those whose parts are not in the old value, if
/// there are any.
pub fn places(opened: &Opened<'_>, change: &Change) -> Vec<String> {
    let Some(path) = path(opened, &change.name) else {
        return Vec::new();
    };
    let Ok(found) = opened.definitions(&path) else {
        return Vec::new();
    };
    let mut about = opened.about(&path, &found, Bounds::LINE);
    opened.add_origins(&mut about, &path, &found, Bounds::LINE);
    let counts = |definition: &&DefinitionInfo| definition.outcome == Outcome::Wins;
    let winners: Vec<&DefinitionInfo> = about.definitions.iter().filter(counts).collect();
    let old = change.old.as_deref().unwrap_or_default();
    let mut new_parts: Vec<String> = Vec::new();
    for definition in &winners {
        let items = definition.items.iter().filter(|item| item.outcome == Outcome::Wins);
        for item in items {
            let is_new = item.value.as_ref().is_some_and(|value| !old.contains(&on_one_line(value)));
            if is_new {
                push(&mut new_parts, &item.place);
            }
        }
    }
    if new_parts.is_empty() {
        for definition in winners {
            push(&mut new_parts, &definition.place);
        }
    }
    if new_parts.is_empty() {
        about.declarations.iter().for_each(|place| push(&mut new_parts, place));
    }
    new_parts.truncate(MOST);
    new_parts
}

fn push(places: &mut Vec<String>, place: &Place) {
    let place = place.to_string();
    if !places.contains(&place) {
        places.push(place);
    }
}

/// The path that a name in a snapshot shows.
fn path(opened: &Opened<'_>, name: &str) -> Option<Vec<Sym>> {
    let names = attr_path::split(name.as_bytes()).ok()?;
    names.iter().map(|name| opened.ev.mem.heap.intern(name).ok()).collect()
}
