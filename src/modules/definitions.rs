//! The definitions of one value, merged: `mergeDefinitions`.
//!
//! A *merge* is an object with suspended fields, so that asking for an option's files does not compute its value.

use super::conditionals::Raw;
use super::priorities::{DEFAULT_PRIORITY, Lives, Winners, from_file, live, sorted, winners};
use super::provenance::Recorder;
use super::show;
use super::support::{DEFINITION, VALUE};
use crate::eval::{Builtin, Error, Evaluator, Object as _, Res, object, suspended};
use crate::heap::Slot;
use crate::native::{
    attr, attrs, delay_select, get, is_type, list, or_null, select, share, shared, shared_args, text, throw,
    truth,
};
use crate::source::Pos;
use crate::value::{Record, Value, peek, put, slot};

object! {
    /// The definitions of one value and what becomes of them. Asking for an option's files does not compute its value.
    pub(super) struct Merge["modules.merge"] from Definitions {
        /// The evaluation's number for [`Recorder`].
        number,
        /// The path of the option.
        loc,
        /// The type.
        ty,
        /// The definitions as they came: a list of the words of [`Raw`]s, or a suspension of one.
        raw,
        /// The definitions as a list of sets, if they came as one; else null.
        given,
    } computes {
        /// The numerically lowest priority that a definition has.
        priority: lowest_priority,
        /// The list of definitions that count: sets with `file` and `value`.
        final_definitions: definitions,
        /// The set with `headError`, `value` and `valueMeta`.
        checked_and_merged: checked,
        /// The value, if the definitions have the right type.
        value: merged,
    }
}

impl Merge {
    /// A merge of definitions: a list of the words of [`Raw`]s, or a suspension of one.
    pub(super) fn of_raw(ev: &Evaluator, number: Value, loc: Value, ty: Value, raw: Value) -> Res<Merge> {
        Merge::new(ev, Definitions { number, loc, ty, raw, given: Value::NULL })
    }
}

fn settle(ev: &Evaluator, merge: Merge) -> Res<Winners> {
    let raws = ev.force(merge.raw(ev))?;
    let raws = Raw::all(ev, raws).collect::<Res<smallvec::SmallVec<[Raw; 4]>>>()?;
    let mut recorder = Recorder::new(ev, peek(merge.number(ev)), ev.force(merge.loc(ev))?);
    let lives = live(ev, &raws, &mut recorder)?;
    let winners = winners(ev, lives, &mut recorder)?;
    recorder.finish();
    Ok(winners)
}

fn lowest_priority(ev: &Evaluator, merge: Merge) -> Res<Value> {
    ev.force_value(settle(ev, merge)?.priority)
}

fn definitions(ev: &Evaluator, merge: Merge) -> Res<Value> {
    if let Some(given) = single(ev, merge)? {
        return Ok(given);
    }
    let Winners { lives, priority } = settle(ev, merge)?;
    let mut recorder = Recorder::new(ev, peek(merge.number(ev)), ev.force(merge.loc(ev))?);
    let lives = sorted(ev, lives, &mut recorder)?;
    recorder.finish();
    // Known now; computing it again would give the same.
    let known = merge.priority(ev);
    if ev.forced(known).is_none() && priority.is_value() {
        put(known, priority);
    }
    list_of(ev, &lives)
}

/// Definitions as merge functions get them.
pub(super) fn list_of(ev: &Evaluator, lives: &Lives) -> Res<Value> {
    let mut sets = smallvec::SmallVec::<[Value; 4]>::with_capacity(lives.len());
    for live in lives {
        sets.push(live.definition(ev)?);
    }
    Ok(ev.mem.list(&sets)?)
}

/// A single definition that came as a set and has no properties stays as it is, with all its attributes.
fn single(ev: &Evaluator, merge: Merge) -> Res<Option<Value>> {
    let given = peek(merge.given(ev));
    if given == Value::NULL {
        return Ok(None);
    }
    let given = ev.force(merge.given(ev))?;
    let [only] = ev.mem.items(given) else {
        return Ok(None);
    };
    let set = ev.force(only)?;
    let value =
        select(ev, set, sym!("value")).map_err(|e| from_file(ev, shared(ev, set, sym!("file")), e))?;
    Ok(get(ev, value, sym!("_type")).is_none().then_some(given))
}

