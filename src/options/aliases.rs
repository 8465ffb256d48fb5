//! Definitions that reach an option by an older name: `mkAliasOptionModule`, `mkRenamedOptionModule` and the like declare
//! the old option, and define the new one with the old one's definitions.

use std::rc::Rc;

use super::definitions::{Definition, Fate, classify};
use super::evaluations::{Evaluated, default_of};
use super::sources::Source;
use super::trail::Step;
use super::tree;
use crate::eval::{Evaluator, Res};
use crate::heap::Sym;
use crate::native::get;
use crate::source::Pos;
use crate::value::Value;

/// So many old names a definition may have passed.
const MOST_NAMES: usize = 8;
/// A module of `mkMergedOptionModule` declares at most so many old options.
const MOST_OPTIONS: usize = 32;

/// What becomes of an option's default and its other definitions, with those behind older names.
pub fn definitions_of(
    ev: &Evaluator,
    evaluation: &Evaluated,
    option: Option<Value>,
    path: &[Sym],
) -> Res<Vec<Definition>> {
    Finder { ev, evaluation }.definitions(option, path, 0)
}

struct Finder<'a> {
    ev: &'a Evaluator,
    evaluation: &'a Evaluated,
}

impl Finder<'_> {
    fn definitions(&self, option: Option<Value>, path: &[Sym], names: usize) -> Res<Vec<Definition>> {
        let ev = self.ev;
        let default = option.map(|option| default_of(ev, option)).transpose()?.flatten();
        let mut all = classify(ev, default, &self.evaluation.definitions(ev, path)?);
        if all.iter().any(|definition| self.evaluation.is_computed(ev, definition.pos)) {
            // Where that fails, the definitions keep the files that the lib knows.
            let _ = self.place(&mut all, path, names);
        }
        Ok(all)
    }

    /// Finds places for the definitions whose attributes are computed.
    fn place(&self, all: &mut [Definition], path: &[Sym], names: usize) -> Res<()> {
        let (ev, evaluation) = (self.ev, self.evaluation);
        let sources = evaluation.sources(ev, path)?;
        for definition in all.iter_mut().filter(|definition| evaluation.is_computed(ev, definition.pos)) {
            definition.pos = Pos::NONE;
            let Some(source) = definition.number.and_then(|number| sources.get(number)) else {
                continue;
            };
            definition.pos = source.pos;
            if evaluation.is_computed(ev, source.pos) && names < MOST_NAMES {
                definition.pos = Pos::NONE;
                self.see_through(definition, source, path, names)?;
            }
        }
        Ok(())
    }

    /// Finds the old option whose definition this is.
    fn see_through(
        &self,
        definition: &mut Definition,
        source: &Source,
        path: &[Sym],
        names: usize,
    ) -> Res<()> {
        let mut old = self.evaluation.declared(self.ev, source.module)?;
        old.retain(|(declared, _)| declared != path);
        if let Some(Step::Part(number)) = definition.trail.inside.last() {
            for (from, _) in &old {
                let given = self.given(from, names)?;
                if let Some(origin) = given.get(*number)
                    && self.is_same(origin.value, definition.value)
                {
                    take(definition, origin, &[from]);
                    return Ok(());
                }
            }
        }
        // The value is computed from that of one or more old options.
        let hidden = |option: Value| {
            let visible = get(self.ev, option, "visible").map(|slot| self.ev.force(slot));
            matches!(visible, Some(Ok(Value::FALSE)))
        };
        if old.len() > MOST_OPTIONS || !old.iter().all(|(_, option)| hidden(*option)) {
            return Ok(());
        }
        if matches!(definition.fate, Fate::Off) {
            definition.through = old.iter().map(|(from, _)| Rc::from(&from[..])).collect();
            return Ok(());
        }
        let mut first = None;
        let mut used = Vec::new();
        for (from, _) in &old {
            if let Some(given) = self.given(from, names)?.into_iter().next() {
                first.get_or_insert(given);
                used.push(&from[..]);
            }
        }
        if let Some(first) = first {
            take(definition, &first, &used);
        }
        Ok(())
    }

    /// The definitions of an old option that count, without its default.
    fn given(&self, from: &[Sym], names: usize) -> Res<Vec<Definition>> {
        let option = match tree::find(self.ev, self.evaluation.options(self.ev)?, from)? {
            tree::Found::Option { option, names } if names == from.len() => Some(option),
            _ => None,
        };
        let mut all = self.definitions(option, from, names + 1)?;
        all.retain(|definition| matches!(definition.fate, Fate::Wins) && !definition.is_default);
        Ok(all)
    }

    /// Whether two values are one: the alias passes the values on.
    fn is_same(&self, a: Value, b: Value) -> bool {
        match (self.ev.force_value(a), self.ev.force_value(b)) {
            (Ok(a), Ok(b)) => a == b,
            _ => false,
        }
    }
}

/// Lets a definition be where its origin is.
fn take(definition: &mut Definition, origin: &Definition, through: &[&[Sym]]) {
    definition.pos = origin.pos;
    definition.trail = origin.trail.clone();
    definition.through = through.iter().map(|from| Rc::from(*from)).collect();
    definition.through.extend(origin.through.iter().cloned());
}
