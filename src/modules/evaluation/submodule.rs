//! A submodule: an object with the arguments of `submoduleWith` and its evaluation without definitions.

use super::eval_modules::{Arguments, Evaluation};
use super::submodule_modules::{name_module, no_check_module};
use crate::eval::{Evaluator, Object as _, Res, object, suspended};
use crate::heap::Slot;
use crate::modules::types::{OptionType, PLAIN, symbol};
use crate::native::{cell, concat, has, record, select, share};
use crate::source::Pos;
use crate::value::{Value, peek};

object! {
    /// A submodule type.
    pub(super) struct Submodule from SubmoduleWith {
        /// The library that is passed to its modules.
        lib,
        modules,
        /// `specialArgs`
        special,
        /// `shorthandOnlyDefinesConfig`
        shorthand,
        description,
        class,
        /// The set with all arguments, for `substSubModules`.
        all,
    } computes {
        /// The evaluation without definitions.
        base: base,
        /// The description of the type.
        shown: describe,
        /// The value without definitions.
        empty: empty,
        /// `nestedTypes`
        nested: nested,
    }
}

impl Submodule {
    pub(super) fn in_slot(slot: &Slot) -> Submodule {
        Submodule::of(peek(slot))
    }

    /// The arguments for an evaluation of the submodule with additional modules.
    pub(super) fn arguments(self, ev: &Evaluator, more: Value, prefix: Value) -> Res<Arguments> {
        let own = share(ev, self.modules(ev))?;
        let modules = cell(ev, ev.delay(AllModules { own, more })?)?;
        let (special, class) = (share(ev, self.special(ev))?, share(ev, self.class(ev))?);
        let all = EvalModules { modules, special, class, prefix }.set(ev)?;
        Ok(Arguments { lib: share(ev, self.lib(ev))?, modules, special, class, prefix, all })
    }

    /// Evaluates the submodule for documentation, without checks.
    pub(super) fn for_documentation(self, ev: &Evaluator, prefix: Value) -> Res<Value> {
        let more = ev.mem.list(&[no_check_module(ev)?])?;
        Evaluation::start(ev, self.arguments(ev, more, prefix)?)?.result(ev)
    }
}

record! {
    /// The arguments of `evalModules`.
    struct EvalModules {
        modules: "modules",
        special: "specialArgs",
        class: "class",
        prefix: "prefix",
    }
}

suspended! {
    /// `[ { _module.args.name = mkOptionDefault "‹name›"; } ] ++ own ++ more`
    struct AllModules { own, more }
}

impl AllModules<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let doing = "while evaluating one of the elements to concatenate";
        let own = ev.force_list(self.own, Pos::NONE, doing)?;
        let more = ev.force_list(self.more, Pos::NONE, doing)?;
        concat(ev, &[ev.mem.list(&[name_module(ev)?])?, own, more])
    }
}

fn base(ev: &Evaluator, submodule: Submodule) -> Res<Value> {
    let evaluation = submodule.arguments(ev, Value::EMPTY_LIST, Value::EMPTY_LIST)?;
    Ok(Evaluation::start(ev, evaluation)?.word())
}

fn empty(ev: &Evaluator, submodule: Submodule) -> Res<Value> {
    Evaluation::of(ev.force(submodule.base(ev))?).checked_config(ev)
}

record! {
    /// The nested types of submodules.
    struct Nested {
        freeform_type: "freeformType",
    }
}

fn nested(ev: &Evaluator, submodule: Submodule) -> Res<Value> {
    let base = Evaluation::of(ev.force(submodule.base(ev))?).result(ev)?;
    match freeform_of(ev, base)? {
        Value::NULL => Ok(Value::EMPTY_SET),
        freeform_type => Nested { freeform_type }.set(ev),
    }
}

/// `configuration._module.freeformType`
pub(super) fn freeform_of(ev: &Evaluator, configuration: Value) -> Res<Value> {
    select(ev, select(ev, configuration, sym!("_module"))?, sym!("freeformType"))
}

fn describe(ev: &Evaluator, submodule: Submodule) -> Res<Value> {
    let given = ev.force(submodule.description(ev))?;
    if given != Value::NULL {
        return Ok(given);
    }
    let documented = submodule.for_documentation(ev, Value::EMPTY_LIST)?;
    let freeform = freeform_of(ev, documented)?;
    if !has(ev, freeform, sym!("description")) {
        return symbol(ev, "submodule");
    }
    let phrase = OptionType::of(freeform).phrase(ev, &PLAIN)?;
    Ok(ev.mem.str(&format!("open submodule of {phrase}"))?)
}
