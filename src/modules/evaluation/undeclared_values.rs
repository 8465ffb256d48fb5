//! Keeps definitions of undeclared options where they are no reason to fail: merges them by the kind of their
//! values and notes them.
//!
//! nixpkgs rejects them. They are kept only for commands that evaluate some modules without all the others
//! ([`Kept::keep`]). Even then, they remain an error in fixtures, which are written for exactly these modules.

use std::cell::{Cell, RefCell};

use super::undeclared_error;
use crate::eval::{Builtin, Error, ErrorKind, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::modules::definitions::{Merge, Raw, definitions, merge_default, value_of};
use crate::modules::loading::{Module, Origins};
use crate::modules::messages::{self, UNKNOWN};
use crate::modules::tree::{Level, Stray, StrayPart};
use crate::modules::types::{Spec, attrs_of};
use crate::native::{Text, concat, get, has, is_string_like, select, share, text};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Type, Value, peek};

/// An option that a module defines but no module declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undeclared {
    /// Its path, as messages show it.
    pub option: String,
    /// The file of a definition.
    pub file: String,
    /// The position of the definition in it; [`Pos::NONE`] if unknown.
    pub pos: Pos,
}

/// Where definitions without an option are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Where {
    /// Nowhere: they are an error.
    #[default]
    Nowhere,
    /// In modules, but not in fixtures.
    Modules,
    /// Everywhere.
    Everywhere,
}

/// How an evaluation treats definitions without an option.
#[derive(Debug, Default)]
pub struct Kept {
    place: Cell<Where>,
    found: RefCell<Vec<Undeclared>>,
    hidden_by: RefCell<Option<Error>>,
}

impl Kept {
    /// Keeps such definitions at this place from now on.
    pub fn keep(&self, place: Where) {
        self.place.set(place);
    }

    /// The definitions kept so far, each once, in the order in which they were found.
    pub fn found(&self) -> Vec<Undeclared> {
        self.found.borrow().clone()
    }

    /// Why some definitions without an option could not be found, if so: the evaluation of a definition failed.
    pub fn hidden_by(&self) -> Option<Error> {
        self.hidden_by.borrow().clone()
    }

    fn note(&self, found: Undeclared) {
        let mut all = self.found.borrow_mut();
        if !all.contains(&found) {
            all.push(found);
        }
    }
}

/// Whether definitions without an option are kept anywhere.
fn wanted(ev: &Evaluator) -> bool {
    ev.extension::<Kept>().place.get() != Where::Nowhere
}

/// Tells whether anything at or below a path is needed.
pub type Asked<'a> = &'a dyn Fn(&[&[u8]]) -> bool;

/// The values of definitions without an option in a tree of options, as nested sets like the options.
/// `prefix` is the path of the tree; `options` are its options, for the message about a fixture.
pub(super) fn values(
    ev: &Evaluator,
    root: Level,
    prefix: Value,
    options: &Slot,
    asked: Asked<'_>,
) -> Res<Value> {
    let mut strays = Vec::new();
    gather(ev, root, &mut Vec::new(), asked, &mut strays)?;
    let mut all = Branch::default();
    for group in strays.chunk_by(|a, b| names(ev, a.path) == names(ev, b.path)) {
        if let [Stray { path, .. }, ..] = *group
            && let Some((value, pos)) = value(ev, ev.force_value(prefix)?, path, group, options)?
        {
            all.put(&names(ev, path), value, pos);
        }
    }
    all.build(ev)
}

fn names(ev: &Evaluator, path: Value) -> Vec<&[u8]> {
    ev.mem.items(path).iter().map(|name| ev.mem.text(peek(name))).collect()
}

/// Collects the definitions without an option that `asked` accepts. If the names of a level cannot be
/// computed, the values of the options there report the error.
fn gather<'a>(
    ev: &'a Evaluator,
    level: Level,
    path: &mut Vec<&'a [u8]>,
    asked: Asked<'_>,
    strays: &mut Vec<Stray>,
) -> Res<()> {
    let _depth = ev.enter(Pos::NONE)?;
    if let Err(e) = level.check_names(ev) {
        return match e.data().kind {
            ErrorKind::Limit => Err(e),
            _ => {
                ev.extension::<Kept>().hidden_by.borrow_mut().get_or_insert(e);
                Ok(())
            }
        };
    }
    level.each_stray(ev, &mut |name, part| {
        path.push(ev.mem.text(name));
        if asked(path) {
            match part {
                StrayPart::Definition(raw) => {
                    let mut full = Vec::with_capacity(path.len());
                    for name in &*path {
                        full.push(Value::symbol(ev.mem.heap.intern(name)?));
                    }
                    strays.push(Stray { raw, path: ev.mem.list(&full)? });
                }
                StrayPart::Below(level) => gather(ev, level, path, asked, strays)?,
            }
        }
        path.pop();
        Ok(())
    })
}

