//! The values of the elements of a collection: each is merged on its own, when it is needed.

use crate::eval::{Builtin, Evaluator, Lazy, Res};
use crate::heap::Ref;
use crate::modules::definitions::Raw;
use crate::modules::definitions::{Lives, live, sorted, winners};
use crate::modules::definitions::{MERGE_EQUAL, MERGE_ONE};
use crate::modules::definitions::{Provenance, Recorder};
use crate::modules::definitions::{
    RESULT, checked_v2, has_v2, list_of, merge_v1, undefined, value_of_checked,
};
use crate::native::{appended, get, or_null, select};
use crate::value::{Tag, Value, peek, put};

/// The definitions of an element that count.
pub(super) fn settle(ev: &Evaluator, recorder: &mut Recorder, raws: &[Raw]) -> Res<Lives> {
    let lives = live(ev, raws, recorder)?;
    let winners = winners(ev, lives, recorder)?;
    sorted(ev, winners.lives, recorder)
}

/// Records the elements of collections, if anybody wants that.
pub(super) struct Records {
    number: Value,
}

impl Records {
    pub(super) fn new(ev: &Evaluator) -> Records {
        Records { number: ev.extension::<Provenance>().number(true) }
    }

    /// The recorder for element `name` of the option at `loc`.
    pub(super) fn element(&self, ev: &Evaluator, loc: Value, name: Value) -> Res<Recorder> {
        match self.number {
            Value::NULL => Ok(Recorder::default()),
            number => Ok(Recorder::new(ev, number, appended(ev, loc, name)?)),
        }
    }
}

// What the suspensions of a collection's elements share.
const LOC: usize = 0;
/// The type of all elements; may be suspended.
const TYPE: usize = 1;
/// The element's names: strings, or for list elements the numbers of definition and entry.
const NAMES: usize = 2;
/// The definitions of each element that count; may be suspended.
const DEFS: usize = 3;
/// What checking and merging each element gives: a list of suspensions.
const CHECKED: usize = 4;
/// The values: a list of suspensions.
const VALUES: usize = 5;
const CAPTURES: usize = 6;

/// The elements of a collection.
pub(super) struct Elements {
    /// The value of each, a list of suspensions or values. They may be stored elsewhere once they are shared.
    pub(super) values: Value,
    /// The `valueMeta` of each: where those suspensions point to.
    metas: Ref,
}

static VALUE: Lazy = Lazy {
    name: "types.element",
    run: |ev, captures, index| {
        let loc = || element_loc(ev, captures, index);
        let defs = ev.force(&ev.mem.items(peek(&captures[DEFS]))[index])?;
        if defs == Value::EMPTY_LIST {
            // Only elements of `lazyAttrsOf` can be without a definition that counts.
            let ty = ev.force(&captures[TYPE])?;
            let empty = or_null(ev, ty, sym!("emptyValue"))?;
            return match get(ev, empty, sym!("value")) {
                Some(value) => ev.force(value),
                None => undefined(ev, loc()?, ty),
            };
        }
        let ty = ev.force(&captures[TYPE])?;
        if has_v2(ev, ty)? {
            let checked = ev.force(&ev.mem.items(peek(&captures[CHECKED]))[index])?;
            return value_of_checked(ev, loc()?, ty, checked);
        }
        merge_v1(ev, loc()?, ty, defs)
    },
};

static CHECK: Lazy = Lazy {
    name: "types.elementChecked",
    run: |ev, captures, index| {
        let ty = ev.force(&captures[TYPE])?;
        if has_v2(ev, ty)? {
            let defs = ev.mem.share(&ev.mem.items(peek(&captures[DEFS]))[index])?;
            return checked_v2(ev, element_loc(ev, captures, index)?, ty, defs);
        }
        let value = ev.mem.share(&ev.mem.items(peek(&captures[VALUES]))[index])?;
        Ok(ev.mem.record(&RESULT, [Value::NULL, value, Value::EMPTY_SET])?)
    },
};

static META: Lazy = Lazy {
    name: "types.elementMeta",
    run: |ev, captures, index| {
        let checked = ev.force(&ev.mem.items(peek(&captures[CHECKED]))[index])?;
        select(ev, checked, sym!("valueMeta"))
    },
};

