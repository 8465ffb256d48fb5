//! The same element twice in a list.

use hashbrown::HashMap;

use super::draft::Draft;
use super::judged::Judged;
use super::rule::{Level, Rule};
use super::same::{is_same, outline};
use crate::heap::Slot;
use crate::options::about::{ItemInfo, Outcome};
use crate::options::plain::Plain;

pub static RULE: Rule = Rule {
    name: "duplicate-element",
    level: Level::Warn,
    summary: "A list has the same element twice.",
    judge,
};

/// An element of a definition that counts.
struct Element<'a> {
    definition: usize,
    item: &'a ItemInfo,
    slot: &'a Slot,
}

fn judge(option: &Judged<'_, '_>, found: &mut Vec<Draft>) {
    if !matches!(option.about.value, Plain::List(_)) {
        return;
    }
    let ev = option.opened.ev;
    // Only elements that look alike are compared.
    let mut alike: HashMap<String, Vec<Element<'_>>> = HashMap::new();
    for (number, definition) in option.about.definitions.iter().enumerate() {
        let list = ev.force_value(option.found.all[number].value);
        let (Outcome::Wins, Ok(list)) = (&definition.outcome, list) else {
            continue;
        };
        if !list.is_list() {
            continue;
        }
        for (item, slot) in definition.items.iter().zip(ev.mem.items(list)) {
            if let Some(outline) = outline(ev, slot) {
                let element = Element { definition: number, item, slot };
                alike.entry(format!("{outline:?}")).or_default().push(element);
            }
        }
    }
    for group in alike.into_values().filter(|group| group.len() > 1) {
        for (i, element) in group.iter().enumerate().skip(1) {
            let Some(first) = group[..i].iter().find(|other| is_same(ev, other.slot, element.slot)) else {
                continue;
            };
            // The finding is where the user can change something.
            let (at, other) = match (option.judges(&element.item.place), option.judges(&first.item.place)) {
                (true, _) => (element, first),
                (false, true) => (first, element),
                (false, false) => continue,
            };
            let message = "the list has this element twice".to_owned();
            let (definition, place) = (at.definition, at.item.place.clone());
            let draft = Draft { definition, place, message, related: Vec::new() };
            found.push(draft.with(&other.item.place, "the other one"));
        }
    }
}