fn merged(ev: &Evaluator, merge: Merge) -> Res<Value> {
    merge_checked(ev, merge).map_err(|e| placed(ev, merge, e))
}

fn merge_checked(ev: &Evaluator, merge: Merge) -> Res<Value> {
    let defs = ev.force(merge.final_definitions(ev))?;
    let ty = || ev.force(merge.ty(ev));
    let loc = ev.force(merge.loc(ev))?;
    if defs == Value::EMPTY_LIST {
        return undefined(ev, loc, ty()?);
    }
    let ty = ty()?;
    if has_v2(ev, ty)? {
        return value_of_checked(ev, loc, ty, ev.force(merge.checked_and_merged(ev))?);
    }
    merge_v1(ev, loc, ty, defs)
}

/// An error about the definitions themselves gets the place of the first of them that counts, or that has the wrong
/// type: nixpkgs only names files.
#[cold]
fn placed(ev: &Evaluator, merge: Merge, e: Error) -> Error {
    if e.data().pos.is_some() || !e.data().traces.is_empty() {
        return e;
    }
    // Whatever fails now has been asked before, and is what `e` is about.
    let find = || -> Res<Pos> {
        let check = select(ev, ev.force(merge.ty(ev))?, sym!("check"))?;
        let lives = settle(ev, merge)?.lives;
        let mut first = Pos::NONE;
        for live in lives.iter().filter(|live| live.pos.is_some()) {
            if !first.is_some() {
                first = live.pos;
            }
            if !check_definition(ev, check, &slot(live.definition(ev)?))? {
                return Ok(live.pos);
            }
        }
        Ok(first)
    };
    match find() {
        Ok(pos) => e.at(pos),
        Err(_) => e,
    }
}

/// The value of something that nobody defines.
pub(super) fn undefined(ev: &Evaluator, loc: Value, ty: Value) -> Res<Value> {
    let empty = select(ev, ty, sym!("emptyValue"))?;
    if let Some(value) = get(ev, empty, sym!("value")) {
        return ev.force(value);
    }
    Err(show::with_option(ev, loc, |path| {
        let hint = "Try setting the option.";
        throw(format!("The option `{path}' was accessed but has no value defined. {hint}"))
    }))
}

/// A definition as a set.
pub(super) fn definition(ev: &Evaluator, file: Value, value: Value) -> Res<Value> {
    Ok(ev.mem.record(&DEFINITION, [file, value])?)
}

/// Whether a type merges and checks in one step: `type.merge ? v2`.
pub(super) fn has_v2(ev: &Evaluator, ty: Value) -> Res<bool> {
    Ok(get(ev, select(ev, ty, sym!("merge"))?, sym!("v2")).is_some())
}

/// The value in the result of a type that merges and checks in one step.
pub(super) fn value_of_checked(ev: &Evaluator, loc: Value, ty: Value, checked: Value) -> Res<Value> {
    let wrong = or_null(ev, checked, sym!("headError"))?;
    if wrong == Value::NULL {
        return select(ev, checked, sym!("value"));
    }
    let message = select(ev, wrong, sym!("message")).map(|m| text(ev, m))?;
    wrong_type(ev, loc, ty, &format!("TypeError: {message}"))
}

/// Checks definitions one by one, then merges them.
pub(super) fn merge_v1(ev: &Evaluator, loc: Value, ty: Value, defs: Value) -> Res<Value> {
    let check = select(ev, ty, sym!("check"))?;
    for def in ev.mem.items(defs) {
        if !check_definition(ev, check, def)? {
            let invalid = invalid(ev, check, defs)?;
            let shown = show::definitions(ev, &invalid)?;
            return wrong_type(ev, loc, ty, &format!("Definition values:{shown}"));
        }
    }
    let merge = select(ev, ty, sym!("merge"))?;
    ev.call(merge, &[loc, defs], Pos::NONE)
}

