//! A level of the tree of options.
//!
//! The names of a level are grouped once for all modules. Nothing below a name is evaluated before it is
//! needed, and finding out which options exist evaluates no definitions.

use crate::eval::{Evaluator, Object as _, Res, Row as _, object, row};
use crate::heap::{Slot, Sym};
use crate::native::{appended, list, share};
use crate::value::{Value, peek};

object! {
    /// A level of the tree of options.
    pub struct Level from LevelParts {
        /// The data that all levels of an evaluation share: a [`Context`].
        context,
        /// The path of the level.
        loc,
        /// The declarations of this level: a list of [`Decl`](crate::modules::declarations::Decl)s; may
        /// be suspended.
        decls,
        /// The definitions of this level: a list of [`Configs`](super::Configs), suspended.
        configs,
    } computes {
        /// The declared names: [`Groups`].
        groups: Level::find_groups,
        /// The options of the level and those below: a set of options and sets.
        matched: Level::find_options,
        /// The definitions without an option: a list of [`Stray`](super::Stray)s.
        unmatched: Level::find_strays,
        /// The definitions by name: [`Defined`](super::defined::Defined).
        defined: Level::find_definitions,
    }
}

row! {
    /// The data that all levels of an evaluation share.
    pub struct Context {
        /// The library that is passed to the modules of submodules.
        lib,
        /// Whether there are base modules.
        has_base,
    }
}

impl Context {
    /// The word that levels carry.
    pub fn word(self, ev: &Evaluator) -> Res<Value> {
        Ok(ev.mem.list(&self.words())?)
    }
}

row! {
    /// The names that a level declares, as lists of the same length.
    pub(super) struct Groups {
        /// The names, sorted.
        names,
        /// The declarations of each name: a list of [`Decl`](crate::modules::declarations::Decl)s; may
        /// be suspended.
        decls,
        /// The kind of each name: a [`Named`], suspended.
        kinds,
    }
}

/// The kind of a name of a level.
pub enum Named {
    /// An option.
    Option,
    /// An option of submodule type, to which some declarations add options by declaring them below it.
    Submodules,
    /// A level below.
    Below(Level),
}

impl Named {
    /// The value that represents it. A level is in a list, so that forcing the value does not force its fields.
    pub(super) fn word(self, ev: &Evaluator) -> Res<Value> {
        Ok(match self {
            Named::Option => Value::TRUE,
            Named::Submodules => Value::FALSE,
            Named::Below(level) => ev.mem.list(&[level.word()])?,
        })
    }

    fn of(ev: &Evaluator, value: Value) -> Named {
        match ev.mem.items(value) {
            [level] => Named::Below(Level::of(peek(level))),
            _ if value == Value::TRUE => Named::Option,
            _ => Named::Submodules,
        }
    }
}

impl Level {
    /// The options of the level and those below, suspended.
    pub fn options(self, ev: &Evaluator) -> Res<Value> {
        share(ev, self.matched(ev))
    }

    /// The data that the level shares with others.
    pub(super) fn shared(self, ev: &Evaluator) -> Context<&Slot> {
        Context::of(ev.mem.items(peek(self.context(ev))))
    }

    /// Whether the evaluation has base modules.
    #[inline]
    pub(super) fn has_base(self, ev: &Evaluator) -> bool {
        peek(self.shared(ev).has_base) == Value::TRUE
    }

    /// The path of the level.
    pub(super) fn path(self, ev: &Evaluator) -> Res<Value> {
        list(ev, self.loc(ev))
    }

    /// The path of one of the level's names.
    pub(super) fn path_of(self, ev: &Evaluator, name: usize) -> Res<Value> {
        let names = peek(self.grouped(ev)?.names);
        appended(ev, self.path(ev)?, peek(&ev.mem.items(names)[name]))
    }

    /// The level's names, their declarations and their kinds.
    pub(super) fn grouped(self, ev: &Evaluator) -> Res<Groups<&Slot>> {
        Ok(Groups::of(ev.mem.items(ev.force(self.groups(ev))?)))
    }

    /// The level's names, sorted.
    pub(super) fn names(self, ev: &Evaluator) -> Res<Vec<Sym>> {
        let names = ev.mem.items(peek(self.grouped(ev)?.names));
        Ok(names.iter().map(|name| ev.mem.symbol_of(peek(name))).collect::<Result<_, _>>()?)
    }

    /// The kind of a name.
    pub(super) fn kind(self, ev: &Evaluator, name: usize) -> Res<Named> {
        let kinds = peek(self.grouped(ev)?.kinds);
        Ok(Named::of(ev, ev.force(&ev.mem.items(kinds)[name])?))
    }
}
