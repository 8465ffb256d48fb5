//! Type checks of definitions: one definition at a time, or all in one step in types with `merge.v2`.

use crate::eval::{Error, Evaluator, Res, suspended};
use crate::heap::{Slot, Sym};
use crate::modules::messages;
use crate::native::{attrs, flag, get, or_null, select, share, shared, text, throw, truth};
use crate::source::Pos;
use crate::value::{Record, Value, peek, slot};

/// Whether a type merges and checks in one step: `type.merge ? v2`.
pub fn has_v2(ev: &Evaluator, ty: Value) -> Res<bool> {
    Ok(get(ev, select(ev, ty, sym!("merge"))?, sym!("v2")).is_some())
}

/// The value in the result of `merge.v2`; a `headError` is thrown.
pub fn value_of_checked(ev: &Evaluator, loc: Value, ty: Value, checked: Value) -> Res<Value> {
    let wrong = or_null(ev, checked, sym!("headError"))?;
    if wrong == Value::NULL {
        return select(ev, checked, sym!("value"));
    }
    let message = select(ev, wrong, sym!("message")).map(|m| text(ev, m))?;
    wrong_type(ev, loc, ty, &format!("TypeError: {message}"))
}

/// Checks each definition, then merges them all.
pub fn merge_v1(ev: &Evaluator, loc: Value, ty: Value, defs: Value) -> Res<Value> {
    let check = select(ev, ty, sym!("check"))?;
    for def in ev.mem.items(defs) {
        if !check_definition(ev, check, def)? {
            let invalid = invalid(ev, check, defs)?;
            let shown = messages::definitions(ev, &invalid)?;
            return wrong_type(ev, loc, ty, &format!("Definition values:{shown}"));
        }
    }
    let merge = select(ev, ty, sym!("merge"))?;
    ev.call(merge, &[loc, defs], Pos::NONE)
}

#[cold]
fn wrong_type(ev: &Evaluator, loc: Value, ty: Value, rest: &str) -> Res<Value> {
    let path = messages::option(ev, loc)?;
    let description = select(ev, ty, sym!("description")).map(|d| text(ev, d))?;
    Err(throw(format!("A definition for option `{path}' is not of type `{description}'. {rest}")))
}

/// Whether a definition (a set) passes a type's check.
pub fn check_definition(ev: &Evaluator, check: Value, def: &Slot) -> Res<bool> {
    let set = ev.force(def)?;
    let value = shared(ev, set, sym!("value"))?;
    truth(ev, ev.call(check, &[value], Pos::NONE)?)
}

fn invalid(ev: &Evaluator, check: Value, defs: Value) -> Res<Vec<Value>> {
    let mut invalid = Vec::new();
    for def in ev.mem.items(defs) {
        if !check_definition(ev, check, def)? {
            invalid.push(peek(def));
        }
    }
    Ok(invalid)
}

suspended! {
    /// The message about the definitions that do not pass the check.
    struct Invalid { check, defs }
}

impl Invalid<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let invalid = invalid(ev, ev.force(self.check)?, ev.force(self.defs)?)?;
        Ok(ev.mem.str(&format!("Definition values: {}", messages::definitions(ev, &invalid)?))?)
    }
}

/// The `headError` of a `merge.v2` result: null, or a set with `message`.
pub fn head_error(ev: &Evaluator, check: Value, defs: Value) -> Res<Value> {
    static MESSAGE: Record<1> = Record::new(["message"]);
    for def in ev.mem.items(defs) {
        if !check_definition(ev, check, def)? {
            return Ok(ev.mem.record(&MESSAGE, [ev.delay(Invalid { check, defs })?])?);
        }
    }
    Ok(Value::NULL)
}

/// The result of `merge.v2`.
pub static RESULT: Record<3> = Record::new(["headError", "value", "valueMeta"]);

suspended! {
    /// `meta // { _internal = { type = ty; }; }`
    struct MetaWithType { meta, ty }
}

