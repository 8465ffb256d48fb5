//! The words in which texts and values differ: changed lines that have them are likely to be the cause.

use std::collections::BTreeSet;

use super::difference::Difference;
use crate::options::Plain;

/// Words of fewer letters are in too many texts.
const SHORTEST: usize = 2;

/// The words that only one of the values of a difference has.
pub fn of_difference(difference: &Difference) -> BTreeSet<String> {
    let of = |value: &Option<Plain>| {
        let mut words = BTreeSet::new();
        if let Some(value) = value {
            add_value(value, &mut words);
        }
        words
    };
    &of(&difference.old) ^ &of(&difference.new)
}

/// The words that only one of two texts has.
pub fn of_texts(old: &Option<String>, new: &Option<String>) -> BTreeSet<String> {
    let of = |text: &Option<String>| {
        let mut words = BTreeSet::new();
        add(text.as_deref().unwrap_or_default(), &mut words);
        words
    };
    &of(old) ^ &of(new)
}

fn add_value(value: &Plain, words: &mut BTreeSet<String>) {
    match value {
        Plain::String(text) | Plain::Path(text) | Plain::Derivation(text) => add(text, words),
        Plain::Failed(failure) => add(&failure.message, words),
        Plain::List(items) => items.iter().for_each(|item| add_value(item, words)),
        Plain::Set(entries) => {
            for (name, value) in entries {
                add(name, words);
                add_value(value, words);
            }
        }
        Plain::Property(_, content) => add_value(content, words),
        Plain::Int(number) => drop(words.insert(number.to_string())),
        Plain::Float(number) => drop(words.insert(number.to_string())),
        Plain::Bool(value) => drop(words.insert(value.to_string())),
        Plain::Null | Plain::Function | Plain::Opaque(_) | Plain::Cycle | Plain::Cut => {}
    }
}

/// Adds the words of a text: versions and the names of files are words.
fn add(text: &str, words: &mut BTreeSet<String>) {
    let found = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '_'));
    let found = found.map(|word| word.trim_matches('.')).filter(|word| word.len() >= SHORTEST);
    words.extend(found.map(str::to_owned));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_words() {
        let text = |text: &str| Some(text.to_owned());
        let words = of_texts(&text("version = \"1.9p2\"; # a-b."), &text("version = \"1.10\"; # a-b"));
        assert_eq!(words, ["1.10", "1.9p2"].map(str::to_owned).into());
        let value = |name: &str| Some(Plain::List(vec![Plain::Derivation(name.to_owned())]));
        let kind = super::super::ChangeKind::Value;
        let difference = Difference::of(&[], kind, value("demo-1.9p2"), value("demo-1.10"));
        assert_eq!(of_difference(&difference), words);
    }
}
