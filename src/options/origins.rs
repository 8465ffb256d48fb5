//! Where the definitions of an option come from: how they are written, on which condition, and which of them each element
//! or attribute of the value is from.

use super::about::{
    Condition, DefinitionInfo, Excerpt, ItemInfo, OptionInfo, Outcome, Place, place as position,
};
use super::definitions::{Definition, Fate, classify_attribute};
use super::opened::{Definitions, Opened};
use super::plain::{Bounds, OFF, Plain};
use super::texts::{Spot, names_to};
use super::trail::{Reached, Step};
use super::tree::Found;
use crate::heap::Sym;
use crate::native::lossy;
use crate::syntax::written::{Binding, Piece};

/// The types that do not look at the properties of attributes, or take each definition as one value.
pub(super) const UNMERGED: [&str; 4] = ["attrs", "raw", "unspecified", "deferredModule"];

/// What is written of a definition.
#[derive(Default)]
struct Told {
    excerpt: Option<Excerpt>,
    /// The condition that does not hold.
    condition: Option<Condition>,
    /// Where the elements of its list are, as far as that is certain.
    elements: Vec<Option<Place>>,
    /// Where it is, if it is an element of a list.
    place: Option<Place>,
}

/// The file of a module without one, as nixpkgs calls it.
const UNKNOWN_FILE: &str = "<unknown-file>";

impl Opened<'_> {
    /// Adds to what there is to say about the option at a path, whose definitions are `found`, where they come from.
    /// Reads the files that the definitions are in. Of the attributes' values, `bounds` says how much is taken.
    pub fn add_origins(&self, about: &mut OptionInfo, path: &[Sym], found: &Definitions, bounds: Bounds) {
        for (about, definition) in about.definitions.iter_mut().zip(&found.all) {
            let length = match &about.value {
                Some(Plain::List(items)) => items.len(),
                _ => 0,
            };
            let told = self.told(definition, path, length);
            about.excerpt = told.excerpt;
            if let Some(place) = told.place {
                about.place = place;
            }
            if let Outcome::Off(known) = &mut about.outcome {
                *known = told.condition;
            }
            about.items = elements(about, told.elements);
        }
        self.add_attributes(about, path, found, bounds);
        about.moved = found.option.filter(|_| found.names == path.len()).and_then(|it| self.moved(path, it));
        self.add_declarations(about, path);
        about.has_origins = true;
    }

    /// Adds the places of declarations in releases that know only their files.
    fn add_declarations(&self, about: &mut OptionInfo, path: &[Sym]) {
        let known = about.declarations.iter().all(|place| place.at.is_some());
        let names = match self.find(path) {
            Found::Option { names, .. } => names,
            _ => path.len(),
        };
        if !known && let Ok(declared) = self.declared_at(path, names) {
            let places: Vec<Place> = declared.iter().filter_map(|pos| position(self.ev, *pos)).collect();
            // A module's options may be written in another file, which it imports.
            let is_only = about.declarations.len() == 1 && places.len() == 1;
            for declaration in about.declarations.iter_mut().filter(|place| place.at.is_none()) {
                let mut same = places.iter().filter(|place| place.file == declaration.file);
                let is_that = is_only || declaration.file == UNKNOWN_FILE;
                if let Some(place) = same.next().or(places.first().filter(|_| is_that)) {
                    *declaration = place.clone();
                }
            }
        }
        about.place_default();
    }

    /// What is written of a definition at a path, whose value is a list of this length.
    fn told(&self, definition: &Definition, path: &[Sym], length: usize) -> Told {
        let mut told = Told::default();
        let called = self.texts.spot(self.ev, definition.trail.condition);
        told.condition = called.and_then(|spot| Some(condition(&spot, &spot.condition()?)));
        let element = match definition.trail.inside.last() {
            Some(Step::Element(number, of)) => Some((*number, *of)),
            _ => None,
        };
        let list_path = if element.is_some() { &path[..path.len() - 1] } else { path };
        let path = definition.through.last().map_or(list_path, |old| old);
        let names: Vec<&[u8]> = path.iter().map(|name| self.ev.mem.heap.name(*name)).collect();
        let Some(spot) = self.texts.spot(self.ev, definition.pos) else {
            return told;
        };
        let Some((binding, names)) =
            spot.binding().and_then(|b| names_to(&b, &names).map(|names| (b, names)))
        else {
            return told;
        };
        // The value of `a.b.c = 1;` is that of `a.b.c`. Of `a.b` there may be more in other bindings.
        let whole = names == binding.names.len();
        let reached = binding.value.as_ref().filter(|_| whole);
        let reached = reached.and_then(|value| definition.trail.reach(value));
        if let Some((number, of)) = element {
            let list = reached.and_then(|reached| reached.value.list.as_ref());
            let piece = list.and_then(|list| list.element(number, of));
            told.place = piece.map(|piece| place(&spot, piece));
            return told;
        }
        if whole {
            told.excerpt = Some(excerpt(&spot, &binding, reached.as_ref()));
        }
        if let Some(list) = reached.and_then(|reached| reached.value.list.as_ref()) {
            let element = |i| list.element(i, length).map(|piece| place(&spot, piece));
            told.elements = (0..length).map(element).collect();
        }
        if told.condition.is_none() && matches!(definition.fate, Fate::Off) {
            let text = match definition.trail.off {
                Some(_) => definition.trail.condition_around(&binding),
                None => reached.and_then(|reached| reached.condition),
            };
            told.condition = text.map(|text| condition(&spot, text));
        }
        told
    }

    /// The conditions of `mkIf` that are written around a definition.
    pub fn conditions(&self, definition: &Definition) -> Vec<Condition> {
        let spot = self.texts.spot(self.ev, definition.pos);
        let (Some(spot), mut found) = (spot, Vec::new()) else {
            return Vec::new();
        };
        if let Some(binding) = spot.binding() {
            let inside = binding.value.iter().flat_map(|value| &value.properties);
            let all = binding.around.iter().chain(inside).filter(|property| property.kind.is_condition());
            found.extend(all.filter_map(|property| Some(condition(&spot, &property.argument?))));
        }
        found
    }

    /// Adds the attributes of sets.
    fn add_attributes(&self, about: &mut OptionInfo, path: &[Sym], found: &Definitions, bounds: Bounds) {
        let unmerged = about.type_name.as_ref().is_some_and(|name| UNMERGED.contains(&name.as_str()));
        if unmerged {
            return;
        }
        let mut names: Vec<&str> = Vec::new();
        for about in &about.definitions {
            if let (Some(Plain::Set(entries)), Outcome::Wins) = (&about.value, &about.outcome) {
                names.extend(entries.iter().map(|(name, _)| name.as_str()));
            }
        }
        names.sort_unstable();
        names.dedup();
        let mut items = Vec::new();
        for name in names {
            let Some(symbol) = self.ev.mem.heap.interned(name.as_bytes()) else {
                continue;
            };
            let path: Vec<Sym> = path.iter().copied().chain([symbol]).collect();
            for (owner, part) in classify_attribute(self.ev, &found.all, symbol) {
                let mut about = self.about_definition(&part, Some(bounds));
                if let Outcome::Off(known) = &mut about.outcome {
                    *known = self.told(&part, &path, 0).condition;
                }
                if self.root().is_some_and(|root| root.is_computed(self.ev, part.pos)) {
                    about.place.at = None;
                }
                items.push((owner, name.to_owned(), about));
            }
        }
        for (owner, name, part) in items {
            let whole = &mut about.definitions[owner];
            let place = if part.place.at.is_some() { part.place } else { whole.place.clone() };
            let (outcome, priority, value) = (part.outcome, part.priority, part.value);
            whole.items.push(ItemInfo {
                name: Some(name),
                place,
                outcome,
                priority,
                value,
                from: Vec::new(),
            });
        }
    }
}

