//! The functions that modules write definitions with: `mkIf`, `mkMerge`, `mkOverride`, `mkOrder` and their relatives.

use super::conditionals::{IF, push_down};
use super::priorities::{DEFAULT_ORDER, DEFAULT_PRIORITY, OPTION_DEFAULT, ORDER, OVERRIDE};
use super::provenance::Provenance;
use crate::eval::{Builtin, Evaluator, Formals, Lazy, Res};
use crate::heap::Slot;
use crate::native::{
    ID, attr, call_builtin, get, interpolate, or_null, select, shared, shared_or, text, throw, truth,
};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Record, Value, peek, slot};

/// The set with these attributes; with their position if definitions are being recorded, so that a record can tell
/// where a condition or priority was written.
fn property<const N: usize>(
    ev: &Evaluator,
    record: &'static Record<N>,
    values: [Value; N],
    pos: Pos,
    at: &str,
) -> Res<Value> {
    let set = ev.mem.record(record, values)?;
    if !pos.is_some() || !ev.extension::<Provenance>().is_on() {
        return Ok(set);
    }
    let mut located = AttrsBuilder::with_capacity(N);
    let at = ev.intern(at)?;
    for entry in ev.mem.entries(set) {
        located.push_at(entry.name, if entry.name == at { pos } else { Pos::NONE }, peek(entry.slot));
    }
    Ok(ev.mem.attrs(located)?)
}

/// `lib.modules.mkIf`
pub(super) static MK_IF: Builtin = Builtin::hidden("mkIf", &["condition", "content"], |ev, args, pos| {
    let values = [Value::symbol(sym!("if")), ev.mem.share(&args[0])?, ev.mem.share(&args[1])?];
    property(ev, &IF, values, pos, "condition")
});

/// `lib.modules.mkAssert`
pub(super) static MK_ASSERT: Builtin =
    Builtin::hidden("mkAssert", &["assertion", "message", "content"], |ev, args, pos| {
        static ASSERTED: Lazy = Lazy {
            name: "modules.mkAssert",
            run: |ev, captures, _| {
                if truth(ev, ev.force(&captures[0])?)? {
                    return Ok(Value::TRUE);
                }
                let message = text(ev, interpolate(ev, &captures[1])?);
                Err(throw(format!("\nFailed assertion: {message}")))
            },
        };
        let condition = ev.delay_raw(&ASSERTED, &[ev.mem.share(&args[0])?, ev.mem.share(&args[1])?])?;
        let values = [Value::symbol(sym!("if")), condition, ev.mem.share(&args[2])?];
        property(ev, &IF, values, pos, "condition")
    });

static MERGE: Record<2> = Record::new(["_type", "contents"]);

/// `lib.modules.mkMerge`
pub(super) static MK_MERGE: Builtin =
    Builtin::hidden("mkMerge", &["contents"], |ev, args, _| make_merge(ev, ev.mem.share(&args[0])?));

/// `mkMerge contents`; the list may be suspended.
pub(super) fn make_merge(ev: &Evaluator, contents: Value) -> Res<Value> {
    Ok(ev.mem.record(&MERGE, [Value::symbol(sym!("merge")), contents])?)
}

/// `mkIf condition content`; both may be suspended.
pub(super) fn make_if(ev: &Evaluator, condition: Value, content: Value) -> Res<Value> {
    Ok(ev.mem.record(&IF, [Value::symbol(sym!("if")), condition, content])?)
}

/// `lib.modules.mkDefinition`
pub(super) static MK_DEFINITION: Builtin = Builtin::hidden("mkDefinition", &["args"], |ev, args, pos| {
    static TAG: Record<1> = Record::new(["_type"]);
    let set = ev.force_formals("mkDefinition", &args[0], &MK_DEFINITION_ARGS, pos)?;
    Ok(ev.mem.update(set, ev.mem.record(&TAG, [Value::symbol(sym!("definition"))])?)?)
})
.with_formals(&[MK_DEFINITION_ARGS]);

/// What `mkDefinition` is called with.
const MK_DEFINITION_ARGS: Formals =
    Formals { arg: 0, names: &[("value", false), ("file", false)], ellipsis: true };

