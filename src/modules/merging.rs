//! The merge functions of `lib.options`: what several definitions of a value without further structure become.

use super::show::{self, PRIORITY_HINT};
use crate::eval::{Builtin, Error, Evaluator, Formals, Lazy, Res};
use crate::heap::Slot;
use crate::native::{
    Text, abort, apply, attr, concat, failed_assertion, get, is_function, select, text, throw, truth,
};
use crate::source::Pos;
use crate::value::{Type, Value, peek, slot};

/// The definitions in a slot, a list.
pub(super) fn definitions<'a>(ev: &'a Evaluator, defs: &Slot) -> Res<&'a [Slot]> {
    Ok(ev.mem.items(ev.force_list(defs, Pos::NONE, "")?))
}

/// The value of a definition.
pub(super) fn value_of(ev: &Evaluator, def: &Slot) -> Res<Value> {
    let set = ev.force(def)?;
    select(ev, set, sym!("value"))
}

/// The path in a slot, a list.
pub(super) fn path_of(ev: &Evaluator, loc: &Slot) -> Res<Value> {
    ev.force_list(loc, Pos::NONE, "")
}

/// `lib.options.getValues`, `lib.options.getFiles`: an attribute of each definition.
pub(super) fn each(ev: &Evaluator, defs: &Slot, name: crate::heap::Sym) -> Res<Value> {
    static SELECT: Lazy = Lazy {
        name: "lib.getValues",
        run: |ev, captures, index| {
            let set = ev.force(&ev.mem.items(peek(&captures[0]))[index])?;
            select(ev, set, ev.mem.symbol_of(peek(&captures[1]))?)
        },
    };
    let defs = ev.force_list(defs, Pos::NONE, "")?;
    let behind = ev.delays_raw(&SELECT, &[defs, Value::symbol(name)])?;
    let n = defs.list_len();
    Ok(ev.mem.list_from(n, (0..n).map(|i| Value::native(i, behind)))?)
}

/// `lib.options.getValues`
pub(super) static GET_VALUES: Builtin =
    Builtin::hidden("getValues", &["defs"], |ev, args, _| each(ev, &args[0], sym!("value")));

/// `lib.options.getFiles`
pub(super) static GET_FILES: Builtin =
    Builtin::hidden("getFiles", &["defs"], |ev, args, _| each(ev, &args[0], sym!("file")));

/// `lib.options.mergeEqualOption`: all definitions must be the same.
pub(super) static MERGE_EQUAL: Builtin =
    Builtin::hidden("mergeEqualOption", &["loc", "defs"], |ev, args, _| {
        let defs = definitions(ev, &args[1])?;
        match defs {
            [] => Err(abort("This case should never happen.")),
            [only] => value_of(ev, only),
            [first, rest @ ..] => {
                for def in rest {
                    let (value, expected) = (value_of(ev, def)?, value_of(ev, first)?);
                    if !ev.equal_values(value, expected, Pos::NONE)? {
                        return Err(conflicting(ev, &args[0], first, def)?);
                    }
                }
                value_of(ev, first)
            }
        }
    });

#[cold]
fn conflicting(ev: &Evaluator, loc: &Slot, first: &Slot, other: &Slot) -> Res<Error> {
    let path = show::option(ev, path_of(ev, loc)?)?;
    let shown = show::definitions(ev, &[peek(first), peek(other)])?;
    Ok(throw(format!("The option `{path}' has conflicting definition values:{shown}\n{PRIORITY_HINT}")))
}

/// `lib.options.mergeOneOption`: there must be only one definition.
pub(super) static MERGE_ONE: Builtin = Builtin::hidden("mergeOneOption", &["loc", "defs"], |ev, args, _| {
    unique(ev, &slot(Value::symbol(sym!(""))), None, &args[0], &args[1])
});

/// What `mergeUniqueOption` is called with.
const MERGE_UNIQUE_OPTION_ARGS: Formals =
    Formals { arg: 0, names: &[("message", false), ("merge", true)], ellipsis: false };

/// `lib.options.mergeUniqueOption`
pub(super) static MERGE_UNIQUE: Builtin =
    Builtin::hidden("mergeUniqueOption", &["args", "loc", "defs"], |ev, args, pos| {
        let set = ev.force_formals("mergeUniqueOption", &args[0], &MERGE_UNIQUE_OPTION_ARGS, pos)?;
        let message = attr(ev, set, sym!("message"))?;
        unique(ev, message, get(ev, set, sym!("merge")), &args[1], &args[2])
    })
    .with_formals(&[MERGE_UNIQUE_OPTION_ARGS]);