#[cold]
fn wrong_type(ev: &Evaluator, loc: Value, ty: Value, rest: &str) -> Res<Value> {
    let path = show::option(ev, loc)?;
    let description = select(ev, ty, sym!("description")).map(|d| text(ev, d))?;
    Err(throw(format!("A definition for option `{path}' is not of type `{description}'. {rest}")))
}

/// Whether a definition (a set) passes a check.
pub(super) fn check_definition(ev: &Evaluator, check: Value, def: &Slot) -> Res<bool> {
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
    /// The message about those of the definitions that do not pass the check.
    struct Invalid["modules.headError"] { check, defs }
}

impl Invalid<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let invalid = invalid(ev, ev.force(self.check)?, ev.force(self.defs)?)?;
        Ok(ev.mem.str(&format!("Definition values: {}", show::definitions(ev, &invalid)?))?)
    }
}

/// What a type that merges and checks in one step gives as `headError`: null, or a set with `message`.
pub(super) fn head_error(ev: &Evaluator, check: Value, defs: Value) -> Res<Value> {
    static MESSAGE: Record<1> = Record::new(["message"]);
    for def in ev.mem.items(defs) {
        if !check_definition(ev, check, def)? {
            return Ok(ev.mem.record(&MESSAGE, [ev.delay(Invalid { check, defs })?])?);
        }
    }
    Ok(Value::NULL)
}

/// What types that merge and check in one step give.
pub(super) static RESULT: Record<3> = Record::new(["headError", "value", "valueMeta"]);

fn checked(ev: &Evaluator, merge: Merge) -> Res<Value> {
    let ty = ev.force(merge.ty(ev))?;
    if !has_v2(ev, ty)? {
        let value = ev.mem.share(merge.value(ev))?;
        return Ok(ev.mem.record(&RESULT, [Value::NULL, value, Value::EMPTY_SET])?);
    }
    let defs = ev.mem.share(merge.final_definitions(ev))?;
    checked_v2(ev, ev.force(merge.loc(ev))?, ty, defs)
}

suspended! {
    /// `meta // { _internal = { type = ty; }; }`
    struct MetaWithType["modules.valueMeta"] { meta, ty }
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

/// What a type's `merge.v2` gives, with the type itself added to `valueMeta`.
pub(super) fn checked_v2(ev: &Evaluator, loc: Value, ty: Value, defs: Value) -> Res<Value> {
    static META: Record<1> = Record::new(["valueMeta"]);
    let result = call_v2(ev, loc, ty, defs, Coherence::Full)?;
    expect_result(ev, result)?;
    let meta = shared(ev, result, sym!("valueMeta"))?;
    let meta = ev.mem.record(&META, [ev.delay(MetaWithType { meta, ty })?])?;
    Ok(ev.mem.update(result, meta)?)
}

/// Which of nixpkgs' two texts an incoherent type gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coherence {
    /// That of `lib/modules.nix`.
    Full,
    /// That of `lib/types.nix`.
    Short,
}

/// Calls a type's `merge.v2`, once its `check` is known to belong to it.
pub(super) fn call_v2(ev: &Evaluator, loc: Value, ty: Value, defs: Value, wording: Coherence) -> Res<Value> {
    let check = select(ev, ty, sym!("check"))?;
    if !crate::native::flag(ev, check, sym!("isV2MergeCoherent"))? {
        return Err(incoherent(ev, loc, ty, wording));
    }
    static ARGS: Record<2> = Record::new(["loc", "defs"]);
    let v2 = select(ev, select(ev, ty, sym!("merge"))?, sym!("v2"))?;
    ev.call(v2, &[ev.mem.record(&ARGS, [loc, defs])?], Pos::NONE)
}