/// `mkDefinition { file = …; value = …; }`
pub(super) fn make_definition(ev: &Evaluator, file: Value, value: Value) -> Res<Value> {
    static DEFINITION: Record<3> = Record::new(["_type", "file", "value"]);
    Ok(ev.mem.record(&DEFINITION, [Value::symbol(sym!("definition")), file, value])?)
}

/// `lib.modules.mkOverride`
pub(super) static MK_OVERRIDE: Builtin =
    Builtin::hidden("mkOverride", &["priority", "content"], |ev, args, pos| {
        let values = [Value::symbol(sym!("override")), ev.mem.share(&args[0])?, ev.mem.share(&args[1])?];
        property(ev, &OVERRIDE, values, pos, "priority")
    });

/// `mkOverride priority content`; both may be suspended.
pub(super) fn make_override(ev: &Evaluator, priority: Value, content: Value) -> Res<Value> {
    Ok(ev.mem.record(&OVERRIDE, [Value::symbol(sym!("override")), priority, content])?)
}

/// Priorities with a name of their own.
const DEFAULT: i64 = 1000;
const IMAGE_MEDIA: i64 = 60;
const FORCE: i64 = 50;
const VM: i64 = 10;
const BEFORE: i64 = 500;
const AFTER: i64 = 1500;

fn with_priority(ev: &Evaluator, priority: i64, content: &Slot, pos: Pos) -> Res<Value> {
    let values = [Value::symbol(sym!("override")), ev.mem.int(priority)?, ev.mem.share(content)?];
    property(ev, &OVERRIDE, values, pos, "priority")
}

/// `lib.modules.mkOptionDefault`
pub(super) static MK_OPTION_DEFAULT: Builtin =
    Builtin::hidden("mkOptionDefault", &["content"], |ev, args, pos| {
        with_priority(ev, OPTION_DEFAULT, &args[0], pos)
    });
/// `lib.modules.mkDefault`
pub(super) static MK_DEFAULT: Builtin =
    Builtin::hidden("mkDefault", &["content"], |ev, args, pos| with_priority(ev, DEFAULT, &args[0], pos));
/// `lib.modules.mkImageMediaOverride`
pub(super) static MK_IMAGE_MEDIA: Builtin =
    Builtin::hidden("mkImageMediaOverride", &["content"], |ev, args, pos| {
        with_priority(ev, IMAGE_MEDIA, &args[0], pos)
    });
/// `lib.modules.mkForce`
pub(super) static MK_FORCE: Builtin =
    Builtin::hidden("mkForce", &["content"], |ev, args, pos| with_priority(ev, FORCE, &args[0], pos));
/// `lib.modules.mkVMOverride`
pub(super) static MK_VM: Builtin =
    Builtin::hidden("mkVMOverride", &["content"], |ev, args, pos| with_priority(ev, VM, &args[0], pos));

/// `mkDefault content`
pub(super) fn make_default(ev: &Evaluator, content: Value) -> Res<Value> {
    make_override(ev, ev.mem.int(DEFAULT)?, content)
}

/// `mkForce content`
pub(super) fn make_force(ev: &Evaluator, content: Value) -> Res<Value> {
    make_override(ev, ev.mem.int(FORCE)?, content)
}

/// `mkOptionDefault content`
pub(super) fn make_option_default(ev: &Evaluator, content: Value) -> Res<Value> {
    make_override(ev, ev.mem.int(OPTION_DEFAULT)?, content)
}

/// `lib.modules.mkOrder`
pub(super) static MK_ORDER: Builtin = Builtin::hidden("mkOrder", &["priority", "content"], |ev, args, _| {
    make_order(ev, ev.mem.share(&args[0])?, ev.mem.share(&args[1])?)
});

/// `mkOrder priority content`; both may be suspended.
pub(super) fn make_order(ev: &Evaluator, priority: Value, content: Value) -> Res<Value> {
    Ok(ev.mem.record(&ORDER, [Value::symbol(sym!("order")), priority, content])?)
}

