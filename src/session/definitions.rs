//! The definitions of options as users of the library see them.

use super::error::{Error, Position};
use crate::eval::Evaluator;
use crate::options;
use crate::source::Pos;

/// A definition of an option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The module's file, as nixpkgs names it.
    pub file: String,
    /// The attribute that defines the option; `None` for a default, and where the position is lost (`mapAttrs`).
    pub position: Option<Position>,
    /// The priority: 100, or that of `mkOverride`, `mkDefault`, `mkForce`. Lower numbers win.
    pub priority: i64,
    /// The place among the definitions that count: 1000, or that of `mkOrder`, `mkBefore`, `mkAfter`.
    pub order: i64,
    /// Whether it is the default of the option's declaration.
    pub is_default: bool,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is part of the option's value.
    Won,
    /// Another definition has a better priority.
    Lost {
        /// That priority.
        to: i64,
    },
    /// A condition of `mkIf` does not hold.
    Off {
        /// Where the condition is, if that is known.
        by: Option<Position>,
    },
    /// Its condition, priority or value cannot be evaluated.
    Failed {
        /// The error.
        why: Error,
    },
}

impl Definition {
    pub(super) fn of(ev: &Evaluator, definition: &options::Definition) -> Definition {
        let position = |pos: Pos| Position::of(ev, pos);
        Definition {
            file: definition.file.clone(),
            position: position(definition.pos),
            priority: definition.priority,
            order: definition.order,
            is_default: definition.is_default,
            fate: match &definition.fate {
                options::Fate::Wins => Fate::Won,
                options::Fate::Lost(to) => Fate::Lost { to: *to },
                options::Fate::Off => Fate::Off { by: position(definition.trail.condition) },
                options::Fate::Failed(e) => Fate::Failed { why: Error::of(ev, e) },
            },
        }
    }
}
