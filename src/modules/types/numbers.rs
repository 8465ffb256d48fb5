//! Types of numbers in a range: `ints`, `numbers`.

use super::add_check::{add_check, renamed, with_class};
use super::alternatives::either;
use super::made::made;
use super::make::symbol;
use super::simple::{float, int};
use crate::eval::{Builtin, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{set_of, text, throw, to_string};
use crate::source::Pos;
use crate::value::{Context, Value, slot};

/// `lib.types.number`
pub(super) fn number(ev: &Evaluator) -> Res<Value> {
    either(ev, made(ev, "int", int)?, made(ev, "float", float)?)
}

/// `lib.types.port`
pub(super) fn port(ev: &Evaluator) -> Res<Value> {
    crate::native::select(ev, made(ev, "ints", ints)?, "u16")
}

/// `x: lowest <= x && x <= highest`
static IN_RANGE: Builtin = Builtin::hidden("check", &["lowest", "highest", "x"], |ev, args, _| {
    let [lowest, highest, x] = exactly(args);
    let within = |a: &Slot, b: &Slot| -> Res<bool> { Ok(!ev.less_than(b, a, Pos::NONE, "")?) };
    Ok(Value::bool(within(lowest, x)? && within(x, highest)?))
});

/// The type `base` (forced), limited to values from `lowest` to `highest`.
fn in_range(ev: &Evaluator, base: Value, lowest: Value, highest: Value) -> Res<Value> {
    add_check(ev, base, ev.partial(&IN_RANGE, &[lowest, highest])?)
}

/// Fails if the range is empty.
fn ordered(ev: &Evaluator, lowest: &Slot, highest: &Slot, function: &str) -> Res<()> {
    match ev.less_than(highest, lowest, Pos::NONE, "")? {
        false => Ok(()),
        true => Err(throw(format!("{function}: lowest must be smaller than highest"))),
    }
}

/// `lib.types.ints.between`
static INTS_BETWEEN: Builtin = Builtin::hidden("between", &["lowest", "highest"], |ev, args, _| {
    let [lowest, highest] = exactly(args);
    ordered(ev, lowest, highest, "ints.between")?;
    let base = made(ev, "int", int)?;
    let (lowest, highest) = (ev.force(lowest)?, ev.force(highest)?);
    let bounds = bounds(ev, &to_string, lowest, highest)?;
    let ty = in_range(ev, base, lowest, highest)?;
    let description = ev.mem.str(&format!("integer between {bounds}"))?;
    renamed(ev, ty, symbol(ev, "intBetween")?, description)
});

/// `lib.types.numbers.between`
static NUMBERS_BETWEEN: Builtin = Builtin::hidden("between", &["lowest", "highest"], |ev, args, _| {
    let [lowest, highest] = exactly(args);
    ordered(ev, lowest, highest, "numbers.between")?;
    let base = made(ev, "number", number)?;
    let (lowest, highest) = (ev.force(lowest)?, ev.force(highest)?);
    let bounds = bounds(ev, &to_json, lowest, highest)?;
    let ty = in_range(ev, base, lowest, highest)?;
    let description = ev.mem.str(&format!("integer or floating point number between {bounds}"))?;
    renamed(ev, ty, symbol(ev, "numberBetween")?, description)
});

fn to_json(ev: &Evaluator, v: &Slot) -> Res<Value> {
    let json = crate::builtins::to_json(ev, v, true)?;
    Ok(ev.mem.string(&json, Context::EMPTY)?)
}

fn bounds(
    ev: &Evaluator,
    shown: &dyn Fn(&Evaluator, &Slot) -> Res<Value>,
    lowest: Value,
    highest: Value,
) -> Res<String> {
    let (lowest, highest) = (shown(ev, &slot(lowest))?, shown(ev, &slot(highest))?);
    Ok(format!("{} and {} (both inclusive)", text(ev, lowest), text(ev, highest)))
}

/// The types below `lib.types.ints`.
pub(super) fn ints(ev: &Evaluator) -> Res<Value> {
    let base = made(ev, "int", int)?;
    let sized = |signed: bool, bits: u32| -> Res<Value> {
        let (lowest, highest) =
            if signed { (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) } else { (0, (1i64 << bits) - 1) };
        let (name, kind) = if signed { ("signedInt", "signed") } else { ("unsignedInt", "unsigned") };
        let description =
            format!("{bits} bit {kind} integer; between {lowest} and {highest} (both inclusive)");
        let ty = in_range(ev, base, ev.mem.int(lowest)?, ev.mem.int(highest)?)?;
        renamed(ev, ty, ev.mem.str(&format!("{name}{bits}"))?, ev.mem.str(&description)?)
    };
    set_of(
        ev,
        &[
            ("between", ev.builtin(&INTS_BETWEEN)),
            ("unsigned", at_least(ev, base, 0, "unsignedInt", "unsigned integer, meaning >=0")?),
            ("positive", at_least(ev, base, 1, "positiveInt", "positive integer, meaning >0")?),
            ("u8", sized(false, 8)?),
            ("u16", sized(false, 16)?),
            ("u32", sized(false, 32)?),
            ("s8", sized(true, 8)?),
            ("s16", sized(true, 16)?),
            ("s32", sized(true, 32)?),
        ],
    )
}

/// The types below `lib.types.numbers`.
pub(super) fn numbers(ev: &Evaluator) -> Res<Value> {
    let base = made(ev, "number", number)?;
    let nonnegative = "nonnegative integer or floating point number, meaning >=0";
    let positive = "positive integer or floating point number, meaning >0";
    set_of(
        ev,
        &[
            ("between", ev.builtin(&NUMBERS_BETWEEN)),
            ("nonnegative", at_least(ev, base, 0, "numberNonnegative", nonnegative)?),
            ("positive", above_zero(ev, base, "numberPositive", positive)?),
        ],
    )
}

/// Numbers with a lower bound.
fn at_least(ev: &Evaluator, base: Value, lowest: i64, name: &str, description: &str) -> Res<Value> {
    static AT_LEAST: Builtin = Builtin::hidden("check", &["lowest", "x"], |ev, args, _| {
        let [lowest, x] = exactly(args);
        Ok(Value::bool(!ev.less_than(x, lowest, Pos::NONE, "")?))
    });
    limited(ev, base, ev.partial(&AT_LEAST, &[ev.mem.int(lowest)?])?, name, description)
}

fn above_zero(ev: &Evaluator, base: Value, name: &str, description: &str) -> Res<Value> {
    static ABOVE: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
        let [x] = exactly(args);
        let zero = slot(ev.mem.int(0)?);
        Ok(Value::bool(ev.less_than(&zero, x, Pos::NONE, "")?))
    });
    limited(ev, base, ev.builtin(&ABOVE), name, description)
}

fn limited(ev: &Evaluator, base: Value, check: Value, name: &str, description: &str) -> Res<Value> {
    let ty = add_check(ev, base, check)?;
    let ty = renamed(ev, ty, symbol(ev, name)?, ev.mem.str(description)?)?;
    with_class(ev, ty, symbol(ev, "nonRestrictiveClause")?)
}