/// `lib.modules.mkBefore`
pub(super) static MK_BEFORE: Builtin = Builtin::hidden("mkBefore", &["content"], |ev, args, _| {
    make_order(ev, ev.mem.int(BEFORE)?, ev.mem.share(&args[0])?)
});
/// `lib.modules.mkAfter`
pub(super) static MK_AFTER: Builtin = Builtin::hidden("mkAfter", &["content"], |ev, args, _| {
    make_order(ev, ev.mem.int(AFTER)?, ev.mem.share(&args[0])?)
});

/// `lib.modules.defaultOverridePriority`
pub(super) fn default_override_priority(ev: &Evaluator) -> Res<Value> {
    Ok(ev.mem.int(DEFAULT_PRIORITY)?)
}

/// `lib.modules.defaultOrderPriority`
pub(super) fn default_order_priority(ev: &Evaluator) -> Res<Value> {
    Ok(ev.mem.int(DEFAULT_ORDER)?)
}

/// A function that is deprecated: looking at it prints a warning.
pub(super) fn deprecated(ev: &Evaluator, message: &str, value: Value) -> Res<Value> {
    call_builtin(ev, "warn", &[ev.mem.str(message)?, value])
}

/// `lib.modules.mkFixStrictness`
pub(super) fn mk_fix_strictness(ev: &Evaluator) -> Res<Value> {
    let message = "lib.mkFixStrictness has no effect and will be removed. It returns its argument unmodified, so you \
                   can just remove any calls.";
    deprecated(ev, message, ev.builtin(&ID))
}

/// `lib.modules.mapDefinitionValue`: a function applied to what the properties are around.
pub(super) static MAP_DEFINITION_VALUE: Builtin =
    Builtin::hidden("mapDefinitionValue", &["f", "def"], |ev, args, _| {
        static CONTENTS: Record<1> = Record::new(["contents"]);
        static CONTENT: Record<1> = Record::new(["content"]);
        static VALUE: Record<1> = Record::new(["value"]);
        let def = ev.force(&args[1])?;
        let f = ev.mem.share(&args[0])?;
        let mapped = |name| -> Res<Value> {
            ev.delay_call(ev.partial(&MAP_DEFINITION_VALUE, &[f])?, &[shared(ev, def, name)?])
        };
        let change = match super::support::property(ev, def)? {
            super::support::Property::Merge => {
                static EACH: Lazy = Lazy {
                    name: "modules.mapDefinitionValue",
                    run: |ev, captures, _| {
                        let list = ev.force_list(&captures[1], Pos::NONE, "")?;
                        let f = ev.partial(&MAP_DEFINITION_VALUE, &[ev.mem.share(&captures[0])?])?;
                        crate::builtins::map_list(ev, f, list)
                    },
                };
                let contents = ev.delay_raw(&EACH, &[f, shared(ev, def, sym!("contents"))?])?;
                ev.mem.record(&CONTENTS, [contents])?
            }
            super::support::Property::If
            | super::support::Property::Override
            | super::support::Property::Order => ev.mem.record(&CONTENT, [mapped(sym!("content"))?])?,
            super::support::Property::Definition => ev.mem.record(&VALUE, [mapped(sym!("value"))?])?,
            super::support::Property::Other => return ev.call(ev.force_value(f)?, &[def], Pos::NONE),
        };
        Ok(ev.mem.update(def, change)?)
    });

/// A suspended `option.isDefined`.
fn is_defined(ev: &Evaluator, option: &Slot) -> Res<Value> {
    static DEFINED: Lazy = Lazy {
        name: "modules.isDefined",
        run: |ev, captures, _| select(ev, ev.force(&captures[0])?, sym!("isDefined")),
    };
    ev.delay_raw(&DEFINED, &[ev.mem.share(option)?])
}

/// The definitions of an option, each with the option's priority around it if that is wanted.
static DEFINITIONS: Lazy = Lazy {
    name: "modules.aliasDefinitions",
    run: |ev, captures, index| {
        let option = ev.force(&captures[0])?;
        let list = ev.force_list(attr(ev, option, sym!("definitions"))?, Pos::NONE, "")?;
        if index == 0 {
            return Ok(list);
        }
        let priority = shared_or(ev, option, sym!("highestPrio"), ev.mem.int(DEFAULT_PRIORITY)?)?;
        let mut wrapped = Vec::with_capacity(list.list_len());
        for definition in ev.mem.items(list) {
            wrapped.push(make_override(ev, priority, ev.mem.share(definition)?)?);
        }
        Ok(ev.mem.list(&wrapped)?)
    },
};

