//! Types with a choice: `either`, `oneOf`, `enum`.

use super::checked_merge::{Checked, checked_by, checked_merge, coherent_check, loc_and_defs};
use super::functor::functor;
use super::make::{Spec, symbol};
use super::option_type::OptionType;
use crate::eval::{Builtin, Error, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::modules::definitions::{MERGE_EQUAL, MERGE_ONE, definitions, path_of};
use crate::modules::messages;
use crate::native::record;
use crate::native::{attr, concat, items, list, select, share, shared, shared_args, text, throw, warn};
use crate::source::Pos;
use crate::value::{Type, Value, peek, slot};

/// Classes of descriptions that need no parentheses before "or".
const CONJUNCTION: [&str; 2] = ["noun", "conjunction"];

/// `lib.types.either`
pub(super) static EITHER: Builtin = Builtin::hidden("either", &["t1", "t2"], |ev, args, _| {
    let [first, second] = shared_args(ev, args)?;
    either(ev, first, second)
});

record! {
    /// The nested types of `either`.
    struct Sides {
        left: "left",
        right: "right",
    }
}

record! {
    /// The payload of `either`: a list of both types.
    struct EitherPayload {
        elem_type: "elemType",
    }
}

/// Values of one type or another; both may be suspended.
pub(super) fn either(ev: &Evaluator, first: Value, second: Value) -> Res<Value> {
    static CHECK: Builtin = Builtin::hidden("check", &["t1", "t2", "self", "x"], |ev, args, _| {
        let [first, second, _, x] = exactly(args);
        let x = share(ev, x)?;
        let accepts = |ty| OptionType::force(ev, ty)?.accepts(ev, x);
        Ok(Value::bool(accepts(first)? || accepts(second)?))
    });
    let types = [first, second];
    let payload = EitherPayload { elem_type: ev.mem.list(&types)? }.set(ev)?;
    let spec = Spec {
        description: ev.delay(EitherDescription { first, second })?,
        class: symbol(ev, "conjunction")?,
        check: coherent_check(ev, ev.partial(&CHECK, &types)?)?,
        merge: checked_merge(ev, ev.partial(&EITHER_V2, &types)?)?,
        type_merge: ev.partial(&MERGE_EITHER, &types)?,
        functor: functor(ev, "either", ev.builtin(&EITHER), payload, ev.builtin(&NO_BIN_OP))?,
        nested: Sides { left: first, right: second }.set(ev)?,
        ..Spec::new(ev, "either")?
    };
    spec.build(ev)
}

/// nixpkgs gives `either` the `binOp` of types with one element type, which fails on its pair of types.
/// `typeMerge` does not use it.
static NO_BIN_OP: Builtin = Builtin::hidden("binOp", &["a", "b"], |ev, args, _| {
    let [payload, _] = exactly(args);
    let pair = select(ev, ev.force(payload)?, sym!("elemType"))?;
    select(ev, pair, sym!("typeMerge"))
});

suspended! {
    /// The description of `either first second`.
    struct EitherDescription { first, second }
}

impl EitherDescription<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let (first, second) = (OptionType::force(ev, self.first)?, OptionType::force(ev, self.second)?);
        let class = first.class(ev)?;
        let clause = class.is_string() && ev.mem.text(class) == b"nonRestrictiveClause";
        let description = if clause {
            let second = second.phrase(ev, &CONJUNCTION)?;
            format!("{}, or {second}", first.description(ev)?)
        } else {
            let first = first.phrase(ev, &CONJUNCTION)?;
            format!("{first} or {}", second.phrase(ev, &["noun", "conjunction", "composite"])?)
        };
        Ok(ev.mem.str(&description)?)
    }
}

