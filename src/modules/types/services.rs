//! What types need of the stages after them: one table of functions, which the evaluation of modules registers.

use std::cell::Cell;

use crate::eval::{Error, Evaluator, Res};
use crate::value::Value;

/// Functions of later stages.
#[derive(Debug, Clone, Copy)]
pub struct Services {
    /// `types.${name} or null` of the native library, with none for null.
    pub lookup: fn(&Evaluator, name: &str) -> Res<Option<Value>>,
    /// `types.submoduleWith all`, of which all arguments are known; its modules get `lib`.
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
    /// Makes these the functions that types use.
    pub fn register(self, ev: &Evaluator) {
        ev.extension::<Registered>().0.set(Some(self));
    }

    /// The registered functions.
    ///
    /// # Errors
    /// When there are none, which means that no library has been made.
    pub fn of(ev: &Evaluator) -> Res<Services> {
        let registered = ev.extension::<Registered>().0.get();
        registered.ok_or_else(|| Error::eval("option types are not available without the library"))
    }
}