/// All definitions of an option, wrapped, as definitions of another one.
fn alias(ev: &Evaluator, wrap: Value, option: &Slot, with_priority: bool) -> Res<Value> {
    let definitions = ev.delays_raw(&DEFINITIONS, &[ev.mem.share(option)?])?;
    let merged = make_merge(ev, Value::native(usize::from(with_priority), definitions))?;
    make_if(ev, is_defined(ev, option)?, ev.delay_call(wrap, &[merged])?)
}

/// `lib.modules.mkAliasDefinitions`
pub(super) static MK_ALIAS_DEFINITIONS: Builtin =
    Builtin::hidden("mkAliasDefinitions", &["option"], |ev, args, _| {
        alias(ev, ev.builtin(&ID), &args[0], false)
    });
/// `lib.modules.mkAliasAndWrapDefinitions`
pub(super) static MK_ALIAS_AND_WRAP: Builtin =
    Builtin::hidden("mkAliasAndWrapDefinitions", &["wrap", "option"], |ev, args, _| {
        alias(ev, ev.mem.share(&args[0])?, &args[1], false)
    });
/// `lib.modules.mkAliasAndWrapDefsWithPriority`
pub(super) static MK_ALIAS_WITH_PRIORITY: Builtin =
    Builtin::hidden("mkAliasAndWrapDefsWithPriority", &["wrap", "option"], |ev, args, _| {
        alias(ev, ev.mem.share(&args[0])?, &args[1], true)
    });

/// `lib.modules.mkAliasIfDef`
pub(super) fn mk_alias_if_def(ev: &Evaluator) -> Res<Value> {
    static IF_DEFINED: Builtin = Builtin::hidden("mkAliasIfDef", &["option", "content"], |ev, args, _| {
        make_if(ev, is_defined(ev, &args[0])?, ev.mem.share(&args[1])?)
    });
    let message = "Usage of 'mkAliasIfDef' has been deprecated. Use 'mkIf option.isDefined' instead.";
    deprecated(ev, message, ev.builtin(&IF_DEFINED))
}

/// `lib.modules.mkDerivedConfig`
pub(super) static MK_DERIVED_CONFIG: Builtin =
    Builtin::hidden("mkDerivedConfig", &["opt", "f"], |ev, args, _| {
        static PRIORITY: Lazy = Lazy {
            name: "modules.derivedPriority",
            run: |ev, captures, index| {
                let option = ev.force(&captures[0])?;
                if index == 1 {
                    return select(ev, option, sym!("value"));
                }
                match get(ev, option, sym!("highestPrio")) {
                    Some(priority) => ev.force(priority),
                    None => Ok(ev.mem.int(DEFAULT_PRIORITY)?),
                }
            },
        };
        let of_option = ev.delays_raw(&PRIORITY, &[ev.mem.share(&args[0])?])?;
        let content = ev.delay_call(ev.mem.share(&args[1])?, &[Value::native(1, of_option)])?;
        make_override(ev, Value::native(0, of_option), content)
    });

/// `pushDownProperties`: the sets a definition means, with conditions and priorities around their attributes.
pub(super) static PUSH_DOWN: Builtin = Builtin::hidden("pushDownProperties", &["cfg"], |ev, args, _| {
    let mut sets = Vec::new();
    push_down(ev, ev.force(&args[0])?, Value::EMPTY_LIST, &mut |set, around| {
        sets.push(if set.is_attrs() { pushed(ev, set, around)? } else { set });
        Ok(())
    })?;
    Ok(ev.mem.list(&sets)?)
});

fn pushed(ev: &Evaluator, set: Value, around: Value) -> Res<Value> {
    let around = super::conditionals::props(ev, around)?;
    if around.is_empty() {
        return Ok(set);
    }
    let mut out = AttrsBuilder::new();
    for entry in ev.mem.entries(set) {
        out.push(entry.name, super::conditionals::wrapped(ev, ev.mem.share(entry.slot)?, &around)?);
    }
    Ok(ev.mem.attrs(out)?)
}