static EITHER_V2: Builtin = Builtin::hidden("v2", &["t1", "t2", "args"], |ev, args, _| {
    let [first, second, arg] = exactly(args);
    let [loc, defs] = loc_and_defs(ev, arg)?;
    for ty in [first, second] {
        let checked = checked_by(ev, OptionType::force(ev, ty)?, loc, defs)?;
        if select(ev, checked, sym!("headError"))? == Value::NULL {
            return Ok(checked);
        }
    }
    neither(ev, Neither { first: share(ev, first)?, second: share(ev, second)?, loc, defs })
});

record! {
    /// The `headError` for definitions that have neither type.
    struct Message {
        message: "message",
    }
}

record! {
    /// The `valueMeta` of definitions of neither type.
    struct NeitherMeta {
        head_error: "headError",
    }
}

suspended! {
    /// Definitions that have neither type.
    struct Neither { first, second, loc, defs } => struct NeitherParts { message, value }
}

impl Neither<&Slot> {
    fn text(self, ev: &Evaluator) -> Res<String> {
        let path = messages::option(ev, path_of(ev, self.loc)?)?;
        let first = OptionType::force(ev, self.first)?.description(ev)?;
        let second = OptionType::force(ev, self.second)?.description(ev)?;
        let shown = messages::definitions(ev, &messages::words(definitions(ev, self.defs)?))?;
        Ok(format!(
            "The option `{path}` is neither a value of type `{first}` nor `{second}`, Definition values: {shown}"
        ))
    }

    fn message(self, ev: &Evaluator) -> Res<Value> {
        Ok(ev.mem.str(&self.text(ev)?)?)
    }

    fn value(self, ev: &Evaluator) -> Res<Value> {
        let path = messages::option(ev, path_of(ev, self.loc)?)?;
        let warning = format!(
            "One or more definitions did not pass the type-check of the 'either' type.\n{}\nIf `either`, `oneOf` or \
             similar is used in freeformType, ensure that it is preceded by an 'attrsOf' such as: \
             `freeformType = types.attrsOf (types.either t1 t2)`.\nOtherwise consider using the correct type for the \
             option `{path}`.  This will be an error in Nixpkgs 26.05.\n",
            self.text(ev)?
        );
        warn(ev, ev.mem.str(&warning)?, Value::NULL)?;
        let [loc, defs] = [share(ev, self.loc)?, share(ev, self.defs)?];
        ev.call(ev.builtin(&MERGE_ONE), &[loc, defs], Pos::NONE)
    }
}

/// The result of `merge.v2` for definitions that have neither type.
fn neither(ev: &Evaluator, neither: Neither) -> Res<Value> {
    let parts = neither.parts(ev)?;
    let head_error = Message { message: parts.message }.set(ev)?;
    let value_meta = NeitherMeta { head_error }.set(ev)?;
    Checked { head_error, value: parts.value, value_meta }.set(ev)
}

static MERGE_EITHER: Builtin = Builtin::hidden("typeMerge", &["t1", "t2", "f'"], |ev, args, _| {
    let [first, second, functor] = exactly(args);
    let functor = ev.force(functor)?;
    let name = select(ev, functor, sym!("name"))?;
    if !name.is_string() || ev.mem.text(name) != b"either" {
        return Ok(Value::NULL);
    }
    let payload = select(ev, functor, sym!("payload"))?;
    let pair = items(ev, attr(ev, payload, sym!("elemType"))?)?;
    let [other_first, other_second] = pair else {
        return Err(Error::eval("list index 1 is out of bounds"));
    };
    let first = OptionType::force(ev, first)?.merged_with(ev, other_first)?;
    if first == Value::NULL {
        return Ok(Value::NULL);
    }
    let second = OptionType::force(ev, second)?.merged_with(ev, other_second)?;
    if second == Value::NULL {
        return Ok(Value::NULL);
    }
    either(ev, first, second)
});

/// `lib.types.oneOf`
pub(super) static ONE_OF: Builtin = Builtin::hidden("oneOf", &["ts"], |ev, args, _| {
    let [types] = exactly(args);
    let Some((first, rest)) = items(ev, types)?.split_first() else {
        return Err(throw("types.oneOf needs to get at least one type in its argument"));
    };
    let mut all = share(ev, first)?;
    for ty in rest {
        all = either(ev, all, share(ev, ty)?)?;
    }
    ev.force_value(all)
});