fn element_loc(ev: &Evaluator, captures: &[crate::heap::Slot], index: usize) -> Res<Value> {
    let name = peek(&ev.mem.items(peek(&captures[NAMES]))[index]);
    let name = match ev.mem.as_int(name) {
        None => name,
        Some(packed) => {
            let (definition, entry) = (packed >> ENTRY_BITS, packed & ((1 << ENTRY_BITS) - 1));
            ev.mem.str(&format!("[definition {definition}-entry {entry}]"))?
        }
    };
    appended(ev, peek(&captures[LOC]), name)
}

/// Bits of the number of an entry in a definition.
const ENTRY_BITS: u32 = 28;

/// The name of an entry of a list, numbered from one.
pub(super) fn entry_name(definition: usize, entry: usize) -> Value {
    Value::number((definition as i64) << ENTRY_BITS | entry as i64)
}

impl Elements {
    /// Elements of type `ty` (may be suspended) with these names; `defs` are their definitions, lists or suspensions of lists.
    /// `values` are those that are known already, or unset.
    pub(super) fn new(
        ev: &Evaluator,
        loc: Value,
        ty: Value,
        names: &[Value],
        defs: &[Value],
        known: &[Value],
    ) -> Res<Elements> {
        let captures =
            [loc, ty, ev.mem.list(names)?, ev.mem.list(defs)?, Value::EMPTY_LIST, Value::EMPTY_LIST];
        let n = names.len();
        let values = ev.delays_raw(&VALUE, &captures)?;
        let values = (0..n).map(|i| match known.get(i) {
            Some(v) if *v != Value::UNSET => *v,
            _ => Value::native(i, values),
        });
        let values_list = ev.mem.list_from(n, values)?;
        // Elements share one set of captures for each of the three kinds of suspensions; they refer to each other.
        let checks = ev.delays_raw(&CHECK, &captures)?;
        let checked = ev.mem.list_from(n, (0..n).map(|i| Value::native(i, checks)))?;
        let metas = ev.delays_raw(&META, &captures)?;
        let objects = [metas, checks].into_iter().chain(first_native(ev, values_list));
        for object in objects {
            put(ev.mem.heap.slot(object + 1 + CHECKED as u32), checked);
            put(ev.mem.heap.slot(object + 1 + VALUES as u32), values_list);
        }
        debug_assert_eq!(captures.len(), CAPTURES);
        Ok(Elements { values: values_list, metas })
    }

    /// The suspended `valueMeta` of an element.
    pub(super) fn meta(&self, index: usize) -> Value {
        Value::native(index, self.metas)
    }
}

/// What the suspensions in a list point to, if there are any.
fn first_native(ev: &Evaluator, list: Value) -> Option<Ref> {
    ev.mem.items(list).iter().map(peek).find(|v| v.tag() == Tag::Native).map(Value::at)
}

/// A check of plain types: no more than a look at the value.
type Check = fn(&Evaluator, &[crate::heap::Slot], crate::source::Pos) -> Res<Value>;

/// For types whose only work on a single definition is a look at its value: that look. Nothing is computed to find
/// out, because elements do not need their type before their value is needed.
pub(super) fn plain_check(ev: &Evaluator, ty: Value) -> Option<Check> {
    let ty = ev.known_value(ty);
    let known = |name| get(ev, ty, name).and_then(|slot| ev.forced(slot)).map(|v| ev.mem.bare(v));
    let (merge, check) = (known(sym!("merge"))?, known(sym!("check"))?);
    if check.tag() != Tag::Builtin
        || !(is_builtin(ev, merge, &MERGE_EQUAL) || is_builtin(ev, merge, &MERGE_ONE))
    {
        return None;
    }
    let check = ev.builtin_of(check);
    (check.args.len() == 1 && !check.traced).then_some(check.run)
}

/// Whether a value is this built-in function.
pub(super) fn is_builtin(ev: &Evaluator, v: Value, builtin: &'static Builtin) -> bool {
    let v = ev.mem.bare(v);
    v.tag() == Tag::Builtin && std::ptr::eq(ev.builtin_of(v), builtin)
}

/// The value of an element that is known without any merging.
pub(super) fn known_value(ev: &Evaluator, check: Option<Check>, lives: &Lives) -> Res<Value> {
    if let (Some(check), [only]) = (check, &lives[..])
        && only.value.is_value()
        && only.set.is_none()
        && check(ev, &[crate::value::slot(only.value)], crate::source::Pos::NONE)?.is_true()
    {
        return Ok(only.value);
    }
    Ok(Value::UNSET)
}

/// The definitions of an element as a list of sets.
pub(super) fn definitions(ev: &Evaluator, lives: &Lives) -> Res<Value> {
    list_of(ev, lives)
}
