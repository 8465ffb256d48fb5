//! Types with a check of their own: `addCheck`, ranges of numbers, `passwdEntry`, `pkgs`.

use super::make::{coherent_check, merge_v2, phrase, v2_args};
use crate::eval::{Builtin, Error, Evaluator, Lazy, Res};
use crate::heap::Slot;
use crate::modules::definitions::{Coherence, call_v2, has_v2, head_error};
use crate::native::{interpolate, is_type, select, shared, text, throw, to_string, truth};
use crate::source::Pos;
use crate::value::{Record, Value, peek, slot};

/// `lib.types.addCheck`
pub(in crate::modules) static ADD_CHECK: Builtin =
    Builtin::hidden("addCheck", &["elemType", "check"], |ev, args, _| {
        let elem = ev.force(&args[0])?;
        add_check(ev, elem, ev.mem.share(&args[1])?)
    });

/// A type with one more check. `check` may be suspended.
pub(super) fn add_check(ev: &Evaluator, elem: Value, check: Value) -> Res<Value> {
    static BOTH: Builtin = Builtin::hidden("check", &["elemType", "check", "x"], |ev, args, _| {
        both(ev, &args[0], &args[1], &args[2])
    });
    static BOTH_OF_SET: Builtin =
        Builtin::hidden("check", &["elemType", "check", "self", "x"], |ev, args, _| {
            both(ev, &args[0], &args[1], &args[3])
        });
    static CHECK: Record<1> = Record::new(["check"]);
    static CHECK_AND_MERGE: Record<2> = Record::new(["check", "merge"]);
    let change = match has_v2(ev, elem)? {
        false => ev.mem.record(&CHECK, [ev.partial(&BOTH, &[elem, check])?])?,
        true => {
            let both = coherent_check(ev, ev.partial(&BOTH_OF_SET, &[elem, check])?)?;
            let merge = merge_v2(ev, ev.partial(&CHECKED_V2, &[elem, check])?)?;
            ev.mem.record(&CHECK_AND_MERGE, [both, merge])?
        }
    };
    Ok(ev.mem.update(elem, change)?)
}

fn both(ev: &Evaluator, elem: &Slot, check: &Slot, x: &Slot) -> Res<Value> {
    let elem = ev.force(elem)?;
    let x = ev.mem.share(x)?;
    if !truth(ev, ev.call(select(ev, elem, sym!("check"))?, &[x], Pos::NONE)?)? {
        return Ok(Value::FALSE);
    }
    let check = ev.force(check)?;
    Ok(Value::bool(truth(ev, ev.call(check, &[x], Pos::NONE)?)?))
}

static CHECKED_V2: Builtin = Builtin::hidden("v2", &["elemType", "check", "args"], |ev, args, _| {
    static ERROR: Record<1> = Record::new(["headError"]);
    static LATER: Lazy = Lazy {
        name: "types.addCheck",
        run: |ev, captures, _| {
            let own = select(ev, peek(&captures[0]), sym!("headError"))?;
            if own != Value::NULL {
                return Ok(own);
            }
            let defs = ev.force_list(&captures[2], Pos::NONE, "")?;
            head_error(ev, ev.force(&captures[1])?, defs)
        },
    };
    let [loc, defs] = v2_args(ev, &args[2])?;
    let result = call_v2(ev, loc, ev.force(&args[0])?, defs, Coherence::Short)?;
    let result = ev.force_attrs(&slot(result), Pos::NONE, "")?;
    let error = ev.delay_raw(&LATER, &[result, ev.mem.share(&args[1])?, defs])?;
    Ok(ev.mem.update(result, ev.mem.record(&ERROR, [error])?)?)
});

/// A type under another name and description.
pub(super) fn renamed(ev: &Evaluator, ty: Value, name: Value, description: Value) -> Res<Value> {
    static CHANGED: Record<2> = Record::new(["name", "description"]);
    Ok(ev.mem.update(ty, ev.mem.record(&CHANGED, [name, description])?)?)
}

