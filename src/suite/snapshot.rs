//! Snapshots: a text with a line for each option, and how two of them differ.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// The values of options by their names, as shown.
pub type Lines = BTreeMap<String, String>;

/// An option whose value is not the recorded one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Change {
    /// The option's name, or the name of a part of its value.
    pub name: String,
    /// The recorded value; `None` if there was none.
    pub old: Option<String>,
    /// The value; `None` if there is none any more.
    pub new: Option<String>,
}

impl Change {
    /// A word for it.
    pub fn kind(&self) -> &'static str {
        match (&self.old, &self.new) {
            (None, _) => "new",
            (_, None) => "removed",
            (Some(_), Some(_)) => "changed",
        }
    }
}

/// The text of a snapshot.
pub fn write_snapshot(lines: &Lines) -> String {
    let mut text = String::new();
    for (name, value) in lines {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name} = {value}");
    }
    text
}

/// Reads the text of a snapshot.
///
/// # Errors
/// The number of a line that is not `name = value`: a conflict of versions that was not resolved, for example.
pub fn read_snapshot(text: &str) -> Result<Lines, usize> {
    let mut lines = Lines::new();
    for (number, line) in text.lines().enumerate() {
        if !line.is_empty() {
            let at = end_of_name(line).ok_or(number + 1)?;
            lines.insert(line[..at].to_owned(), line[at + SEPARATOR.len()..].to_owned());
        }
    }
    Ok(lines)
}

const SEPARATOR: &str = " = ";

/// Where the name at the beginning of a line ends. Parts of it may stand in quotes.
fn end_of_name(line: &str) -> Option<usize> {
    let mut quoted = false;
    let mut bytes = line.bytes().enumerate();
    while let Some((at, c)) = bytes.next() {
        match c {
            b'"' => quoted = !quoted,
            b'\\' if quoted => _ = bytes.next(),
            b' ' if !quoted => return line[at..].starts_with(SEPARATOR).then_some(at),
            _ => {}
        }
    }
    None
}

/// The options whose values differ, in the order of their names.
pub fn compare(old: &Lines, new: &Lines) -> Vec<Change> {
    let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name)));
    let change = |name: &String| {
        let (old, new) = (old.get(name), new.get(name));
        (old != new).then(|| Change { name: name.clone(), old: old.cloned(), new: new.cloned() })
    };
    let mut changes: Vec<Change> = names.filter_map(change).collect();
    changes.sort();
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pairs: &[(&str, &str)]) -> Lines {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let all = lines(&[("a.b", "1"), ("a.\"x = \\\"y\".z", "\"p = q\""), ("b", "{ }")]);
        assert_eq!(read_snapshot(&write_snapshot(&all)), Ok(all));
        assert_eq!(read_snapshot("a = 1\n<<<<<<< ours\n"), Err(2));
        assert_eq!(read_snapshot("a\n"), Err(1));
    }

    #[test]
    fn differences_are_new_removed_and_changed() {
        let changes = compare(
            &lines(&[("a", "1"), ("b", "2"), ("c", "3")]),
            &lines(&[("b", "2"), ("c", "4"), ("d", "5")]),
        );
        let shown: Vec<_> = changes.iter().map(|change| (&change.name[..], change.kind())).collect();
        assert_eq!(shown, [("a", "removed"), ("c", "changed"), ("d", "new")]);
    }
}
