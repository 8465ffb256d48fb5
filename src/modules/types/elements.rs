//! The values of a collection's elements: each is merged separately, on demand.

use super::checked_merge::Checked;
use super::option_type::OptionType;
use crate::eval::{Builtin, BuiltinFn, Evaluator, Object as _, Res, object, suspended};
use crate::heap::{Ref, Slot};
use crate::modules::definitions::Raw;
use crate::modules::definitions::{Lives, live, sorted, winners};
use crate::modules::definitions::{MERGE_EQUAL, MERGE_ONE};
use crate::modules::definitions::{checked_v2, has_v2, merge_v1, undefined, value_of_checked};
use crate::native::{appended, get, select, share};
use crate::source::Pos;
use crate::value::{Tag, Value, peek, put, slot};

/// The definitions of an element that count.
pub(super) fn settle(ev: &Evaluator, raws: &[Raw]) -> Res<Lives> {
    sorted(ev, winners(ev, live(ev, raws)?)?.lives)
}

object! {
    /// The elements of a collection.
    pub(super) struct Elements from ElementParts {
        /// The path of the collection.
        loc,
        /// The type of all elements; may be suspended.
        ty,
        /// The elements' names: strings, or for list elements the packed numbers of definition and entry.
        names,
        /// The definitions of each element that count, in a list; may be suspended.
        defs,
        /// The values: a list of suspensions or values. They may be stored elsewhere once shared.
        values,
    } computes {
        /// The result of checking and merging each element: a list of suspensions.
        checked: |ev: &Evaluator, this: Elements| {
            let elements = this.word();
            ev.delayed_list(CheckedElement { elements }, peek(this.names(ev)).list_len())
        },
    }
}

/// The slot at this index in a list that belongs to an object.
fn at<'h>(ev: &'h Evaluator, list: &Slot, index: usize) -> &'h Slot {
    &ev.mem.items(peek(list))[index]
}

impl Elements {
    /// Elements of type `ty` (may be suspended) with these names. `defs` are their definitions: lists, or
    /// suspensions of lists. `known` are the values that are already known, or unset.
    pub(super) fn make(
        ev: &Evaluator,
        loc: Value,
        ty: Value,
        names: &[Value],
        defs: &[Value],
        known: &[Value],
    ) -> Res<Elements> {
        let (all_names, defs) = (ev.mem.list(names)?, ev.mem.list(defs)?);
        let parts = ElementParts { loc, ty, names: all_names, defs, values: Value::EMPTY_LIST };
        let this = Elements::new(ev, parts)?;
        let suspended = ev.delays(Element { elements: this.word() })?;
        let values = (0..names.len()).map(|i| match known.get(i) {
            Some(v) if *v != Value::UNSET => *v,
            _ => Value::native(i, suspended),
        });
        put(this.values(ev), ev.mem.list_from(names.len(), values)?);
        Ok(this)
    }

    /// The value of an element, for storing elsewhere.
    pub(super) fn shared_value(self, ev: &Evaluator, index: usize) -> Res<Value> {
        share(ev, at(ev, self.values(ev), index))
    }

    /// The `valueMeta` of all elements, each in its own suspension.
    pub(super) fn metas(self, ev: &Evaluator) -> Res<Metas> {
        Ok(Metas(ev.delays(ElementMeta { elements: self.word() })?))
    }

    fn loc_of(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let name = peek(at(ev, self.names(ev), index));
        let name = match ev.mem.as_int(name) {
            None => name,
            Some(packed) => {
                let (definition, entry) = (packed >> ENTRY_BITS, packed & ((1 << ENTRY_BITS) - 1));
                ev.mem.str(&format!("[definition {definition}-entry {entry}]"))?
            }
        };
        appended(ev, peek(self.loc(ev)), name)
    }

    fn type_of(self, ev: &Evaluator) -> Res<OptionType> {
        OptionType::force(ev, self.ty(ev))
    }

    /// The `headError`, `value` and `valueMeta` of an element.
    fn checked_element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        ev.force(&ev.mem.items(ev.force(self.checked(ev))?)[index])
    }
}

/// The suspended `valueMeta` of elements.
#[derive(Debug, Clone, Copy)]
pub(super) struct Metas(Ref);

impl Metas {
    /// The `valueMeta` of the element with this index.
    pub(super) fn of(self, index: usize) -> Value {
        Value::native(index, self.0)
    }
}

/// The number of bits for the number of an entry in a definition.
const ENTRY_BITS: u32 = 28;

/// The packed name of a list entry; both numbers start from one.
pub(super) fn entry_name(definition: usize, entry: usize) -> Value {
    Value::number((definition as i64) << ENTRY_BITS | entry as i64)
}

suspended! {
    /// The value of an element.
    struct Element { elements } []
}

impl Element<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let elements = Elements::of(peek(self.elements));
        let loc = || elements.loc_of(ev, index);
        let defs = ev.force(at(ev, elements.defs(ev), index))?;
        let ty = elements.type_of(ev)?;
        if defs == Value::EMPTY_LIST {
            // Only elements of `lazyAttrsOf` can lack a definition that counts.
            return match ty.empty_value(ev)? {
                Some(value) => ev.force(value),
                None => undefined(ev, loc()?, ty.word()),
            };
        }
        if has_v2(ev, ty.word())? {
            return value_of_checked(ev, loc()?, ty.word(), elements.checked_element(ev, index)?);
        }
        merge_v1(ev, loc()?, ty.word(), defs)
    }
}

suspended! {
    /// The result of checking and merging an element.
    struct CheckedElement { elements } []
}

impl CheckedElement<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let elements = Elements::of(peek(self.elements));
        let ty = elements.type_of(ev)?;
        if has_v2(ev, ty.word())? {
            let defs = share(ev, at(ev, elements.defs(ev), index))?;
            return checked_v2(ev, elements.loc_of(ev, index)?, ty.word(), defs);
        }
        let value = elements.shared_value(ev, index)?;
        Checked { head_error: Value::NULL, value, value_meta: Value::EMPTY_SET }.set(ev)
    }
}

suspended! {
    /// The `valueMeta` of an element.
    struct ElementMeta { elements } []
}

impl ElementMeta<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let checked = Elements::of(peek(self.elements)).checked_element(ev, index)?;
        select(ev, checked, sym!("valueMeta"))
    }
}

/// The check of a type that does nothing to a single definition but check its value. Nothing is forced to
/// find out, because elements must not force their type before their value is needed.
pub(super) fn plain_check(ev: &Evaluator, ty: Value) -> Option<BuiltinFn> {
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
fn is_builtin(ev: &Evaluator, v: Value, builtin: &'static Builtin) -> bool {
    let v = ev.mem.bare(v);
    v.tag() == Tag::Builtin && std::ptr::eq(ev.builtin_of(v), builtin)
}

/// The value of an element, if it is known without merging.
pub(super) fn known_value(ev: &Evaluator, check: Option<BuiltinFn>, lives: &Lives) -> Res<Value> {
    if let (Some(check), [only]) = (check, &lives[..])
        && only.value.is_value()
        && only.set.is_none()
        && check(ev, &[slot(only.value)], Pos::NONE)?.is_true()
    {
        return Ok(only.value);
    }
    Ok(Value::UNSET)
}
