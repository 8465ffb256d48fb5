//! Paths by the roots that they are below, so that a file is the same one in both configurations.

use std::ffi::OsStr;

use crate::eval::{Evaluator, Res};
use crate::options::{Failure, NamedPaths, Opening, OptionInfo, Plain, find};

/// Folders and what stands for them.
#[derive(Debug, Clone, Default)]
pub struct Renames {
    /// For the places of definitions and declarations, and in messages.
    pub places: NamedPaths,
    /// For values.
    pub values: NamedPaths,
}

impl Renames {
    /// The folders of a configuration by their names. In values, only those of flakes are named, whose store paths are other ones
    /// after each change, and a nixpkgs that the other configuration does not have.
    pub fn of(opening: &Opening, folders: &[(String, String)], has_own_tree: bool) -> Renames {
        let is_flake = matches!(opening, Opening::Flake { .. });
        let in_values = folders.iter().filter(|(_, name)| is_flake || has_own_tree && name == "<nixpkgs>");
        Renames {
            values: NamedPaths::new(in_values.cloned()),
            places: NamedPaths::new(folders.iter().cloned()),
        }
    }

    /// A file as it is named on the command line, by its root.
    ///
    /// # Errors
    /// When `<name>` is not in the search path.
    pub fn file(&self, ev: &Evaluator, name: &OsStr) -> Res<String> {
        Ok(self.place(&String::from_utf8_lossy(&find(ev, name)?)))
    }

    /// The file of a place by its root.
    pub fn place(&self, file: &str) -> String {
        self.places.text(file)
    }

    /// The paths in an error.
    pub fn failure(&self, failure: &mut Failure) {
        failure.message = self.places.text(&failure.message);
        if let Some(at) = &mut failure.at {
            *at = self.place(at);
        }
    }

    /// The paths in a value.
    pub fn value(&self, value: &mut Plain) {
        match value {
            Plain::String(text) | Plain::Path(text) => *text = self.values.text(text),
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
            Plain::String(text) => *text = self.places.text(text),
            Plain::Set(entries) => entries.iter_mut().for_each(|(_, value)| self.messages(value)),
            Plain::Failed(failure) => self.failure(failure),
            _ => {}
        }
    }

    /// The paths in what is known about an option.
    pub fn about(&self, about: &mut OptionInfo) {
        use crate::options::{DefaultValue, Outcome};
        match &mut about.value {
            Plain::List(messages) if is_of_messages(&about.loc) => {
                messages.iter_mut().for_each(|message| self.messages(message));
            }
            value => self.value(value),
        }
        if let Some(DefaultValue::Value(value)) = &mut about.default {
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