/// The value of an undeclared option and where it is defined; `None` if all definitions are switched off.
fn value(
    ev: &Evaluator,
    prefix: Value,
    path: Value,
    strays: &[Stray],
    options: &Slot,
) -> Res<Option<(Value, Pos)>> {
    let kept = ev.extension::<Kept>();
    let origins = ev.extension::<Origins>();
    let mut places = Vec::new();
    for stray in strays {
        let file = ev.force_value(stray.raw.file)?;
        let file = if file.is_string() { file } else { ev.mem.str(UNKNOWN)? };
        let refused = match kept.place.get() {
            Where::Nowhere => true,
            Where::Modules => origins.is_fixture(ev.mem.text(file)),
            Where::Everywhere => false,
        };
        if refused {
            return Err(undeclared_error::error(ev, prefix, ev.force(options)?, *stray)?);
        }
        places.push((text(ev, file), stray.raw.pos));
    }
    let loc = concat(ev, &[prefix, path])?;
    let raws = Raw::list(ev, strays.iter().map(|stray| stray.raw))?;
    let merge = Merge::of_raw(ev, loc, free_type(ev)?, raws)?;
    // If a condition fails, so does the value.
    if ev.force(merge.final_definitions(ev)).is_ok_and(|defs| defs == Value::EMPTY_LIST) {
        return Ok(None);
    }
    let option = messages::option(ev, loc)?;
    let pos = places.iter().map(|(_, pos)| *pos).find(|pos| pos.is_some()).unwrap_or(Pos::NONE);
    for (file, pos) in places {
        kept.note(Undeclared { option: option.clone(), file, pos });
    }
    Ok(Some((share(ev, merge.value(ev))?, pos)))
}

/// Nested sets under construction.
#[derive(Default)]
struct Branch {
    values: Vec<(Vec<u8>, Value, Pos)>,
    below: Vec<(Vec<u8>, Branch)>,
}

impl Branch {
    fn put(&mut self, path: &[&[u8]], value: Value, pos: Pos) {
        match path {
            [] => {}
            [name] => self.values.push((name.to_vec(), value, pos)),
            [name, rest @ ..] => {
                let known = self.below.iter().position(|(own, _)| own == name);
                let at = known.unwrap_or_else(|| {
                    self.below.push((name.to_vec(), Branch::default()));
                    self.below.len() - 1
                });
                self.below[at].1.put(rest, value, pos);
            }
        }
    }

    fn build(self, ev: &Evaluator) -> Res<Value> {
        let mut set = AttrsBuilder::with_capacity(self.values.len() + self.below.len());
        for (name, value, pos) in self.values {
            set.push_at(ev.mem.heap.intern(&name)?, pos, value);
        }
        for (name, branch) in self.below {
            set.push(ev.mem.heap.intern(&name)?, branch.build(ev)?);
        }
        Ok(ev.mem.attrs(set)?)
    }
}

/// The type of undeclared options.
fn free_type(ev: &Evaluator) -> Res<Value> {
    #[derive(Default)]
    struct Free(Cell<Option<Value>>);
    let known = ev.extension::<Free>();
    if let Some(ty) = known.0.get() {
        return Ok(ty);
    }
    let spec = Spec::noun(ev, "undeclared", "undeclared value")?;
    let ty = Spec { merge: ev.builtin(&MERGE_FREELY), ..spec }.build(ev)?;
    known.0.set(Some(ty));
    Ok(ty)
}

/// Merges definitions by the kind of their values: sets name by name, lists by concatenation, equal values to
/// one, strings as lines, and all others as in options without a type.
static MERGE_FREELY: Builtin = Builtin::hidden("merge", &["loc", "defs"], |ev, args, _| {
    let [loc, defs] = exactly(args);
    let all = definitions(ev, defs)?;
    let mut values = Vec::with_capacity(all.len());
    for def in all {
        values.push(value_of(ev, def)?);
    }
    if values.iter().all(|v| is_plain_set(ev, *v)) {
        let sets = attrs_of(ev, free_type(ev)?, false)?;
        return ev.call(select(ev, sets, sym!("merge"))?, &[share(ev, loc)?, share(ev, defs)?], Pos::NONE);
    }
    let [first, rest @ ..] = &values[..] else {
        return merge_default(ev, loc, defs);
    };
    let simple = |v: &Value| !matches!(v.type_of(), Type::List | Type::Function | Type::Attrs);
    let mut equal = values.iter().all(simple);
    for other in rest {
        equal = equal && ev.equal_values(*first, *other, Pos::NONE)?;
    }
    if equal {
        return Ok(*first);
    }
    if values.iter().all(|v| v.is_string()) {
        let mut lines = Text::default();
        for (i, value) in values.iter().enumerate() {
            if i > 0 {
                lines.put("\n");
            }
            lines.add(ev, *value);
        }
        return lines.finish(ev);
    }
    merge_default(ev, loc, defs)
});

/// Whether a value is an ordinary set: no package, no set with a `_type`, and nothing that converts to a
/// string.
fn is_plain_set(ev: &Evaluator, v: Value) -> bool {
    v.is_attrs()
        && !is_string_like(ev, v)
        && !has(ev, v, sym!("_type"))
        && get(ev, v, sym!("type")).is_none_or(|ty| {
            ev.force(ty).is_ok_and(|ty| !(ty.is_string() && ev.mem.text(ty) == b"derivation"))
        })
}

/// Whether definitions without an option are kept in an inner evaluation: a submodule in a base option.
pub(super) fn wanted_below(ev: &Evaluator, modules: Value) -> Res<bool> {
    Ok(wanted(ev) && Module::any_base(ev, modules)?)
}
