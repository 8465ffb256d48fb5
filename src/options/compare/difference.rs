//! A difference between two configurations.

use super::detail::Question;
use super::kind::ChangeKind;
use crate::modules::show_option;
use crate::native::lossy;
use crate::options::{OptionInfo, Plain};

/// A difference in an option, or in a part of its value.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Difference {
    /// The path's names; empty for the configuration as a whole.
    pub loc: Vec<String>,
    /// The path as nixpkgs shows it.
    pub name: String,
    /// What differs.
    pub kind: ChangeKind,
    /// What differs besides.
    pub also: Vec<ChangeKind>,
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
    pub(crate) fn of(loc: &[String], kind: ChangeKind, old: Option<Plain>, new: Option<Plain>) -> Difference {
        let name = lossy(&show_option(loc.iter().map(|name| name.as_bytes())));
        let loc = loc.to_vec();
        Difference { loc, name, kind, also: Vec::new(), old, new, to: None, is_visible: true }
    }

    /// A difference in an option.
    pub(crate) fn at(about: &OptionInfo, kind: ChangeKind) -> Difference {
        Difference::of(&about.loc, kind, None, None)
    }

    /// What to ask about it.
    pub(crate) fn question(&self) -> Question {
        let reads = self.kind.is_read() && !matches!(self.kind, ChangeKind::Added | ChangeKind::Removed);
        Question { loc: self.loc.clone(), reads, is_known: false }
    }
}
