//! The module that every evaluation has: it declares `_module` and defines what modules are offered there.

use super::collect::INTERNAL;
use super::evaluate::{PREFIX, own_definitions};
use super::support::field;
use super::types;
use crate::eval::{Evaluator, Lazy, Res};
use crate::native::{get, select, shared};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Record, Value};

/// An option declaration with these attributes.
pub(super) fn option(ev: &Evaluator, attributes: &[(&str, Value)]) -> Res<Value> {
    let mut set = AttrsBuilder::with_capacity(attributes.len() + 1);
    for (name, value) in attributes {
        set.push(ev.intern(name)?, *value);
    }
    set.push(sym!("_type"), Value::symbol(sym!("option")));
    Ok(ev.mem.attrs(set)?)
}

const ARGS_TEXT: &str = "\
Arguments that modules can ask for by name, beside `lib`, `config`, `options` and `specialArgs`, which cannot be
changed here. Submodules have arguments of their own; `name` is the attribute that a submodule is the value of.
They can be computed from option values, except where they decide about `imports`: those need `specialArgs`.
";
const CHECK_TEXT: &str = "Whether definitions without a matching option are an error.";
const FREEFORM_TEXT: &str = "\
The type that definitions without a matching option are merged with; the result becomes part of `config`.
Without it (null) such definitions are an error, unless {option}`_module.check` is off.
";
const SPECIAL_TEXT: &str = "\
Module arguments that come from outside the configuration, cannot be changed in it, and may be used in `imports`.
";

/// The descriptions, by the number of the option in [`OPTION_NAMES`].
static DESCRIPTION: Lazy = Lazy {
    name: "modules.description",
    run: |ev, _, index| {
        if let Some(own) = super::library::tree_lib(ev)
            && let Some(theirs) = described_in(ev, own, OPTION_NAMES[index])?
        {
            return Ok(theirs);
        }
        Ok(ev.mem.str([ARGS_TEXT, CHECK_TEXT, FREEFORM_TEXT, SPECIAL_TEXT][index])?)
    },
};

const OPTION_NAMES: [&str; 4] = ["args", "check", "freeformType", "specialArgs"];

/// How a nixpkgs lib describes an option below `_module`, if it has such an option: what documentation says should not
/// depend on whose module system evaluates it.
fn described_in(ev: &Evaluator, lib: Value, name: &str) -> Res<Option<Value>> {
    static NO_MODULES: Record<1> = Record::new(["modules"]);
    let request = ev.mem.record(&NO_MODULES, [Value::EMPTY_LIST])?;
    let mut found = ev.call(select(ev, lib, ev.intern("evalModules")?)?, &[request], Pos::NONE)?;
    for step in ["options", "_module", name, "description"] {
        match get(ev, found, ev.intern(step)?) {
            Some(slot) => found = ev.force(slot)?,
            None => return Ok(None),
        }
    }
    Ok(Some(found))
}

/// The options below `_module`.
fn options(ev: &Evaluator, root: bool) -> Res<Value> {
    static OPTIONS: Record<4> = Record::new(OPTION_NAMES);
    static MODULE: Record<1> = Record::new(["_module"]);
    let descriptions = ev.delays_raw(&DESCRIPTION, &[])?;
    let text = |number| ("description", Value::native(number, descriptions));
    let raw = types::named(ev, "raw")?;
    let args_type = types::attrs_of(ev, raw, true)?;
    let mut args = vec![("type", args_type), text(0)];
    if !root {
        args.push(("internal", Value::TRUE));
    }
    let check =
        [("type", types::named(ev, "bool")?), ("internal", Value::TRUE), ("default", Value::TRUE), text(1)];
    let freeform = [
        ("type", types::null_or(ev, types::named(ev, "optionType")?)?),
        ("internal", Value::TRUE),
        ("default", Value::NULL),
        text(2),
    ];
    let special = [("readOnly", Value::TRUE), ("internal", Value::TRUE), text(3)];
    let options = [option(ev, &args)?, option(ev, &check)?, option(ev, &freeform)?, option(ev, &special)?];
    Ok(ev.mem.record(&MODULE, [ev.mem.record(&OPTIONS, options)?])?)
}

/// The declarations for a root evaluation and for submodules, made once.
#[derive(Default)]
struct Declared {
    root: std::cell::Cell<Option<Value>>,
    nested: std::cell::Cell<Option<Value>>,
}

fn declared(ev: &Evaluator, root: bool) -> Res<Value> {
    let known = ev.extension::<Declared>();
    let cell = if root { &known.root } else { &known.nested };
    if let Some(options) = cell.get() {
        return Ok(options);
    }
    let options = options(ev, root)?;
    cell.set(Some(options));
    Ok(options)
}

/// The module, as a set.
pub(super) fn module(ev: &Evaluator, evaluation: Value) -> Res<Value> {
    static SET: Record<4> = Record::new(["_file", "key", "options", "config"]);
    static CONFIG: Record<1> = Record::new(["_module"]);
    static DEFINED: Record<2> = Record::new(["args", "specialArgs"]);
    static ARGS: Record<2> = Record::new(["extendModules", "moduleType"]);
    let root = ev.force(field(ev, evaluation, PREFIX))? == Value::EMPTY_LIST;
    let [extend, own_type, special] = own_definitions(ev, evaluation)?;
    let args = ev.mem.record(&ARGS, [extend, own_type])?;
    let config = ev.mem.record(&CONFIG, [ev.mem.record(&DEFINED, [args, special])?])?;
    let name = ev.mem.str(INTERNAL)?;
    Ok(ev.mem.record(&SET, [name, name, declared(ev, root)?, config])?)
}

/// The modules that `evalModules`' old arguments `args` and `check` stand for.
pub(super) fn legacy_modules(ev: &Evaluator, all: Value) -> Res<Value> {
    static CONFIG: Record<1> = Record::new(["config"]);
    static MODULE: Record<1> = Record::new(["_module"]);
    static ARGS: Record<1> = Record::new(["args"]);
    static CHECK: Record<1> = Record::new(["check"]);
    let mut modules = Vec::new();
    let config = |inner| -> Res<Value> { Ok(ev.mem.record(&CONFIG, [ev.mem.record(&MODULE, [inner])?])?) };
    if get(ev, all, sym!("args")).is_some() {
        modules.push(config(ev.mem.record(&ARGS, [shared(ev, all, sym!("args"))?])?)?);
    }
    if get(ev, all, sym!("check")).is_some() {
        let check = super::helpers::make_default(ev, shared(ev, all, sym!("check"))?)?;
        modules.push(config(ev.mem.record(&CHECK, [check])?)?);
    }
    Ok(ev.mem.list(&modules)?)
}