/// The elements of a definition's list, at these places or else at the definition's.
fn elements(about: &DefinitionInfo, mut places: Vec<Option<Place>>) -> Vec<ItemInfo> {
    let Some(Plain::List(items)) = &about.value else {
        return Vec::new();
    };
    places.resize(items.len(), None);
    let is_off = |value: &Plain| matches!(value, Plain::Property(function, _) if function == OFF);
    let item = |(value, place): (&Plain, Option<Place>)| ItemInfo {
        name: None,
        place: place.unwrap_or_else(|| about.place.clone()),
        outcome: if is_off(value) { Outcome::Off(None) } else { about.outcome.clone() },
        priority: about.priority,
        value: Some(value.clone()),
        from: Vec::new(),
    };
    items.iter().zip(places).map(item).collect()
}

/// How a definition is written.
fn excerpt(spot: &Spot, binding: &Binding<'_>, reached: Option<&Reached<'_, '_>>) -> Excerpt {
    let piece = match reached {
        Some(reached) if reached.is_part => &reached.value.whole,
        _ => &binding.whole,
    };
    let comment = binding.above.as_ref().or(binding.beside.as_ref());
    Excerpt {
        text: lossy(piece.text),
        value: reached.map(|reached| lossy(reached.value.core.text)),
        start: (piece.line, piece.column),
        end: spot.source.line_column(piece.end() as u32),
        comment: comment.map(|comment| lossy(&comment.text)).filter(|text| !text.is_empty()),
    }
}

fn condition(spot: &Spot, piece: &Piece<'_>) -> Condition {
    Condition { text: lossy(piece.text), place: place(spot, piece) }
}

fn place(spot: &Spot, piece: &Piece<'_>) -> Place {
    Place { file: spot.source.origin_name(), at: Some((piece.line, piece.column)) }
}