#[cold]
fn incoherent(ev: &Evaluator, loc: Value, ty: Value, wording: Coherence) -> Error {
    let shown = show::option(ev, loc).and_then(|path| {
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

/// A result of `merge.v2` must have exactly three attributes; nixpkgs takes it with a set pattern.
fn expect_result(ev: &Evaluator, result: Value) -> Res<()> {
    const NAMES: [crate::heap::Sym; 3] = [sym!("headError"), sym!("value"), sym!("valueMeta")];
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

/// `lib.modules.mergeDefinitions`
pub(super) static MERGE_DEFINITIONS: Builtin =
    Builtin::hidden("mergeDefinitions", &["loc", "type", "defs"], |ev, args, _| {
        let [loc, ty, defs] = shared_args(ev, args)?;
        let raw = ev.delay(RawOfSets { defs })?;
        let merge = Merge::new(ev, Definitions { number: Value::NULL, loc, ty, raw, given: defs })?;
        merge_set(ev, merge)
    });

suspended! {
    /// The words of definitions that come as sets.
    struct RawOfSets["modules.definitions"] { defs }
}

impl RawOfSets<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        raw_of_sets(ev, list(ev, self.defs)?)
    }
}

/// The words of the definitions that come as sets with `file` and `value`.
pub(super) fn raw_of_sets(ev: &Evaluator, sets: Value) -> Res<Value> {
    let mut words = Vec::with_capacity(sets.list_len() * super::conditionals::RAW);
    for set in ev.mem.items(sets) {
        let set = ev.force(set)?;
        let file = match get(ev, set, sym!("file")) {
            Some(file) => ev.mem.share(file)?,
            None => delay_select(ev, set, sym!("file"))?,
        };
        let (value, pos) = match ev.mem.get_entry(set, sym!("value")) {
            Some(entry) => (ev.mem.share(entry.slot)?, entry.pos),
            None => (delay_select(ev, set, sym!("value"))?, Pos::NONE),
        };
        words.extend(Raw { file, value, props: Value::EMPTY_LIST, pos }.words());
    }
    Ok(ev.mem.list(&words)?)
}

suspended! {
    /// A merge as users see it.
    struct MergeSet["lib.mergeDefinitions"] { merge } => struct MergeSetParts {
        defs_final_prime,
        defs_final,
        merged_value,
        checked_and_merged,
        is_defined,
        optional_value,
    }
}

impl MergeSet<&Slot> {
    fn merge(self) -> Merge {
        Merge::of(peek(self.merge))
    }

    fn defs_final_prime(self, ev: &Evaluator) -> Res<Value> {
        static SET: Record<2> = Record::new(["values", "highestPrio"]);
        let merge = self.merge();
        let values = share(ev, merge.final_definitions(ev))?;
        let priority = match single(ev, merge)? {
            Some(_) => ev.mem.int(DEFAULT_PRIORITY)?,
            None => share(ev, merge.priority(ev))?,
        };
        Ok(ev.mem.record(&SET, [values, priority])?)
    }

    fn defs_final(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.merge().final_definitions(ev))
    }

    fn merged_value(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.merge().value(ev))
    }

    fn checked_and_merged(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.merge().checked_and_merged(ev))
    }

    fn is_defined(self, ev: &Evaluator) -> Res<Value> {
        Ok(Value::bool(self.defs_final(ev)? != Value::EMPTY_LIST))
    }

    fn optional_value(self, ev: &Evaluator) -> Res<Value> {
        match self.defs_final(ev)? {
            Value::EMPTY_LIST => Ok(Value::EMPTY_SET),
            _ => Ok(ev.mem.record(&VALUE, [share(ev, self.merge().value(ev))?])?),
        }
    }
}

fn merge_set(ev: &Evaluator, merge: Merge) -> Res<Value> {
    static SET: Record<6> = Record::new([
        "defsFinal'",
        "defsFinal",
        "mergedValue",
        "checkedAndMerged",
        "isDefined",
        "optionalValue",
    ]);
    let parts = MergeSet { merge: merge.word() }.parts(ev)?;
    let values = [
        parts.defs_final_prime,
        parts.defs_final,
        parts.merged_value,
        parts.checked_and_merged,
        parts.is_defined,
        parts.optional_value,
    ];
    Ok(ev.mem.record(&SET, values)?)
}

/// `lib.options.isOption`, for a forced value.
pub(super) fn is_option(ev: &Evaluator, v: Value) -> Res<bool> {
    is_type(ev, v, b"option")
}

/// The slot of an attribute of a definition.
pub(super) fn of_definition(ev: &Evaluator, def: &Slot, name: crate::heap::Sym) -> Res<Value> {
    let set = ev.force(def)?;
    Ok(ev.mem.share(attr(ev, set, name)?)?)
}
