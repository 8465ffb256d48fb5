//! Paths by the roots that they are below, so that a file is the same one in both configurations.

use crate::options::{About, Failure, Plain};

/// Folders and what stands for them.
#[derive(Debug, Clone, Default)]
pub struct Renames {
    /// For the places of definitions and declarations.
    pub places: Vec<(String, String)>,
    /// For values and messages.
    pub values: Vec<(String, String)>,
}

impl Renames {
    /// The file of a place by its root.
    pub fn place(&self, file: &str) -> String {
        for (folder, name) in &self.places {
            if let Some(rest) = file.strip_prefix(folder.as_str())
                && rest.starts_with('/')
            {
                return format!("{name}{rest}");
            }
        }
        file.to_owned()
    }

    /// A text with the folders in it replaced.
    fn text(&self, text: &mut String) {
        replace(text, &self.values);
    }

    /// The paths in a message for people.
    fn message(&self, text: &mut String) {
        replace(text, &self.places);
    }

    /// The paths in an error.
    pub fn failure(&self, failure: &mut Failure) {
        self.message(&mut failure.message);
        if let Some(at) = &mut failure.at {
            *at = self.place(at);
        }
    }

    /// The paths in a value.
    pub fn value(&self, value: &mut Plain) {
        match value {
            Plain::String(text) | Plain::Path(text) => self.text(text),
            Plain::List(items) => items.iter_mut().for_each(|item| self.value(item)),
            Plain::Set(entries) => entries.iter_mut().for_each(|(_, value)| self.value(value)),
            Plain::Property(_, content) => self.value(content),
            Plain::Failed(failure) => self.failure(failure),
            _ => {}
        }
    }

    /// The paths in a warning or assertion.
    fn messages(&self, value: &mut Plain) {
        match value {
            Plain::String(text) => self.message(text),
            Plain::Set(entries) => entries.iter_mut().for_each(|(_, value)| self.messages(value)),
            Plain::Failed(failure) => self.failure(failure),
            _ => {}
        }
    }

    /// The paths in what is known about an option.
    pub fn about(&self, about: &mut About) {
        use crate::options::{Default, Outcome};
        match &mut about.value {
            Plain::List(messages) if is_of_messages(&about.loc) => {
                messages.iter_mut().for_each(|message| self.messages(message));
            }
            value => self.value(value),
        }
        if let Some(Default::Value(value)) = &mut about.default {
            self.value(value);
        }
        for place in &mut about.declarations {
            place.file = self.place(&place.file);
        }
        for definition in &mut about.definitions {
            definition.file = self.place(&definition.file);
            definition.place.file = self.place(&definition.place.file);
            definition.value.iter_mut().for_each(|value| self.value(value));
            match &mut definition.outcome {
                Outcome::Failed(failure) => self.failure(failure),
                Outcome::Off(Some(condition)) => {
                    condition.place.file = self.place(&condition.place.file);
                }
                Outcome::Off(None) | Outcome::Wins | Outcome::Lost(_) => {}
            }
            for item in &mut definition.items {
                item.place.file = self.place(&item.place.file);
                item.value.iter_mut().for_each(|value| self.value(value));
            }
        }
    }
}

/// Whether an option has messages for people.
pub fn is_of_messages(loc: &[String]) -> bool {
    matches!(loc, [name] if name == "warnings" || name == "assertions")
}

/// Replaces folders in a text by their names: where a path begins with one, not where a longer name does.
fn replace(text: &mut String, folders: &[(String, String)]) {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    for (folder, name) in folders.iter().filter(|(folder, _)| !folder.is_empty()) {
        let mut from = 0;
        while let Some(at) = text[from..].find(folder.as_str()).map(|at| from + at) {
            let (before, behind) = (&text[..at], &text[at + folder.len()..]);
            let is_whole = !before.ends_with(|c| is_part(c) || c == '/') && !behind.starts_with(is_part);
            let new = if is_whole { name } else { folder };
            let end = at + new.len();
            text.replace_range(at..at + folder.len(), new);
            from = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_names_are_replaced() {
        let folders = [("/a/nixpkgs".to_owned(), "<nixpkgs>".to_owned())];
        let mut text = "/a/nixpkgs/lib `/a/nixpkgs' /a/nixpkgs-26.11/lib /b/a/nixpkgs".to_owned();
        replace(&mut text, &folders);
        assert_eq!(text, "<nixpkgs>/lib `<nixpkgs>' /a/nixpkgs-26.11/lib /b/a/nixpkgs");
    }
}