/// `lib.types.enum`
pub(super) static ENUM: Builtin = Builtin::hidden("enum", &["values"], |ev, args, _| {
    let [values] = shared_args(ev, args)?;
    enumeration(ev, values)
});

record! {
    /// The payload of `enum`.
    struct EnumPayload {
        values: "values",
    }
}

suspended! {
    /// The class and description of `enum values`.
    struct EnumWords { values } => struct EnumWordParts { class, description }
}

impl EnumWords<&Slot> {
    fn class(self, ev: &Evaluator) -> Res<Value> {
        symbol(ev, if items(ev, self.values)?.len() < 2 { "noun" } else { "conjunction" })
    }

    fn description(self, ev: &Evaluator) -> Res<Value> {
        let values = items(ev, self.values)?;
        let shown: Vec<String> = values.iter().map(|v| show_value(ev, v)).collect::<Res<_>>()?;
        Ok(ev.mem.str(&match &shown[..] {
            [] => "impossible (empty enum)".to_owned(),
            [only] => format!("value {only} (singular enum)"),
            several => format!("one of {}", several.join(", ")),
        })?)
    }
}

fn enumeration(ev: &Evaluator, values: Value) -> Res<Value> {
    static OF_PAYLOAD: Builtin = Builtin::hidden("type", &["payload"], |ev, args, _| {
        let [payload] = exactly(args);
        enumeration(ev, shared(ev, ev.force(payload)?, sym!("values"))?)
    });
    static CHECK: Builtin = Builtin::hidden("check", &["values", "x"], |ev, args, _| {
        let [values, x] = exactly(args);
        for value in items(ev, values)? {
            if ev.equal(x, value, Pos::NONE)? {
                return Ok(Value::TRUE);
            }
        }
        Ok(Value::FALSE)
    });
    let words = EnumWords { values }.parts(ev)?;
    let payload = EnumPayload { values }.set(ev)?;
    let spec = Spec {
        description: words.description,
        class: words.class,
        check: ev.partial(&CHECK, &[values])?,
        merge: ev.builtin(&MERGE_EQUAL),
        functor: functor(ev, "enum", ev.builtin(&OF_PAYLOAD), payload, ev.builtin(&ALL_VALUES))?,
        ..Spec::new(ev, "enum")?
    };
    spec.build(ev)
}

fn show_value(ev: &Evaluator, v: &Slot) -> Res<String> {
    let v = ev.force(v)?;
    Ok(match v.type_of() {
        Type::String => format!("\"{}\"", text(ev, v)),
        Type::Int => ev.mem.integer(v).to_string(),
        Type::Bool => if v.is_true() { "true" } else { "false" }.to_owned(),
        _ => format!("<{}>", v.type_of().name()),
    })
}

suspended! {
    /// `unique (a.values ++ b.values)`
    struct Union { a, b }
}

impl Union<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let values = |payload| -> Res<Value> { list(ev, attr(ev, ev.force(payload)?, sym!("values"))?) };
        let all = concat(ev, &[values(self.a)?, values(self.b)?])?;
        let mut kept: Vec<Slot> = Vec::new();
        'values: for value in ev.mem.items(all) {
            for known in &kept {
                if ev.equal(value, known, Pos::NONE)? {
                    continue 'values;
                }
            }
            kept.push(slot(share(ev, value)?));
        }
        Ok(ev.mem.list_from(kept.len(), kept.iter().map(peek))?)
    }
}

/// Merges the payloads of two enumerations: the values of both, each once.
static ALL_VALUES: Builtin = Builtin::hidden("binOp", &["a", "b"], |ev, args, _| {
    let [a, b] = shared_args(ev, args)?;
    EnumPayload { values: ev.delay(Union { a, b })? }.set(ev)
});
