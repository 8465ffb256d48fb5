//! Modules that a submodule has besides its own: its name, and no checks in documentation.

use crate::eval::{Evaluator, Res};
use crate::modules::definitions::{make_force, make_option_default};
use crate::native::record;
use crate::value::Value;

record! {
    /// `{ inherit name; }`
    struct Name {
        name: "name",
    }
}

record! {
    /// `{ inherit args; }`
    struct Args {
        args: "args",
    }
}

record! {
    /// `{ inherit _module; }`
    struct OfModule {
        module: "_module",
    }
}

/// `{ _module.args.name = name; }`
pub(super) fn with_name(ev: &Evaluator, name: Value) -> Res<Value> {
    OfModule { module: Args { args: Name { name }.set(ev)? }.set(ev)? }.set(ev)
}

/// The module that defines `name` where a submodule has no name yet: in documentation and freeform types.
pub(super) fn name_module(ev: &Evaluator) -> Res<Value> {
    #[derive(Default)]
    struct Known(std::cell::Cell<Option<Value>>);
    let known = ev.extension::<Known>();
    if let Some(module) = known.0.get() {
        return Ok(module);
    }
    let module = with_name(ev, make_option_default(ev, ev.mem.str("‹name›")?)?)?;
    known.0.set(Some(module));
    Ok(module)
}

record! {
    /// A module with only definitions.
    pub(super) struct Config {
        file: "_file",
        config: "config",
    }
}

record! {
    /// `{ inherit check; }`
    struct Check {
        check: "check",
    }
}

/// `lib.types.noCheckForDocsModule`
pub(super) fn no_check_module(ev: &Evaluator) -> Res<Value> {
    const FILE: &str = "<built-in module that disables checks for the purpose of documentation generation>";
    let check = Check { check: make_force(ev, Value::FALSE)? }.set(ev)?;
    Config { file: ev.mem.str(FILE)?, config: OfModule { module: check }.set(ev)? }.set(ev)
}
