//! Definitions of options that nothing declares, where that is no reason to fail: they are kept as they are, merged by
//! the kind of their values, and noted.
//!
//! nixpkgs refuses them. Only commands that evaluate modules without all the others ask for this ([`Kept::keep`]), and
//! only definitions in fixtures, which somebody wrote for just these modules, are then still an error.

use std::cell::{Cell, RefCell};

use super::conditionals::{RAW, Raw};
use super::definitions::Merge;
use super::merging::{MERGE_DEFAULT, definitions, value_of};
use super::origins::{self, Origins};
use super::show;
use super::tree::{self, STRAY};
use super::types::{attrs_of, make::Spec};
use crate::eval::{Builtin, Error, ErrorKind, Evaluator, Res};
use crate::heap::Slot;
use crate::native::{concat, get, is_string_like, select, share};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Type, Value, peek};

/// An option that a module defines and nothing declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undeclared {
    /// Its path, as messages show it.
    pub option: String,
    /// The file of a definition.
    pub file: String,
    /// Where in it the definition is; [`Pos::NONE`] if that is not known.
    pub pos: Pos,
}

/// Where definitions without option are kept.
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

/// How an evaluation deals with definitions that have no option.
#[derive(Debug, Default)]
pub struct Kept {
    place: Cell<Where>,
    found: RefCell<Vec<Undeclared>>,
    hidden_by: RefCell<Option<Error>>,
}

impl Kept {
    /// Such definitions are kept there from now on.
    pub fn keep(&self, place: Where) {
        self.place.set(place);
    }

    /// What was kept so far, each definition once, in the order in which it was met.
    pub fn found(&self) -> Vec<Undeclared> {
        self.found.borrow().clone()
    }

    /// Why not everything that has no option could be found, if so: definitions that cannot be looked at.
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

/// Whether definitions without option are kept anywhere.
fn wanted(ev: &Evaluator) -> bool {
    ev.extension::<Kept>().place.get() != Where::Nowhere
}

/// Whether something at the end of a path (names) is asked for.
pub(super) type Asked<'a> = &'a dyn Fn(&[&[u8]]) -> bool;

/// The values of definitions for which a tree of options has none, as sets in each other like the options.
/// `prefix` is the path of the tree, `options` are its options, for the message about a fixture.
pub(super) fn values(
    ev: &Evaluator,
    level: Value,
    prefix: Value,
    options: &Slot,
    asked: Asked<'_>,
) -> Res<Value> {
    let mut words = Vec::new();
    gather(ev, level, &mut Vec::new(), asked, &mut words)?;
    let list = ev.mem.list(&words)?;
    let mut root = Branch::default();
    let strays: Vec<&[Slot]> = ev.mem.items(list).chunks_exact(STRAY).collect();
    let same = |a: &&[Slot], b: &&[Slot]| names(ev, peek(&a[RAW])) == names(ev, peek(&b[RAW]));
    for group in strays.chunk_by(same) {
        let path = peek(&group[0][RAW]);
        let loc = concat(ev, &[ev.force_value(prefix)?, path])?;
        if let Some((value, pos)) = value(ev, loc, group, options)? {
            root.put(&names(ev, path), value, pos);
        }
    }
    root.build(ev)
}

fn names(ev: &Evaluator, path: Value) -> Vec<&[u8]> {
    ev.mem.items(path).iter().map(|name| ev.mem.text(peek(name))).collect()
}

/// Collects the definitions without option that are asked for, as words of strays. Where the names of a level cannot be
/// told, the values of the options there say why.
fn gather<'a>(
    ev: &'a Evaluator,
    level: Value,
    path: &mut Vec<&'a [u8]>,
    asked: Asked<'_>,
    words: &mut Vec<Value>,
) -> Res<()> {
    let _depth = ev.enter(Pos::NONE)?;
    if let Err(e) = tree::names_known(ev, level) {
        return match e.data().kind {
            ErrorKind::Limit => Err(e),
            _ => {
                ev.extension::<Kept>().hidden_by.borrow_mut().get_or_insert(e);
                Ok(())
            }
        };
    }
    tree::each_stray(ev, level, &mut |name, stray| {
        path.push(ev.mem.text(name));
        if asked(path) {
            match stray {
                tree::Stray::Definition(raw) => {
                    let mut full = Vec::with_capacity(path.len());
                    for name in &*path {
                        full.push(Value::symbol(ev.mem.heap.intern(name)?));
                    }
                    words.extend(raw.words());
                    words.push(ev.mem.list(&full)?);
                }
                tree::Stray::Below(level) => gather(ev, level, path, asked, words)?,
            }
        }
        path.pop();
        Ok(())
    })
}