impl MetaWithType<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        static INTERNAL: Record<1> = Record::new(["_internal"]);
        static TYPE: Record<1> = Record::new(["type"]);
        let meta = attrs(ev, self.meta)?;
        let internal = ev.mem.record(&TYPE, [share(ev, self.ty)?])?;
        Ok(ev.mem.update(meta, ev.mem.record(&INTERNAL, [internal])?)?)
    }
}

/// Calls a type's `merge.v2` and adds the type itself to `valueMeta`.
pub fn checked_v2(ev: &Evaluator, loc: Value, ty: Value, defs: Value) -> Res<Value> {
    static META: Record<1> = Record::new(["valueMeta"]);
    let result = call_v2(ev, loc, ty, defs, Coherence::Full)?;
    expect_result(ev, result)?;
    let meta = shared(ev, result, sym!("valueMeta"))?;
    let meta = ev.mem.record(&META, [ev.delay(MetaWithType { meta, ty })?])?;
    Ok(ev.mem.update(result, meta)?)
}

/// Which of nixpkgs' two error messages an incoherent type gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coherence {
    /// The one in `lib/modules.nix`.
    Full,
    /// The one in `lib/types.nix`.
    Short,
}

/// Calls a type's `merge.v2` after checking that the type's `check` belongs to it.
pub fn call_v2(ev: &Evaluator, loc: Value, ty: Value, defs: Value, wording: Coherence) -> Res<Value> {
    let check = select(ev, ty, sym!("check"))?;
    if !flag(ev, check, sym!("isV2MergeCoherent"))? {
        return Err(incoherent(ev, loc, ty, wording));
    }
    static ARGS: Record<2> = Record::new(["loc", "defs"]);
    let v2 = select(ev, select(ev, ty, sym!("merge"))?, sym!("v2"))?;
    ev.call(v2, &[ev.mem.record(&ARGS, [loc, defs])?], Pos::NONE)
}

#[cold]
fn incoherent(ev: &Evaluator, loc: Value, ty: Value, wording: Coherence) -> Error {
    let shown = messages::option(ev, loc).and_then(|path| {
        let description = select(ev, ty, sym!("description"))?;
        Ok((path, text(ev, description)))
    });
    let (path, description) = match shown {
        Ok(shown) => shown,
        Err(e) => return e,
    };
    let more = "\nAlternatively, this message may also occur as false positive when mixing Nixpkgs\n\
                versions, if one Nixpkgs is between 83fed2e6..58696117 (Aug 28 - Oct 28 2025)\n";
    let more = if wording == Coherence::Full { more } else { "" };
    throw(format!(
        "The option `{path}' has a type `{description}' that uses\n\
         an ad-hoc `type // {{ check = ...; }}' override, which is incompatible with\n\
         the v2 merge mechanism.\n\n\
         Please use `lib.types.addCheck` instead of `type // {{ check }}' to add\n\
         custom validation. For example:\n\n  \
         lib.types.addCheck baseType (value: /* your check */)\n\n\
         instead of:\n\n  \
         baseType // {{ check = value: /* your check */; }}\n{more}"
    ))
}

/// Requires that a result of `merge.v2` has exactly three attributes, because nixpkgs matches it with a set pattern.
fn expect_result(ev: &Evaluator, result: Value) -> Res<()> {
    const NAMES: [Sym; 3] = [sym!("headError"), sym!("value"), sym!("valueMeta")];
    for name in NAMES {
        if get(ev, ev.force_attrs(&slot(result), Pos::NONE, "")?, name).is_none() {
            let name = ev.name(name);
            let message = format!("function 'anonymous lambda' called without required argument '{name}'");
            return Err(Error::type_error(message));
        }
    }
    if ev.mem.attrs_len(result) == NAMES.len() {
        return Ok(());
    }
    let entries = ev.mem.entries(result);
    let odd = entries.iter().find(|e| !NAMES.contains(&e.name)).map_or(sym!(""), |e| e.name);
    let message = format!("function 'anonymous lambda' called with unexpected argument '{}'", ev.name(odd));
    Err(Error::type_error(message))
}
