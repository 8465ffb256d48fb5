//! The definitions of options as users of the library see them.

use super::error::Position;
use crate::eval::Evaluator;
use crate::modules;
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
    /// Its fate.
    pub fate: Fate,
}

/// The fate of a definition.
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
}

impl Definition {
    pub(super) fn of(ev: &Evaluator, definition: &modules::Definition) -> Definition {
        let position = |pos: Pos| Position::of(ev, pos);
        Definition {
            file: definition.file.clone(),
            position: position(definition.pos),
            priority: definition.priority,
            order: definition.order,
            fate: match definition.fate {
                modules::Fate::Won => Fate::Won,
                modules::Fate::Lost(to) => Fate::Lost { to },
                modules::Fate::Off(condition) => Fate::Off { by: position(condition) },
            },
        }
    }
}