/// `dischargeProperties`: the values that a definition means when its conditions are looked at.
pub(super) static DISCHARGE: Builtin = Builtin::hidden("dischargeProperties", &["def"], |ev, args, _| {
    let mut values = Vec::new();
    super::conditionals::discharge(ev, ev.force(&args[0])?, &mut |found| {
        if let super::conditionals::Discharged::Value(value) = found {
            values.push(value);
        }
        Ok(())
    })?;
    Ok(ev.mem.list(&values)?)
});

/// `lib.modules.filterOverrides'`: the definitions with the best priority, and that priority.
pub(super) static FILTER_OVERRIDES_PRIME: Builtin =
    Builtin::hidden("filterOverrides'", &["defs"], |ev, args, _| filter_overrides(ev, &args[0]));

/// `lib.modules.filterOverrides`
pub(super) static FILTER_OVERRIDES: Builtin = Builtin::hidden("filterOverrides", &["defs"], |ev, args, _| {
    select(ev, filter_overrides(ev, &args[0])?, sym!("values"))
});

fn filter_overrides(ev: &Evaluator, defs: &Slot) -> Res<Value> {
    static RESULT: Record<2> = Record::new(["values", "highestPrio"]);
    static VALUE: Record<1> = Record::new(["value"]);
    const WORST: i64 = 9999;
    let defs = ev.force_list(defs, Pos::NONE, "")?;
    let defs = ev.mem.items(defs);
    let default = ev.mem.int(DEFAULT_PRIORITY)?;
    let mut all = Vec::with_capacity(defs.len());
    for def in defs {
        let set = ev.force(def)?;
        let value = or_null(ev, set, sym!("value"))?;
        if super::support::property(ev, value)? == super::support::Property::Override {
            let priority = select(ev, value, sym!("priority"))?;
            let content = ev.mem.record(&VALUE, [shared(ev, value, sym!("content"))?])?;
            all.push((priority, ev.mem.update(set, content)?));
        } else {
            all.push((default, set));
        }
    }
    let mut best = ev.mem.int(WORST)?;
    for (priority, _) in &all {
        if all.len() == 1 || ev.less_than(&slot(*priority), &slot(best), Pos::NONE, "")? {
            best = *priority;
        }
    }
    let mut kept = Vec::with_capacity(all.len());
    for (priority, set) in all {
        if ev.equal_values(priority, best, Pos::NONE)? {
            kept.push(set);
        }
    }
    Ok(ev.mem.record(&RESULT, [ev.mem.list(&kept)?, best])?)
}

/// `lib.modules.sortProperties`
pub(super) static SORT_PROPERTIES: Builtin = Builtin::hidden("sortProperties", &["defs"], |ev, args, _| {
    let defs = ev.mem.items(ev.force_list(&args[0], Pos::NONE, "")?);
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
    let numbers = (0..sets.len()).filter_map(|i| Value::small_int(i as i64)).collect();
    let order = |n: Value| &orders[n.as_small_int() as usize];
    let sorted =
        crate::builtins::merge_sort(numbers, &mut |a, b| ev.less_than(order(a), order(b), Pos::NONE, ""))?;
    let sorted: Vec<Value> = sorted.into_iter().map(|n| sets[n.as_small_int() as usize]).collect();
    Ok(ev.mem.list(&sorted)?)
});

/// A definition whose value has no order around it, but beside it.
fn without_order(ev: &Evaluator, def: &Slot) -> Res<Value> {
    static ORDERED: Record<2> = Record::new(["value", "priority"]);
    let set = ev.force(def)?;
    let value = or_null(ev, set, sym!("value"))?;
    if super::support::property(ev, value)? != super::support::Property::Order {
        return Ok(set);
    }
    let changed = [shared(ev, value, sym!("content"))?, shared(ev, value, sym!("priority"))?];
    Ok(ev.mem.update(set, ev.mem.record(&ORDERED, changed)?)?)
}
