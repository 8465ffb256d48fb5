//! Open sets: sets that can answer for names they lack, as nival's own package set does for any package.
//!
//! The answer is a function of the name, stored in the attribute `__missing` of the set, so that `//` passes
//! it on. Only a value made by [`OPEN`] counts: a set of the user is never open. The function is called only
//! after a set turns out to lack a name.

use std::collections::BTreeMap;

use super::{Builtin, Evaluator, Res, exactly};
use crate::heap::{CodeRef, Ref, Slot, Sym};
use crate::ir::code;
use crate::source::Pos;
use crate::value::{AttrsBuilder, Tag, Value, peek, put};

/// Names that no open set answers, because they decide what kind of set it is.
const NEVER: [&str; 10] = [
    "_type",
    "type",
    "outPath",
    "drvPath",
    "recurseForDerivations",
    "outputSpecified",
    "outputs",
    "meta",
    "__toString",
    "__unfix__",
];

/// The attribute `__missing` of an open set; it holds the path of the set and the function.
static OF_SCOPE: Builtin = Builtin::hidden("missing", &["path", "answer", "name"], answer);
/// The same for a set that admits to lacking these names (`?`, `or`) and only answers `set.name`.
static OF_PACKAGE: Builtin = Builtin::hidden("missing", &["path", "answer", "name"], answer);

fn answer(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [_, answer, name] = exactly(args);
    ev.call1(ev.force(answer)?, name, pos)
}

/// `open scope path set answer`: makes `set` an open set that answers with `answer`. The path identifies the
/// set in [`Evaluator::asked_of_open_sets`].
pub static OPEN: Builtin = Builtin::hidden("open", &["scope", "path", "set", "answer"], |ev, args, pos| {
    let [scope, path, set, answer] = exactly(args);
    let scope = ev.force_bool(scope, pos, "")?;
    let path = ev.force_string(path, pos, "")?;
    let set = ev.force_attrs(set, pos, "")?;
    ev.open_set(scope, path, set, ev.mem.share(answer)?)
});

impl Evaluator {
    /// Makes an open set. A scope claims to have every name; other open sets only answer a selection without
    /// `or`.
    pub fn open_set(&self, scope: bool, path: Value, set: Value, answer: Value) -> Res<Value> {
        self.open.any.set(true);
        let kind = if scope { &OF_SCOPE } else { &OF_PACKAGE };
        let mut added = AttrsBuilder::with_capacity(1);
        added.push(sym!("__missing"), self.partial(kind, &[path, answer])?);
        Ok(self.mem.update(set, self.mem.attrs(added)?)?)
    }

    /// The function that answers for a set, and whether the set is a scope.
    fn answers(&self, set: Value) -> Option<(Value, bool)> {
        if !self.open.any.get() || !set.is_attrs() {
            return None;
        }
        let answers = self.known(self.mem.get(set, sym!("__missing"))?);
        self.is_answers(answers).map(|scope| (answers, scope))
    }

    /// Whether a value makes a set open, and if so, whether the set is a scope.
    fn is_answers(&self, v: Value) -> Option<bool> {
        if v.tag() != Tag::Partial || v.hi() != 2 {
            return None;
        }
        let function = peek(self.mem.heap.slot(v.at()));
        if function.tag() != Tag::Builtin {
            return None;
        }
        let builtin = self.builtin_of(function);
        let scope = std::ptr::eq(builtin, &raw const OF_SCOPE);
        (scope || std::ptr::eq(builtin, &raw const OF_PACKAGE)).then_some(scope)
    }

    /// Whether an attribute is the one that makes a set open, rather than one of the set's own.
    pub fn makes_open(&self, name: Sym, value: &Slot) -> bool {
        name == sym!("__missing") && self.is_answers(self.known(value)).is_some()
    }

    /// The slot of a name that a set lacks, if the set is open and has an answer.
    #[cold]
    pub fn open_attribute(&self, set: Value, name: Sym) -> Res<Option<&Slot>> {
        match self.answers(set) {
            Some((answers, _)) => self.answered(answers, name),
            None => Ok(None),
        }
    }

    /// The same where a missing name is not an error (`?`, `or`): only scopes answer.
    #[inline]
    pub fn scope_attribute(&self, set: Value, name: Sym) -> Res<Option<&Slot>> {
        if !self.open.any.get() {
            return Ok(None);
        }
        match self.answers(set) {
            Some((answers, true)) => self.answered(answers, name),
            _ => Ok(None),
        }
    }

    /// Whether a set is a scope that answers this name.
    pub fn scope_has(&self, set: Value, name: Value) -> Res<bool> {
        Ok(self.open.any.get() && self.scope_attribute(set, self.mem.symbol_of(name)?)?.is_some())
    }

    fn answered(&self, answers: Value, name: Sym) -> Res<Option<&Slot>> {
        let key = (answers.bits(), name);
        if let Some((_, known)) = self.open.answered.borrow().get(&key) {
            return Ok(known.map(|answer| self.mem.heap.slot(answer.at())));
        }
        let text = self.mem.heap.name(name);
        let found = match NEVER.iter().any(|n| n.as_bytes() == text) {
            true => Value::NULL,
            false => self.call(answers, &[Value::symbol(name)], Pos::NONE)?,
        };
        let at = if found == Value::NULL { None } else { Some(self.mem.heap.alloc(1)?) };
        if let Some(at) = at {
            put(self.mem.heap.slot(at), found);
        }
        self.open.answered.borrow_mut().insert(key, (answers, at.map(Value::forward)));
        Ok(at.map(|at| self.mem.heap.slot(at)))
    }

    /// The names that open sets have answered so far, by the path of the set.
    pub fn asked_of_open_sets(&self) -> BTreeMap<String, Vec<String>> {
        let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for ((_, name), (answers, answer)) in self.open.answered.borrow().iter() {
            let path = self.known(self.mem.heap.slot(answers.at() + 1));
            if answer.is_some() && path.is_string() {
                let path = String::from_utf8_lossy(self.mem.text(path)).into_owned();
                all.entry(path).or_default().push(self.name(*name));
            }
        }
        for names in all.values_mut() {
            names.sort_unstable();
            names.dedup();
        }
        all
    }

    /// A variable that no enclosing `with` has: the innermost open set answers.
    #[cold]
    pub(super) fn open_with_var(&self, code: CodeRef, frame: Ref) -> Res<Option<&Slot>> {
        if !self.open.any.get() {
            return Ok(None);
        }
        let n = (self.mem.heap.code4(code)[0] >> 8) as usize;
        let units = self.mem.heap.code(code, 4 + 3 * n);
        debug_assert_eq!(units[0] as u8, code::WITH_VAR);
        for with in units[4..].chunks_exact(3) {
            let set = self.force_at(self.var(frame, with[0], with[1]), Pos(with[2]))?;
            if let Some(found) = self.open_attribute(set, Sym(units[1]))? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}
