//! Calling modules that are functions: each argument that such a function names is looked for when the function uses
//! it, first among what the evaluation passes to all modules, then in `_module.args`.

use super::load::key_text;
use super::support::{attr, context, function_args, get, select, text};
use crate::eval::{Error, Evaluator, Lazy, Res};
use crate::heap::Sym;
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, peek};

/// `f` called with `args` and whatever else it asks for. `key` is the module's, for messages.
pub(super) fn apply_args(ev: &Evaluator, key: Value, f: Value, args: Value) -> Res<Value> {
    let names = function_args(ev, f)?;
    // An argument whose value is there can neither fail nor wait.
    let there = |name| get(ev, args, name).is_some_and(|slot| ev.forced(slot).is_some());
    let wanted: Vec<Sym> = names.into_iter().map(|(name, _)| name).filter(|name| !there(*name)).collect();
    if wanted.is_empty() {
        return ev.call(f, &[args], Pos::NONE);
    }
    let list = ev.mem.list_from(wanted.len(), wanted.iter().map(|name| Value::symbol(*name)))?;
    let behind = ev.delays(&ARGUMENT, &[args, key, list])?;
    let mut extra = AttrsBuilder::with_capacity(wanted.len());
    for (i, name) in wanted.iter().enumerate() {
        extra.push(*name, Value::native(i, behind));
    }
    let args = ev.mem.update(args, ev.mem.attrs(extra)?)?;
    ev.call(f, &[args], Pos::NONE)
}

static ARGUMENT: Lazy = Lazy {
    name: "modules.argument",
    run: |ev, captures, index| {
        let args = peek(&captures[0]);
        let name = ev.mem.symbol_of(peek(&ev.mem.items(peek(&captures[2]))[index]))?;
        let value = match get(ev, args, name) {
            Some(given) => ev.force(given),
            None => from_config(ev, args, name).map_err(|e| {
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
        value.map_err(|e| in_argument(ev, peek(&captures[1]), name, e))
    },
};

fn from_config(ev: &Evaluator, args: Value, name: Sym) -> Res<Value> {
    let config = select(ev, args, sym!("config"))?;
    let given = select(ev, select(ev, config, sym!("_module"))?, sym!("args"))?;
    ev.force(attr(ev, given, name)?)
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
