//! The module that every evaluation has: it declares `_module` and defines `_module.args` and
//! `_module.specialArgs`.

use std::cell::Cell;

use super::eval_modules::Evaluation;
use super::tree_lib::tree_lib;
use crate::eval::{Evaluator, Res, suspended};
use crate::heap::Slot;
use crate::modules::declarations::option_set;
use crate::modules::definitions::make_default;
use crate::modules::loading::INTERNAL;
use crate::modules::types;
use crate::native::{get, has, select, share, shared, text_of};
use crate::source::Pos;
use crate::value::{Record, Value, peek};

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

suspended! {
    /// The description of an option below `_module`.
    struct Description { name }
}

impl Description<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let name = text_of(ev, self.name)?;
        if let Some(own) = tree_lib(ev)
            && let Some(theirs) = described_in(ev, own, &name)?
        {
            return Ok(theirs);
        }
        Ok(ev.mem.str(match &name[..] {
            "args" => ARGS_TEXT,
            "check" => CHECK_TEXT,
            "freeformType" => FREEFORM_TEXT,
            _ => SPECIAL_TEXT,
        })?)
    }
}

/// The description that a nixpkgs lib gives to an option below `_module`, if it has this option.
/// Documentation should not depend on which module system evaluates it.
fn described_in(ev: &Evaluator, lib: Value, name: &str) -> Res<Option<Value>> {
    static NO_MODULES: Record<1> = Record::new(["modules"]);
    let request = ev.mem.record(&NO_MODULES, [Value::EMPTY_LIST])?;
    let mut found = ev.call(select(ev, lib, "evalModules")?, &[request], Pos::NONE)?;
    for step in ["options", "_module", name, "description"] {
        match get(ev, found, step) {
            Some(slot) => found = ev.force(slot)?,
            None => return Ok(None),
        }
    }
    Ok(Some(found))
}

/// The options below `_module`.
fn options(ev: &Evaluator, root: bool) -> Res<Value> {
    static OPTIONS: Record<4> = Record::new(["args", "check", "freeformType", "specialArgs"]);
    static MODULE: Record<1> = Record::new(["_module"]);
    let text = |name| -> Res<(&str, Value)> {
        Ok(("description", ev.delay(Description { name: Value::symbol(name) })?))
    };
    let raw = types::named(ev, "raw")?;
    let mut args = vec![("type", types::attrs_of(ev, raw, true)?), text(sym!("args"))?];
    if !root {
        args.push(("internal", Value::TRUE));
    }
    let check = [
        ("type", types::named(ev, "bool")?),
        ("internal", Value::TRUE),
        ("default", Value::TRUE),
        text(sym!("check"))?,
    ];
    let freeform = [
        ("type", types::null_or(ev, types::named(ev, "optionType")?)?),
        ("internal", Value::TRUE),
        ("default", Value::NULL),
        text(sym!("freeformType"))?,
    ];
    let special = [("readOnly", Value::TRUE), ("internal", Value::TRUE), text(sym!("specialArgs"))?];
    let options = [
        option_set(ev, &args)?,
        option_set(ev, &check)?,
        option_set(ev, &freeform)?,
        option_set(ev, &special)?,
    ];
    Ok(ev.mem.record(&MODULE, [ev.mem.record(&OPTIONS, options)?])?)
}

/// The declarations for root evaluations and for submodules, each made once.
#[derive(Default)]
struct Declared {
    root: Cell<Option<Value>>,
    nested: Cell<Option<Value>>,
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

/// `{ config._module = inner; }`
fn defining(ev: &Evaluator, inner: Value) -> Res<Value> {
    static CONFIG: Record<1> = Record::new(["config"]);
    static MODULE: Record<1> = Record::new(["_module"]);
    Ok(ev.mem.record(&CONFIG, [ev.mem.record(&MODULE, [inner])?])?)
}

impl Evaluation {
    /// The module, as a set.
    pub(super) fn own_module(self, ev: &Evaluator) -> Res<Value> {
        static SET: Record<4> = Record::new(["_file", "key", "options", "config"]);
        static CONFIG: Record<1> = Record::new(["_module"]);
        static DEFINED: Record<2> = Record::new(["args", "specialArgs"]);
        static ARGS: Record<2> = Record::new(["extendModules", "moduleType"]);
        let root = ev.force(self.prefix(ev))? == Value::EMPTY_LIST;
        let args = ev.mem.record(&ARGS, [share(ev, self.extend(ev))?, share(ev, self.own_type(ev))?])?;
        let defined = ev.mem.record(&DEFINED, [args, share(ev, self.special(ev))?])?;
        let config = ev.mem.record(&CONFIG, [defined])?;
        let name = ev.mem.str(INTERNAL)?;
        Ok(ev.mem.record(&SET, [name, name, declared(ev, root)?, config])?)
    }

    /// The modules for the deprecated arguments `args` and `check` of `evalModules`.
    pub(super) fn old_modules(self, ev: &Evaluator) -> Res<Value> {
        static ARGS: Record<1> = Record::new(["args"]);
        static CHECK: Record<1> = Record::new(["check"]);
        let all = peek(self.all(ev));
        let mut modules = Vec::new();
        if has(ev, all, sym!("args")) {
            modules.push(defining(ev, ev.mem.record(&ARGS, [shared(ev, all, sym!("args"))?])?)?);
        }
        if has(ev, all, sym!("check")) {
            let check = make_default(ev, shared(ev, all, sym!("check"))?)?;
            modules.push(defining(ev, ev.mem.record(&CHECK, [check])?)?);
        }
        Ok(ev.mem.list(&modules)?)
    }
}
