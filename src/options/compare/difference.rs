//! A difference between two configurations.

use super::detail::Question;
use super::kind::Kind;
use crate::modules::show_option;
use crate::native::lossy;
use crate::options::{About, Plain};

/// A difference in an option, or in a part of its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The path's names; empty for the configuration as a whole.
    pub loc: Vec<String>,
    /// The path as nixpkgs shows it.
    pub name: String,
    /// What differs.
    pub kind: Kind,
    /// What differs besides.
    pub also: Vec<Kind>,
    /// What it was: a value, or the text of a type or description.
    pub old: Option<Plain>,
    /// What it is now.
    pub new: Option<Plain>,
    /// For a renamed option, its new name.
    pub to: Option<String>,
    /// Whether it is an option that users see.
    pub is_visible: bool,
}

impl Difference {
    /// A difference at a path that leads to an option.
    pub fn of(loc: &[String], kind: Kind, old: Option<Plain>, new: Option<Plain>) -> Difference {
        let name = lossy(&show_option(loc.iter().map(|name| name.as_bytes())));
        let loc = loc.to_vec();
        Difference { loc, name, kind, also: Vec::new(), old, new, to: None, is_visible: true }
    }

    /// A difference in an option.
    pub fn at(about: &About, kind: Kind) -> Difference {
        Difference::of(&about.loc, kind, None, None)
    }

    /// What to ask about it.
    pub fn question(&self) -> Question {
        let reads = self.kind.is_read() && !matches!(self.kind, Kind::Added | Kind::Removed);
        Question { loc: self.loc.clone(), reads, is_known: false }
    }
}