/// The only definition, merged with `merge` if that is given. `message` explains why there can be no more.
pub(super) fn unique(
    ev: &Evaluator,
    message: &Slot,
    merge: Option<&Slot>,
    loc: &Slot,
    defs: &Slot,
) -> Res<Value> {
    match definitions(ev, defs)? {
        [only] => match merge {
            Some(merge) => apply(ev, merge, &[ev.mem.share(loc)?, ev.mem.share(defs)?]),
            None => value_of(ev, only),
        },
        [] => Err(failed_assertion("(__lessThan 1 (length defs))")),
        several => Err(not_unique(ev, message, loc, several)?),
    }
}

#[cold]
fn not_unique(ev: &Evaluator, message: &Slot, loc: &Slot, defs: &[Slot]) -> Res<Error> {
    let path = show::option(ev, path_of(ev, loc)?)?;
    let message = text(ev, crate::native::interpolate(ev, message)?);
    let shown = show::definitions(ev, &show::words(defs))?;
    Ok(throw(format!(
        "The option `{path}' is defined multiple times while it's expected to be unique.\n{message}\nDefinition \
         values:{shown}\n{PRIORITY_HINT}"
    )))
}

/// `lib.options.mergeDefaultOption`: what the kind of the values suggests.
pub(super) static MERGE_DEFAULT: Builtin =
    Builtin::hidden("mergeDefaultOption", &["loc", "defs"], |ev, args, _| {
        let defs = definitions(ev, &args[1])?;
        if let [only] = defs {
            return value_of(ev, only);
        }
        let mut values = Vec::with_capacity(defs.len());
        // nixpkgs looks at the values kind by kind and stops at the first that does not fit.
        for kind in [Kind::Function, Kind::List, Kind::Set, Kind::Bool, Kind::String] {
            if kind.is_of_all(ev, defs, &mut values)? {
                return kind.merge(ev, &args[0], &values);
            }
        }
        let all_ints = Kind::Int.is_of_all(ev, defs, &mut values)?;
        if all_ints && values.iter().all(|v| ev.mem.as_int(*v) == ev.mem.as_int(values[0])) {
            return Ok(values[0]);
        }
        let path = show::option(ev, path_of(ev, &args[0])?)?;
        let shown = show::definitions(ev, &show::words(defs))?;
        Err(throw(format!("Cannot merge definitions of `{path}'. Definition values:{shown}")))
    });

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
            Kind::Function => ev.partial(&MERGED_FUNCTION, &[ev.mem.share(loc)?, ev.mem.list(values)?]),
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

/// A function whose result is merged from those of several: nixpkgs takes the results for definitions.
static MERGED_FUNCTION: Builtin =
    Builtin::hidden("mergeDefaultOption", &["loc", "functions", "x"], |ev, args, _| {
        let functions = ev.force(&args[1])?;
        let x = ev.mem.share(&args[2])?;
        let mut results = Vec::with_capacity(functions.list_len());
        for f in ev.mem.items(functions) {
            results.push(ev.delay_call(ev.mem.share(f)?, &[x])?);
        }
        (MERGE_DEFAULT.run)(ev, &[slot(ev.mem.share(&args[0])?), slot(ev.mem.list(&results)?)], Pos::NONE)
    });

/// `types.boolByOr`: true if any definition is.
pub(super) static MERGE_OR: Builtin = Builtin::hidden("merge", &["loc", "defs"], |ev, args, _| {
    for def in definitions(ev, &args[1])? {
        if truth(ev, value_of(ev, def)?)? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
});

/// `types.attrs`: sets put on top of each other, the last one wins.
pub(super) static MERGE_SETS: Builtin = Builtin::hidden("merge", &["loc", "defs"], |ev, args, _| {
    let mut all = Value::EMPTY_SET;
    for def in definitions(ev, &args[1])? {
        let set = ev.force(def)?;
        let doing = "in the right operand of the update (//) operator";
        all = ev.mem.update(all, ev.force_attrs(attr(ev, set, sym!("value"))?, Pos::NONE, doing)?)?;
    }
    Ok(all)
});
