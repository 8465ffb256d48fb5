//! Definitions that reach an option by an older name: `mkAliasOptionModule`, `mkRenamedOptionModule` and the like declare
//! the old option, and define the new one with the old one's definitions.

use std::cell::RefCell;
use std::rc::Rc;

use hashbrown::HashMap;

use super::definitions::{Definition, Fate, classify};
use super::evaluations::{Evaluated, default_of};
use super::sources::Source;
use super::trail::Step;
use super::tree;
use crate::eval::{Evaluator, Res};
use crate::heap::Sym;
use crate::native::{get, text};
use crate::source::Pos;
use crate::value::Value;

/// A module for old names declares at most so many options.
const MOST_OPTIONS: usize = 64;

/// What becomes of an option's default and its other definitions, with those behind older names.
pub fn definitions_of(
    ev: &Evaluator,
    evaluation: &Evaluated,
    option: Option<Value>,
    path: &[Sym],
) -> Res<Vec<Definition>> {
    Finder { ev, evaluation, given: RefCell::default() }.definitions(option, path)
}

/// The other option in the description of an alias.
pub fn described(ev: &Evaluator, option: Value) -> Option<String> {
    let found = ev.force(get(ev, option, "description")?).ok().filter(|v| v.is_string())?;
    let description = text(ev, found);
    let begins = ["Alias of ", "Obsolete name of ", "Deprecated name of "];
    let rest = begins.iter().find_map(|begin| description.strip_prefix(begin))?;
    let marks = [("{option}`", "`."), ("<option>", "</option>.")];
    let to = marks.iter().find_map(|(open, close)| rest.strip_prefix(open)?.strip_suffix(close))?;
    Some(to.to_owned())
}

/// Whether an option is hidden from documentation.
pub fn is_hidden(ev: &Evaluator, option: Value) -> bool {
    let visible = get(ev, option, "visible").map(|slot| ev.force(slot));
    matches!(visible, Some(Ok(Value::FALSE)))
}

struct Finder<'a> {
    ev: &'a Evaluator,
    evaluation: &'a Evaluated,
    /// What old options are given; `None` while that is being found out.
    given: RefCell<Given>,
}

type Given = HashMap<Vec<Sym>, Option<Rc<[Definition]>>>;

impl Finder<'_> {
    fn definitions(&self, option: Option<Value>, path: &[Sym]) -> Res<Vec<Definition>> {
        let ev = self.ev;
        let default = option.map(|option| default_of(ev, option)).transpose()?.flatten();
        let raws = self.evaluation.definitions(ev, path)?;
        let mut all = classify(ev, default, &raws);
        if all.iter().any(|definition| self.evaluation.is_computed(ev, definition.pos)) {
            // Where that fails, the definitions keep the files that the lib knows.
            let _ = self.place(&mut all, path, raws.len());
        }
        Ok(all)
    }

    /// Finds places for the definitions whose attributes are computed.
    fn place(&self, all: &mut [Definition], path: &[Sym], given: usize) -> Res<()> {
        let (ev, evaluation) = (self.ev, self.evaluation);
        let sources = evaluation.sources(ev, path)?;
        // The native engine leaves definitions of base modules out where another module declares the option.
        let numbered = sources.len() == given;
        for definition in all.iter_mut().filter(|definition| evaluation.is_computed(ev, definition.pos)) {
            definition.pos = Pos::NONE;
            let source = definition.number.filter(|_| numbered).and_then(|number| sources.get(number));
            match source {
                Some(source) if evaluation.is_computed(ev, source.pos) => {
                    self.see_through(definition, source, path)?;
                }
                Some(source) => definition.pos = source.pos,
                None => {}
            }
        }
        Ok(())
    }

    /// Finds the old option whose definition this is.
    fn see_through(&self, definition: &mut Definition, source: &Source, path: &[Sym]) -> Res<()> {
        let mut old = self.evaluation.declared_by(self.ev, source.module)?;
        old.retain(|(declared, _)| declared != path);
        if old.len() > MOST_OPTIONS {
            return Ok(());
        }
        if let Some(Step::Part(number)) = definition.trail.inside.last() {
            for (from, _) in &old {
                if let Some(origin) = self.given(from)?.get(*number)
                    && is_same(self.ev, origin.value, definition.value)
                {
                    take(definition, origin, &[from]);
                    return Ok(());
                }
            }
        }
        // The value is computed from that of one or more old options.
        let is_old = |option: Value| is_hidden(self.ev, option) || described(self.ev, option).is_some();
        if !old.iter().all(|(_, option)| is_old(*option)) {
            return Ok(());
        }
        if matches!(definition.fate, Fate::Off) {
            if let [(from, _)] = &old[..] {
                definition.through = vec![Rc::from(&from[..])];
            }
            return Ok(());
        }
        let mut first = None;
        let mut used = Vec::new();
        for (from, _) in &old {
            if let Some(given) = self.given(from)?.first() {
                first.get_or_insert_with(|| given.clone());
                used.push(&from[..]);
            }
        }
        if let Some(first) = first {
            take(definition, &first, &used);
        }
        Ok(())
    }

    /// The definitions of an old option that count, without its default.
    fn given(&self, from: &[Sym]) -> Res<Rc<[Definition]>> {
        if let Some(known) = self.given.borrow().get(from) {
            return Ok(known.clone().unwrap_or_default());
        }
        self.given.borrow_mut().insert(from.to_vec(), None);
        let option = match tree::find(self.ev, self.evaluation.options(self.ev)?, from) {
            tree::Found::Option { option, names } if names == from.len() => Some(option),
            _ => None,
        };
        let mut all = self.definitions(option, from)?;
        all.retain(|definition| matches!(definition.fate, Fate::Wins) && !definition.is_default);
        let all: Rc<[Definition]> = all.into();
        self.given.borrow_mut().insert(from.to_vec(), Some(all.clone()));
        Ok(all)
    }
}

/// Whether two values are one: who passes a definition on does not compute it again.
pub(super) fn is_same(ev: &Evaluator, a: Value, b: Value) -> bool {
    match (ev.force_value(a), ev.force_value(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

/// Lets a definition be where its origin is.
fn take(definition: &mut Definition, origin: &Definition, through: &[&[Sym]]) {
    definition.pos = origin.pos;
    definition.trail = origin.trail.clone();
    definition.through = through.iter().map(|from| Rc::from(*from)).collect();
    definition.through.extend(origin.through.iter().cloned());
}
