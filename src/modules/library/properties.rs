//! The functions with which modules write definitions (`mkIf`, `mkMerge`, `mkOverride`, `mkOrder` and their
//! relatives), and those that remove such properties.

use crate::eval::{Builtin, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::modules::definitions::{
    DEFAULT_ORDER, DEFAULT_PRIORITY, IF, OVERRIDE, Property, VALUE, best, discharge, in_order, make_merge,
    make_order, property, props, push_down, wrapped,
};
use crate::native::{
    get, interpolate, items, list, map, or_null, select, share, shared, shared_args, text, throw, truth,
};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Record, Value, peek, slot};

/// Makes a set of these attributes. While evaluations are observed, the attribute `at` gets the position
/// `pos`, so that commands can tell where a condition or priority is written.
fn located<const N: usize>(
    ev: &Evaluator,
    record: &'static Record<N>,
    values: [Value; N],
    pos: Pos,
    at: &str,
) -> Res<Value> {
    let set = ev.mem.record(record, values)?;
    if !pos.is_some() || !ev.is_observing() {
        return Ok(set);
    }
    let mut located = AttrsBuilder::with_capacity(N);
    let at = ev.intern(at)?;
    for entry in ev.mem.entries(set) {
        located.push_at(entry.name, if entry.name == at { pos } else { Pos::NONE }, peek(entry.slot));
    }
    Ok(ev.mem.attrs(located)?)
}

fn conditional(ev: &Evaluator, condition: Value, content: Value, pos: Pos) -> Res<Value> {
    located(ev, &IF, [Value::symbol(sym!("if")), condition, content], pos, "condition")
}

/// `lib.modules.mkIf`
pub(super) fn mk_if(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [condition, content] = shared_args(ev, args)?;
    conditional(ev, condition, content, pos)
}

suspended! {
    /// `if assertion then true else throw "\nFailed assertion: ${message}"`
    struct Asserted { assertion, message }
}

impl Asserted<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        if truth(ev, ev.force(self.assertion)?)? {
            return Ok(Value::TRUE);
        }
        let message = text(ev, interpolate(ev, self.message)?);
        Err(throw(format!("\nFailed assertion: {message}")))
    }
}

/// `lib.modules.mkAssert`
pub(super) fn mk_assert(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [assertion, message, content] = shared_args(ev, args)?;
    conditional(ev, ev.delay(Asserted { assertion, message })?, content, pos)
}

/// `lib.modules.mkMerge`
pub(super) fn mk_merge(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [contents] = shared_args(ev, args)?;
    make_merge(ev, contents)
}

/// The arguments of `mkDefinition`.
pub(super) const MK_DEFINITION_ARGS: Formals =
    Formals { arg: 0, names: &[("value", false), ("file", false)], ellipsis: true };

/// `lib.modules.mkDefinition`
pub(super) fn mk_definition(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    static TAG: Record<1> = Record::new(["_type"]);
    let [definition] = exactly(args);
    let set = ev.force_formals("mkDefinition", definition, &MK_DEFINITION_ARGS, pos)?;
    Ok(ev.mem.update(set, ev.mem.record(&TAG, [Value::symbol(sym!("definition"))])?)?)
}

fn overriding(ev: &Evaluator, priority: Value, content: Value, pos: Pos) -> Res<Value> {
    located(ev, &OVERRIDE, [Value::symbol(sym!("override")), priority, content], pos, "priority")
}

/// `lib.modules.mkOverride`
pub(super) fn mk_override(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [priority, content] = shared_args(ev, args)?;
    overriding(ev, priority, content, pos)
}

/// `mkOverride` with this priority: `mkDefault`, `mkForce` and others.
pub(super) fn with_priority<const PRIORITY: i64>(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [content] = shared_args(ev, args)?;
    overriding(ev, ev.mem.int(PRIORITY)?, content, pos)
}

/// `lib.modules.mkOrder`
pub(super) fn mk_order(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [priority, content] = shared_args(ev, args)?;
    make_order(ev, priority, content)
}

/// `mkOrder` with this order priority: `mkBefore` and `mkAfter`.
pub(super) fn with_order<const ORDER: i64>(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [content] = shared_args(ev, args)?;
    make_order(ev, ev.mem.int(ORDER)?, content)
}

/// `lib.modules.mapDefinitionValue`: applies a function to the value inside the properties.
pub(super) static MAP_DEFINITION_VALUE: Builtin =
    Builtin::hidden("mapDefinitionValue", &["f", "def"], |ev, args, _| {
        static CONTENTS: Record<1> = Record::new(["contents"]);
        static CONTENT: Record<1> = Record::new(["content"]);
        let [f, def] = exactly(args);
        let def = ev.force(def)?;
        let f = share(ev, f)?;
        let mapped = |name| -> Res<Value> {
            ev.delay_call(ev.partial(&MAP_DEFINITION_VALUE, &[f])?, &[shared(ev, def, name)?])
        };
        let change = match property(ev, def)? {
            Property::Merge => {
                let contents = ev.delay(Mapped { f, contents: shared(ev, def, sym!("contents"))? })?;
                ev.mem.record(&CONTENTS, [contents])?
            }
            Property::If | Property::Override | Property::Order => {
                ev.mem.record(&CONTENT, [mapped(sym!("content"))?])?
            }
            Property::Definition => ev.mem.record(&VALUE, [mapped(sym!("value"))?])?,
            Property::Other => return ev.call(ev.force_value(f)?, &[def], Pos::NONE),
        };
        Ok(ev.mem.update(def, change)?)
    });