/// A type whose description has another class.
pub(super) fn with_class(ev: &Evaluator, ty: Value, class: &str) -> Res<Value> {
    static CHANGED: Record<1> = Record::new(["descriptionClass"]);
    let class = Value::symbol(ev.intern(class)?);
    Ok(ev.mem.update(ty, ev.mem.record(&CHANGED, [class])?)?)
}

static IN_RANGE: Builtin = Builtin::hidden("check", &["lowest", "highest", "x"], |ev, args, _| {
    let within = |a: &Slot, b: &Slot| -> Res<bool> { Ok(!ev.less_than(b, a, Pos::NONE, "")?) };
    Ok(Value::bool(within(&args[0], &args[2])? && within(&args[2], &args[1])?))
});

/// The type `base` (forced) with values from `lowest` to `highest`.
pub(super) fn in_range(ev: &Evaluator, base: Value, lowest: Value, highest: Value) -> Res<Value> {
    add_check(ev, base, ev.partial(&IN_RANGE, &[lowest, highest])?)
}

/// The error for a range that is none.
fn ordered(ev: &Evaluator, lowest: &Slot, highest: &Slot, function: &str) -> Res<()> {
    match ev.less_than(highest, lowest, Pos::NONE, "")? {
        false => Ok(()),
        true => Err(throw(format!("{function}: lowest must be smaller than highest"))),
    }
}

/// `lib.types.ints.between`
pub(in crate::modules) static INTS_BETWEEN: Builtin =
    Builtin::hidden("between", &["lowest", "highest"], |ev, args, _| {
        ordered(ev, &args[0], &args[1], "ints.between")?;
        let base = super::named(ev, "int")?;
        let (lowest, highest) = (ev.force(&args[0])?, ev.force(&args[1])?);
        let bounds = bounds(ev, &to_string, lowest, highest)?;
        let ty = in_range(ev, base, lowest, highest)?;
        let description = ev.mem.str(&format!("integer between {bounds}"))?;
        renamed(ev, ty, Value::symbol(ev.intern("intBetween")?), description)
    });

/// `lib.types.numbers.between`
pub(in crate::modules) static NUMBERS_BETWEEN: Builtin =
    Builtin::hidden("between", &["lowest", "highest"], |ev, args, _| {
        ordered(ev, &args[0], &args[1], "numbers.between")?;
        let base = super::named(ev, "number")?;
        let (lowest, highest) = (ev.force(&args[0])?, ev.force(&args[1])?);
        let bounds = bounds(ev, &to_json, lowest, highest)?;
        let ty = in_range(ev, base, lowest, highest)?;
        let description = ev.mem.str(&format!("integer or floating point number between {bounds}"))?;
        renamed(ev, ty, Value::symbol(ev.intern("numberBetween")?), description)
    });

fn to_json(ev: &Evaluator, v: &Slot) -> Res<Value> {
    let json = crate::builtins::to_json(ev, v, true)?;
    Ok(ev.mem.string(&json, crate::value::Context::EMPTY)?)
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
    let base = super::named(ev, "int")?;
    let sized = |signed: bool, bits: u32| -> Res<Value> {
        let (lowest, highest) =
            if signed { (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) } else { (0, (1i64 << bits) - 1) };
        let (name, kind) = if signed { ("signedInt", "signed") } else { ("unsignedInt", "unsigned") };
        let description =
            format!("{bits} bit {kind} integer; between {lowest} and {highest} (both inclusive)");
        let ty = in_range(ev, base, ev.mem.int(lowest)?, ev.mem.int(highest)?)?;
        renamed(ev, ty, ev.mem.str(&format!("{name}{bits}"))?, ev.mem.str(&description)?)
    };
    super::set_of(
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
    let base = super::named(ev, "number")?;
    let nonnegative = "nonnegative integer or floating point number, meaning >=0";
    let positive = "positive integer or floating point number, meaning >0";
    super::set_of(
        ev,
        &[
            ("between", ev.builtin(&NUMBERS_BETWEEN)),
            ("nonnegative", at_least(ev, base, 0, "numberNonnegative", nonnegative)?),
            ("positive", above_zero(ev, base, "numberPositive", positive)?),
        ],
    )
}

/// Numbers that are not below a bound.
fn at_least(ev: &Evaluator, base: Value, lowest: i64, name: &str, description: &str) -> Res<Value> {
    static AT_LEAST: Builtin = Builtin::hidden("check", &["lowest", "x"], |ev, args, _| {
        Ok(Value::bool(!ev.less_than(&args[1], &args[0], Pos::NONE, "")?))
    });
    limited(ev, base, ev.partial(&AT_LEAST, &[ev.mem.int(lowest)?])?, name, description)
}

fn above_zero(ev: &Evaluator, base: Value, name: &str, description: &str) -> Res<Value> {
    static ABOVE: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
        let zero = slot(ev.mem.int(0)?);
        Ok(Value::bool(ev.less_than(&zero, &args[0], Pos::NONE, "")?))
    });
    limited(ev, base, ev.builtin(&ABOVE), name, description)
}