/// The value of an option that nothing declares, and where it is defined; `None` if all definitions are switched off.
fn value(ev: &Evaluator, loc: Value, strays: &[&[Slot]], options: &Slot) -> Res<Option<(Value, Pos)>> {
    let kept = ev.extension::<Kept>();
    let origins = ev.extension::<Origins>();
    let mut words = Vec::new();
    let mut places = Vec::new();
    for stray in strays {
        let raw = Raw::of(ev, stray)?;
        let file = ev.force_value(raw.file)?;
        let file = if file.is_string() { file } else { ev.mem.str(show::UNKNOWN)? };
        let refused = match kept.place.get() {
            Where::Nowhere => true,
            Where::Modules => origins.is_fixture(ev.mem.text(file)),
            Where::Everywhere => false,
        };
        if refused {
            let path = peek(&stray[RAW]);
            let own = ev.mem.items(loc).len() - ev.mem.items(path).len();
            let prefix = ev.mem.list_from(own, ev.mem.items(loc)[..own].iter().map(peek))?;
            return Err(super::undeclared::error(ev, prefix, ev.force(options)?, stray)?);
        }
        places.push((crate::native::text(ev, file), raw.pos));
        words.extend(raw.words());
    }
    let merge = Merge::of_raw(ev, Value::NULL, loc, free_type(ev)?, ev.mem.list(&words)?)?;
    // A condition that fails is the value's failure.
    if ev.force(merge.final_definitions(ev)).is_ok_and(|defs| defs == Value::EMPTY_LIST) {
        return Ok(None);
    }
    let option = show::option(ev, loc)?;
    let pos = places.iter().map(|(_, pos)| *pos).find(|pos| pos.is_some()).unwrap_or(Pos::NONE);
    for (file, pos) in places {
        kept.note(Undeclared { option: option.clone(), file, pos });
    }
    Ok(Some((share(ev, merge.value(ev))?, pos)))
}

/// Sets in each other, under construction.
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

/// The type of options that nobody gave a type.
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

/// Merges definitions by the kind of their values: sets name by name, lists one behind the other, equal values once,
/// texts as lines, all others as options without a type are.
static MERGE_FREELY: Builtin = Builtin::hidden("merge", &["loc", "defs"], |ev, args, pos| {
    let defs = definitions(ev, &args[1])?;
    let mut values = Vec::with_capacity(defs.len());
    for def in defs {
        values.push(value_of(ev, def)?);
    }
    if values.iter().all(|v| is_plain_set(ev, *v)) {
        let sets = attrs_of(ev, free_type(ev)?, false)?;
        return ev.call(
            select(ev, sets, sym!("merge"))?,
            &[ev.mem.share(&args[0])?, ev.mem.share(&args[1])?],
            pos,
        );
    }
    let [first, rest @ ..] = &values[..] else {
        return (MERGE_DEFAULT.run)(ev, args, pos);
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
        let mut lines = crate::native::Text::default();
        for (i, value) in values.iter().enumerate() {
            if i > 0 {
                lines.put("\n");
            }
            lines.add(ev, *value);
        }
        return lines.finish(ev);
    }
    (MERGE_DEFAULT.run)(ev, args, pos)
});

/// Whether a value is a set with nothing special about it, such as packages have.
fn is_plain_set(ev: &Evaluator, v: Value) -> bool {
    v.is_attrs()
        && !is_string_like(ev, v)
        && get(ev, v, sym!("_type")).is_none()
        && get(ev, v, sym!("type")).is_none_or(|ty| {
            ev.force(ty).is_ok_and(|ty| !(ty.is_string() && ev.mem.text(ty) == b"derivation"))
        })
}

/// Whether strays of an evaluation are kept although it is not the outermost: that of submodules of base options.
pub(super) fn wanted_below(ev: &Evaluator, modules: Value) -> Res<bool> {
    Ok(wanted(ev) && origins::any_base(ev, modules)?)
}
