//! The functions of later stages that types use: one table, which the evaluation of modules registers.

use std::cell::Cell;

use crate::eval::{Error, Evaluator, Res};
use crate::value::Value;

/// Functions of later stages.
#[derive(Debug, Clone, Copy)]
pub struct Services {
    /// `types.${name} or null` in the native library; `None` for null.
    pub lookup: fn(&Evaluator, name: &str) -> Res<Option<Value>>,
    /// `types.submoduleWith all`, with checked arguments; its modules get `lib`.
    pub submodule_with: fn(&Evaluator, lib: Value, all: Value) -> Res<Value>,
    /// `mergeOptionDecls loc [ … ]`
    pub merge_declarations: fn(&Evaluator, loc: Value, &[Declaration]) -> Res<Value>,
    /// `(fixupOptionType loc option).type` of a merged declaration.
    pub fixed_type: fn(&Evaluator, option: Value) -> Res<Value>,
    /// `evalOptionValue loc option defs` of a forced option; `defs` may be suspended.
    pub eval_option_value: fn(&Evaluator, loc: Value, option: Value, defs: Value) -> Res<Value>,
}

/// One of several declarations of an option.
#[derive(Debug, Clone, Copy)]
pub struct Declaration {
    /// The module's file.
    pub file: Value,
    /// The option; forced.
    pub option: Value,
}

#[derive(Default)]
struct Registered(Cell<Option<Services>>);

impl Services {
    /// Registers these functions.
    pub fn register(self, ev: &Evaluator) {
        ev.extension::<Registered>().0.set(Some(self));
    }

    /// The registered functions.
    ///
    /// # Errors
    /// If no functions are registered, because no library exists yet.
    pub fn of(ev: &Evaluator) -> Res<Services> {
        let registered = ev.extension::<Registered>().0.get();
        registered.ok_or_else(|| Error::eval("option types are not available without the library"))
    }
}