fn limited(ev: &Evaluator, base: Value, check: Value, name: &str, description: &str) -> Res<Value> {
    let ty = add_check(ev, base, check)?;
    let ty = renamed(ev, ty, Value::symbol(ev.intern(name)?), ev.mem.str(description)?)?;
    with_class(ev, ty, "nonRestrictiveClause")
}

/// `lib.types.passwdEntry`: strings that fit a field of `/etc/passwd`.
pub(in crate::modules) static PASSWD_ENTRY: Builtin =
    Builtin::hidden("passwdEntry", &["entryType"], |ev, args, _| {
        static FITS: Builtin = Builtin::hidden("check", &["str"], |ev, args, _| {
            let v = interpolate(ev, &args[0])?;
            Ok(Value::bool(!ev.mem.text(v).iter().any(|c| matches!(c, b':' | b'\n'))))
        });
        static WORDS: Lazy = Lazy {
            name: "types.passwdEntry",
            run: |ev, captures, index| {
                let entry = peek(&captures[0]);
                if index == 0 {
                    let name = text(ev, select(ev, entry, sym!("name"))?);
                    return Ok(ev.mem.str(&format!("passwdEntry {name}"))?);
                }
                let phrase = phrase(ev, entry, &["noun"])?;
                Ok(ev.mem.str(&format!("{phrase}, not containing newlines or colons"))?)
            },
        };
        let entry = ev.force(&args[0])?;
        let words = ev.delays_raw(&WORDS, &[entry])?;
        let ty = add_check(ev, entry, ev.builtin(&FITS))?;
        let ty = renamed(ev, ty, Value::native(0, words), Value::native(1, words))?;
        with_class(ev, ty, "nonRestrictiveClause")
    });

/// `lib.types.pkgs`: a package set, of which there can be only one.
pub(super) fn pkgs(ev: &Evaluator) -> Res<Value> {
    static IS_PKGS: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
        Ok(Value::bool(is_type(ev, ev.force(&args[0])?, b"pkgs")?))
    });
    let message = ev.mem.str("A Nixpkgs pkgs set can not be merged with another pkgs set.")?;
    let ty = super::optional::unique(ev, message, super::named(ev, "attrs")?)?;
    let ty = renamed(ev, ty, Value::symbol(ev.intern("pkgs")?), ev.mem.str("Nixpkgs package set")?)?;
    add_check(ev, with_class(ev, ty, "noun")?, ev.builtin(&IS_PKGS))
}

/// The error for a type to be coerced that has submodules.
#[cold]
pub(super) fn with_submodules(ev: &Evaluator, ty: Value) -> Res<Error> {
    let description = text(ev, interpolate(ev, &slot(shared(ev, ty, sym!("description"))?))?);
    Ok(throw(format!("coercedTo: coercedType must not have submodules (it’s a {description})")))
}