suspended! {
    /// `map (mapDefinitionValue f) contents`
    struct Mapped { f, contents }
}

impl Mapped<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let contents = list(ev, self.contents)?;
        map(ev, ev.partial(&MAP_DEFINITION_VALUE, &[share(ev, self.f)?])?, contents)
    }
}

/// `pushDownProperties`: the sets inside a definition, with its conditions and priorities around their
/// attributes.
pub(super) static PUSH_DOWN: Builtin = Builtin::hidden("pushDownProperties", &["cfg"], |ev, args, _| {
    let [config] = exactly(args);
    let mut sets = Vec::new();
    push_down(ev, ev.force(config)?, Value::EMPTY_LIST, &mut |set, around| {
        sets.push(if set.is_attrs() { pushed(ev, set, around)? } else { set });
        Ok(())
    })?;
    Ok(ev.mem.list(&sets)?)
});

fn pushed(ev: &Evaluator, set: Value, around: Value) -> Res<Value> {
    let around = props(ev, around)?;
    if around.is_empty() {
        return Ok(set);
    }
    let mut out = AttrsBuilder::new();
    for entry in ev.mem.entries(set) {
        out.push(entry.name, wrapped(ev, share(ev, entry.slot)?, &around)?);
    }
    Ok(ev.mem.attrs(out)?)
}

/// `dischargeProperties`: the values inside a definition whose conditions hold.
pub(super) static DISCHARGE: Builtin = Builtin::hidden("dischargeProperties", &["def"], |ev, args, _| {
    let [def] = exactly(args);
    let mut values = Vec::new();
    discharge(ev, ev.force(def)?, &mut |value| {
        values.push(value);
        Ok(())
    })?;
    Ok(ev.mem.list(&values)?)
});

/// `lib.modules.filterOverrides`
pub(super) fn filter_overrides(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    select(ev, filter_overrides_prime(ev, args, pos)?, sym!("values"))
}

/// `lib.modules.filterOverrides'`: the definitions with the best priority, and that priority.
pub(super) fn filter_overrides_prime(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    static RESULT: Record<2> = Record::new(["values", "highestPrio"]);
    let [defs] = exactly(args);
    let default = ev.mem.int(DEFAULT_PRIORITY)?;
    let mut all = Vec::new();
    for def in items(ev, defs)? {
        let set = ev.force(def)?;
        let value = or_null(ev, set, sym!("value"))?;
        if property(ev, value)? == Property::Override {
            let priority = select(ev, value, sym!("priority"))?;
            let content = ev.mem.record(&VALUE, [shared(ev, value, sym!("content"))?])?;
            all.push((priority, ev.mem.update(set, content)?));
        } else {
            all.push((default, set));
        }
    }
    let best = match all[..] {
        [(only, _)] => only,
        _ => best(ev, all.iter().map(|(priority, _)| Ok(*priority)))?,
    };
    let mut kept = Vec::with_capacity(all.len());
    for (priority, set) in all {
        if ev.equal_values(priority, best, Pos::NONE)? {
            kept.push(set);
        }
    }
    Ok(ev.mem.record(&RESULT, [ev.mem.list(&kept)?, best])?)
}

/// `lib.modules.sortProperties`
pub(super) fn sort_properties(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [defs] = exactly(args);
    let defs = items(ev, defs)?;
    let default = ev.mem.int(DEFAULT_ORDER)?;
    let (mut sets, mut orders) = (Vec::new(), Vec::new());
    for def in defs {
        let set = without_order(ev, def)?;
        orders.push(slot(match get(ev, set, sym!("priority")) {
            Some(own) if defs.len() > 1 => ev.force(own)?,
            _ => default,
        }));
        sets.push(set);
    }
    let sorted: Vec<Value> = in_order(ev, &orders)?.map(|number| sets[number]).collect();
    Ok(ev.mem.list(&sorted)?)
}

/// A definition with the order of its value moved to the attribute `priority`.
fn without_order(ev: &Evaluator, def: &Slot) -> Res<Value> {
    static ORDERED: Record<2> = Record::new(["value", "priority"]);
    let set = ev.force(def)?;
    let value = or_null(ev, set, sym!("value"))?;
    if property(ev, value)? != Property::Order {
        return Ok(set);
    }
    let changed = [shared(ev, value, sym!("content"))?, shared(ev, value, sym!("priority"))?];
    Ok(ev.mem.update(set, ev.mem.record(&ORDERED, changed)?)?)
}
