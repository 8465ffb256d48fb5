//! Merge functions of values without further structure.

use super::sets::{definitions, path_of, value_of};
use crate::eval::{Builtin, Error, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::modules::messages::{self, PRIORITY_HINT};
use crate::native::{
    Text, abort, apply, attr, concat, failed_assertion, is_function, list, share, shared_args, text_of,
    throw, truth,
};
use crate::source::Pos;
use crate::value::{Type, Value, peek, slot};

/// `lib.options.mergeEqualOption`: all definitions must be equal.
pub static MERGE_EQUAL: Builtin = Builtin::hidden("mergeEqualOption", &["loc", "defs"], |ev, args, _| {
    let [loc, defs] = exactly(args);
    match definitions(ev, defs)? {
        [] => Err(abort("This case should never happen.")),
        [only] => value_of(ev, only),
        [first, rest @ ..] => {
            for def in rest {
                let (value, expected) = (value_of(ev, def)?, value_of(ev, first)?);
                if !ev.equal_values(value, expected, Pos::NONE)? {
                    return Err(conflicting(ev, loc, first, def)?);
                }
            }
            value_of(ev, first)
        }
    }
});

#[cold]
fn conflicting(ev: &Evaluator, loc: &Slot, first: &Slot, other: &Slot) -> Res<Error> {
    let path = messages::option(ev, path_of(ev, loc)?)?;
    let shown = messages::definitions(ev, &[peek(first), peek(other)])?;
    Ok(throw(format!("The option `{path}' has conflicting definition values:{shown}\n{PRIORITY_HINT}")))
}

/// `lib.options.mergeOneOption`: there must be only one definition.
pub static MERGE_ONE: Builtin = Builtin::hidden("mergeOneOption", &["loc", "defs"], |ev, args, _| {
    let [loc, defs] = exactly(args);
    unique(ev, &slot(Value::symbol(sym!(""))), None, loc, defs)
});

/// The only definition, merged with `merge` if that is given. `message` explains why more are not allowed.
pub fn unique(ev: &Evaluator, message: &Slot, merge: Option<&Slot>, loc: &Slot, defs: &Slot) -> Res<Value> {
    match definitions(ev, defs)? {
        [only] => match merge {
            Some(merge) => apply(ev, merge, &[share(ev, loc)?, share(ev, defs)?]),
            None => value_of(ev, only),
        },
        [] => Err(failed_assertion("(__lessThan 1 (length defs))")),
        several => Err(not_unique(ev, message, loc, several)?),
    }
}

#[cold]
fn not_unique(ev: &Evaluator, message: &Slot, loc: &Slot, defs: &[Slot]) -> Res<Error> {
    let path = messages::option(ev, path_of(ev, loc)?)?;
    let message = text_of(ev, message)?;
    let shown = messages::definitions(ev, &messages::words(defs))?;
    Ok(throw(format!(
        "The option `{path}' is defined multiple times while it's expected to be unique.\n{message}\nDefinition \
         values:{shown}\n{PRIORITY_HINT}"
    )))
}

/// `lib.options.mergeDefaultOption`
pub static MERGE_DEFAULT: Builtin = Builtin::hidden("mergeDefaultOption", &["loc", "defs"], |ev, args, _| {
    let [loc, defs] = exactly(args);
    merge_default(ev, loc, defs)
});

/// Merges definitions in the way that the kind of their values suggests.
pub fn merge_default(ev: &Evaluator, loc: &Slot, defs: &Slot) -> Res<Value> {
    let defs = definitions(ev, defs)?;
    if let [only] = defs {
        return value_of(ev, only);
    }
    let mut values = Vec::with_capacity(defs.len());
    // nixpkgs tests one kind after another, and each test stops at the first value that does not fit.
    for kind in [Kind::Function, Kind::List, Kind::Set, Kind::Bool, Kind::String] {
        if kind.is_of_all(ev, defs, &mut values)? {
            return kind.merge(ev, loc, &values);
        }
    }
    let all_ints = Kind::Int.is_of_all(ev, defs, &mut values)?;
    if all_ints && values.windows(2).all(|pair| ev.mem.as_int(pair[0]) == ev.mem.as_int(pair[1])) {
        return values.first().copied().ok_or_else(|| Error::eval("list index 0 is out of bounds"));
    }
    let path = messages::option(ev, path_of(ev, loc)?)?;
    let shown = messages::definitions(ev, &messages::words(defs))?;
    Err(throw(format!("Cannot merge definitions of `{path}'. Definition values:{shown}")))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Function,
    List,
    Set,
    Bool,
    String,
    Int,
}

impl Kind {
    fn is(self, ev: &Evaluator, v: Value) -> Res<bool> {
        let kind = v.type_of();
        Ok(match self {
            Kind::Function => is_function(ev, v)?,
            Kind::List => kind == Type::List,
            Kind::Set => kind == Type::Attrs,
            Kind::Bool => kind == Type::Bool,
            Kind::String => kind == Type::String,
            Kind::Int => kind == Type::Int,
        })
    }

    fn is_of_all(self, ev: &Evaluator, defs: &[Slot], values: &mut Vec<Value>) -> Res<bool> {
        values.clear();
        for def in defs {
            let value = value_of(ev, def)?;
            if !self.is(ev, value)? {
                return Ok(false);
            }
            values.push(value);
        }
        Ok(true)
    }

    fn merge(self, ev: &Evaluator, loc: &Slot, values: &[Value]) -> Res<Value> {
        match self {
            Kind::Function => ev.partial(&MERGED_FUNCTION, &[share(ev, loc)?, ev.mem.list(values)?]),
            Kind::List => concat(ev, values),
            Kind::Set => values.iter().try_fold(Value::EMPTY_SET, |all, set| Ok(ev.mem.update(all, *set)?)),
            Kind::Bool => Ok(Value::bool(values.iter().any(|v| v.is_true()))),
            Kind::String | Kind::Int => {
                let mut all = Text::default();
                for value in values {
                    all.add(ev, *value);
                }
                all.finish(ev)
            }
        }
    }
}

/// A function that merges the results of several functions as nixpkgs does: as definitions.
static MERGED_FUNCTION: Builtin =
    Builtin::hidden("mergeDefaultOption", &["loc", "functions", "x"], |ev, args, _| {
        let [loc, functions, x] = shared_args(ev, args)?;
        let functions = list(ev, &slot(functions))?;
        let mut results = Vec::with_capacity(functions.list_len());
        for f in ev.mem.items(functions) {
            results.push(ev.delay_call(share(ev, f)?, &[x])?);
        }
        merge_default(ev, &slot(loc), &slot(ev.mem.list(&results)?))
    });

/// `types.boolByOr`: true if any definition is.
pub static MERGE_OR: Builtin = Builtin::hidden("merge", &["loc", "defs"], |ev, args, _| {
    let [_, defs] = exactly(args);
    for def in definitions(ev, defs)? {
        if truth(ev, value_of(ev, def)?)? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
});

/// `types.attrs`: sets updated with each other (`//`); the last one wins.
pub static MERGE_SETS: Builtin = Builtin::hidden("merge", &["loc", "defs"], |ev, args, _| {
    let [_, defs] = exactly(args);
    let mut all = Value::EMPTY_SET;
    for def in definitions(ev, defs)? {
        let set = ev.force(def)?;
        let doing = "in the right operand of the update (//) operator";
        all = ev.mem.update(all, ev.force_attrs(attr(ev, set, sym!("value"))?, Pos::NONE, doing)?)?;
    }
    Ok(all)
});
