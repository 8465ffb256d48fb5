//! The values of submodules: evaluations with definitions.

use super::eval_modules::Evaluation;
use super::submodule::Submodule;
use super::submodule_modules::{Config, with_name};
use crate::eval::{Builtin, Evaluator, Object as _, Res, exactly, suspended};
use crate::heap::Slot;
use crate::modules::definitions::{definitions, head_error};
use crate::modules::loading::located_module;
use crate::modules::types::{Checked, coherent_check, is_module, loc_and_defs, plain_definition};
use crate::native::{cell, list, record, select, share, shared, throw, truth};
use crate::value::{Value, peek};

/// The `check` of submodules.
pub(super) static IS_SUBMODULE: Builtin = Builtin::hidden("check", &["self", "x"], |ev, args, _| {
    let [_, x] = exactly(args);
    Ok(Value::bool(is_module(ev, x)?))
});

record! {
    /// The `valueMeta` of submodules.
    struct Meta {
        configuration: "configuration",
    }
}

/// The `merge.v2` of submodules.
pub(super) static V2: Builtin = Builtin::hidden("v2", &["submodule", "args"], |ev, args, _| {
    let [submodule, arg] = exactly(args);
    let [loc, defs] = loc_and_defs(ev, arg)?;
    let evaluation = cell(ev, ev.delay(WithDefinitions { submodule: peek(submodule), loc, defs })?)?;
    let parts = Defined { evaluation, defs }.parts(ev)?;
    let value_meta = Meta { configuration: parts.configuration }.set(ev)?;
    Checked { head_error: parts.head_error, value: parts.value, value_meta }.set(ev)
});

suspended! {
    /// The result of merging definitions in a submodule.
    struct Defined { evaluation, defs } => struct DefinedParts {
        head_error,
        value,
        configuration,
    }
}

impl Defined<&Slot> {
    fn head_error(self, ev: &Evaluator) -> Res<Value> {
        let check = coherent_check(ev, ev.builtin(&IS_SUBMODULE))?;
        head_error(ev, check, list(ev, self.defs)?)
    }

    fn value(self, ev: &Evaluator) -> Res<Value> {
        Evaluation::of(ev.force(self.evaluation)?).checked_config(ev)
    }

    fn configuration(self, ev: &Evaluator) -> Res<Value> {
        Evaluation::of(ev.force(self.evaluation)?).result(ev)
    }
}

suspended! {
    /// The evaluation of a submodule with definitions.
    struct WithDefinitions { submodule, loc, defs }
}

impl WithDefinitions<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let submodule = Submodule::in_slot(self.submodule);
        let (loc, defs) = (share(ev, self.loc)?, share(ev, self.defs)?);
        let more = DefinitionModules { loc, defs, shorthand: share(ev, submodule.shorthand(ev))? };
        let more = cell(ev, ev.delay(more)?)?;
        Ok(Evaluation::start(ev, submodule.arguments(ev, more, loc)?)?.word())
    }
}

suspended! {
    /// The module that defines a submodule's `name`, followed by the definitions as modules.
    struct DefinitionModules { loc, defs, shorthand }
}

impl DefinitionModules<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let loc = list(ev, self.loc)?;
        let name = match ev.mem.items(loc).last() {
            Some(last) => share(ev, last)?,
            // A free-form type has no name, which only fails where somebody asks for it.
            None => ev.delay(LastName { loc })?,
        };
        let mut modules = vec![with_name(ev, name)?];
        for def in definitions(ev, self.defs)? {
            modules.push(module_of(ev, ev.force(def)?, self.shorthand)?);
        }
        Ok(ev.mem.list(&modules)?)
    }
}

suspended! {
    /// `lib.last loc`
    struct LastName { loc }
}

impl LastName<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let last = ev.mem.items(list(ev, self.loc)?).last();
        ev.force(last.ok_or_else(|| throw("lists.last: list must not be empty!"))?)
    }
}

/// A definition as a module.
fn module_of(ev: &Evaluator, def: Value, shorthand: &Slot) -> Res<Value> {
    plain_definition(ev, def)?;
    let value = select(ev, def, sym!("value"))?;
    let file = shared(ev, def, sym!("file"))?;
    match value.is_attrs() && truth(ev, ev.force(shorthand)?)? {
        true => Config { file, config: value }.set(ev),
        false => located_module(ev, file, value),
    }
}
