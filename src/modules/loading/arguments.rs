//! Calls modules that are functions. Each argument that such a function names is looked up on first use:
//! first among the arguments that the evaluation passes to all modules, then in `_module.args`.

use super::key::key_text;
use crate::eval::{Error, ErrorKind, Evaluator, Res, suspended};
use crate::heap::{Slot, Sym};
use crate::native::{attr, attrs, context, function_args, get, select, text};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, peek, slot};

/// Calls `f` with `args` and all further arguments that it names. `key` is the module's key, for messages.
pub fn apply_args(ev: &Evaluator, key: Value, f: Value, args: Value) -> Res<Value> {
    let names = attrs(ev, &slot(function_args(ev, f)?))?;
    // An argument that is already forced cannot fail, so it needs no suspension.
    let there = |name| get(ev, args, name).is_some_and(|slot| ev.forced(slot).is_some());
    let wanted: Vec<Sym> =
        ev.mem.entries(names).into_iter().map(|e| e.name).filter(|name| !there(*name)).collect();
    if wanted.is_empty() {
        return ev.call(f, &[args], Pos::NONE);
    }
    let names = ev.mem.list_from(wanted.len(), wanted.iter().map(|name| Value::symbol(*name)))?;
    let behind = ev.delays(Argument { args, key, names, f })?;
    let mut extra = AttrsBuilder::with_capacity(wanted.len());
    for (i, name) in wanted.iter().enumerate() {
        extra.push(*name, Value::native(i, behind));
    }
    let args = ev.mem.update(args, ev.mem.attrs(extra)?)?;
    ev.call(f, &[args], Pos::NONE)
}

suspended! {
    /// `args.${name} or config._module.args.${name}`, for each name.
    struct Argument { args, key, names, f } []
}

impl Argument<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let args = peek(self.args);
        let name = ev.mem.symbol_of(peek(&ev.mem.items(peek(self.names))[index]))?;
        let value = match get(ev, args, name) {
            Some(given) => ev.force(given),
            None => from_config(ev, args, name, peek(self.f)).map_err(|e| {
                let name = ev.name(name);
                context(
                    e,
                    format!(
                        "noting that argument `{name}` is not externally provided, so querying `_module.args` \
                         instead, requiring `config`"
                    ),
                )
            }),
        };
        value.map_err(|e| in_argument(ev, peek(self.key), name, e))
    }
}

fn from_config(ev: &Evaluator, args: Value, name: Sym, f: Value) -> Res<Value> {
    let config = select(ev, args, sym!("config")).map_err(|e| not_given(ev, name, e))?;
    let given = select(ev, select(ev, config, sym!("_module"))?, sym!("args"))?;
    match attr(ev, given, name) {
        Ok(argument) => ev.force(argument),
        // The position is that of the function's formal parameter.
        Err(e) => {
            let formals = ev.formals(f).unwrap_or_default();
            let asked = formals.iter().find(|(formal, ..)| *formal == name);
            Err(e.at_if_none(asked.map_or(Pos::NONE, |(_, _, pos)| *pos)))
        }
    }
}

/// Adds a hint to an infinite recursion: how to pass an argument that modules need before any option exists.
#[cold]
fn not_given(ev: &Evaluator, name: Sym, e: Error) -> Error {
    if e.data().kind != ErrorKind::InfiniteRecursion || e.data().help.is_some() {
        return e;
    }
    let name = ev.name(name);
    e.help(format!(
        "the argument '{name}' decides about modules or options, so only a special argument can give it (--arg {name} EXPR)"
    ))
}

#[cold]
fn in_argument(ev: &Evaluator, key: Value, name: Sym, e: Error) -> Error {
    match key_text(ev, key) {
        Ok(key) => {
            let (name, key) = (ev.name(name), text(ev, key));
            context(e, format!("while evaluating the module argument `{name}' in \"{key}\":"))
        }
        Err(failed) => failed,
    }
}
