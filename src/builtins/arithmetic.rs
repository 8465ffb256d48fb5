//! Numbers: arithmetic, bits and rounding.

use crate::eval::{Builtin, Error, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::source::Pos;
use crate::syntax::print_float;
use crate::value::{Value, peek};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[
    Builtin::new("add", &["e1", "e2"], "The sum of two numbers.", |ev, args, pos| {
        binary(ev, args, pos, Evaluator::add)
    }),
    Builtin::new("sub", &["e1", "e2"], "The difference of two numbers.", |ev, args, pos| {
        binary(ev, args, pos, Evaluator::subtract)
    }),
    Builtin::new("mul", &["e1", "e2"], "The product of two numbers.", |ev, args, pos| {
        binary(ev, args, pos, Evaluator::multiply)
    }),
    Builtin::new("div", &["e1", "e2"], "The quotient of two numbers.", |ev, args, pos| {
        binary(ev, args, pos, Evaluator::divide)
    }),
    Builtin::new("lessThan", &["e1", "e2"], "Whether e1 is less than e2.", |ev, args, pos| {
        let [e1, e2] = exactly(args);
        Ok(Value::bool(ev.less_than(e1, e2, pos, "")?))
    }),
    Builtin::new("bitAnd", &["e1", "e2"], "The bitwise AND of two integers.", |ev, args, pos| {
        bits(ev, args, pos, ["builtins.bitAnd"; 2], |a, b| a & b)
    }),
    Builtin::new("bitOr", &["e1", "e2"], "The bitwise OR of two integers.", |ev, args, pos| {
        bits(ev, args, pos, ["builtins.bitOr"; 2], |a, b| a | b)
    }),
    Builtin::new("bitXor", &["e1", "e2"], "The bitwise XOR of two integers.", |ev, args, pos| {
        bits(ev, args, pos, ["builtins.bitXor"; 2], |a, b| a ^ b)
    }),
    Builtin::new("ceil", &["number"], "The smallest integer not below a number.", |ev, args, _| {
        let [number] = exactly(args);
        round(ev, number, "ceil", f64::ceil)
    }),
    Builtin::new("floor", &["number"], "The largest integer not above a number.", |ev, args, _| {
        let [number] = exactly(args);
        round(ev, number, "floor", f64::floor)
    }),
];

fn binary(
    ev: &Evaluator,
    args: &[Slot],
    pos: Pos,
    op: fn(&Evaluator, Value, Value) -> Res<Value>,
) -> Res<Value> {
    let [a, b] = exactly(args);
    let (a, b) = (ev.force_at(a, pos)?, ev.force_at(b, pos)?);
    op(ev, a, b)
}

fn bits(ev: &Evaluator, args: &[Slot], pos: Pos, names: [&str; 2], op: fn(i64, i64) -> i64) -> Res<Value> {
    let doing: [&'static str; 2] = match names[0] {
        "builtins.bitAnd" => [
            "while evaluating the first argument passed to builtins.bitAnd",
            "while evaluating the second argument passed to builtins.bitAnd",
        ],
        "builtins.bitOr" => [
            "while evaluating the first argument passed to builtins.bitOr",
            "while evaluating the second argument passed to builtins.bitOr",
        ],
        _ => [
            "while evaluating the first argument passed to builtins.bitXor",
            "while evaluating the second argument passed to builtins.bitXor",
        ],
    };
    let [a, b] = exactly(args);
    let [doing_a, doing_b] = doing;
    let (a, b) = (ev.force_int(a, pos, doing_a)?, ev.force_int(b, pos, doing_b)?);
    Ok(ev.mem.int(op(a, b))?)
}

fn round(ev: &Evaluator, arg: &Slot, name: &str, op: fn(f64) -> f64) -> Res<Value> {
    let doing = if name == "ceil" {
        "while evaluating the first argument passed to builtins.ceil"
    } else {
        "while evaluating the first argument passed to builtins.floor"
    };
    let pos = ev.natural_pos(peek(arg));
    let number = ev.force_float(arg, pos, doing)?;
    let n = op(number);
    let int = ev.mem.as_int(peek(arg));
    // Exactly the floats that an i64 can hold.
    if !(-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&n) {
        return Err(Error::eval(match int {
            None => format!("NixFloat argument {} is not in the range of NixInt", print_float(number)),
            Some(int) => format!(
                "{OLD_BUG} the NixInt argument {int} caused undefined behavior in previous Nix versions.\n\tFuture Nix versions might implement the correct behavior."
            ),
        }));
    }
    match int {
        // Nix converts integers to floats first, and rejects those that do not survive the conversion.
        Some(int) if n as i64 != int => Err(Error::eval(format!(
            "{OLD_BUG} a loss of precision occurred in previous Nix versions because the NixInt argument {int} was rounded to {}.\n\tFuture Nix versions might implement the correct behavior.",
            n as i64
        ))),
        _ => Ok(ev.mem.int(n as i64)?),
    }
}

const OLD_BUG: &str = "Due to a bug (see https://github.com/NixOS/nix/issues/12899)";
