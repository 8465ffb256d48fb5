//! Options that have been removed.

use super::paths::{module, module_arg, path_text};
use crate::eval::{Builtin, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::modules::declarations::option_set;
use crate::modules::messages;
use crate::native::{attr, items, select, share, shared_args, text_of, throw, truth};
use crate::nixpkgs::paths::{at_path, must_find};
use crate::source::Pos;
use crate::value::{Record, Value, slot};

suspended! {
    /// The assertion that a removed option is not defined.
    struct Assertion { name, instructions, options } => struct AssertionParts {
        assertion,
        message,
    }
}

impl Assertion<&Slot> {
    /// `getAttrFromPath name options`
    fn option(self, ev: &Evaluator) -> Res<Value> {
        must_find(ev, self.name, self.options)
    }

    fn assertion(self, ev: &Evaluator) -> Res<Value> {
        Ok(Value::bool(!truth(ev, select(ev, self.option(ev)?, sym!("isDefined"))?)?))
    }

    fn message(self, ev: &Evaluator) -> Res<Value> {
        let files = messages::files(ev, items(ev, attr(ev, self.option(ev)?, sym!("files"))?)?)?;
        let instructions = text_of(ev, self.instructions)?;
        let path = path_text(ev, self.name)?;
        Ok(ev.mem.str(&format!(
            "The option definition `{path}' in {files} no longer has any effect; please remove it.\n{instructions}\n"
        ))?)
    }
}

/// `lib.modules.mkRemovedOptionModule`: a module, as a function of the module arguments.
pub(in crate::modules::library) fn mk_removed(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [name, instructions] = shared_args(ev, args)?;
    ev.partial(&REMOVED, &[name, instructions])
}

static REMOVED: Builtin =
    Builtin::hidden("removedOption", &["optionName", "instructions", "args"], |ev, args, _| {
        static CONFIG: Record<1> = Record::new(["assertions"]);
        static ASSERTION: Record<2> = Record::new(["assertion", "message"]);
        let [name, instructions, args] = exactly(args);
        let options = share(ev, module_arg(ev, args, "options")?)?;
        let (name, instructions) = (share(ev, name)?, share(ev, instructions)?);
        let fail = ev.partial(&FAIL, &[name, instructions])?;
        let option = option_set(ev, &[("visible", Value::FALSE), ("apply", fail)])?;
        let declared = at_path(ev, &slot(name), &slot(option))?;
        let AssertionParts { assertion, message } = Assertion { name, instructions, options }.parts(ev)?;
        let assertions = ev.mem.list(&[ev.mem.record(&ASSERTION, [assertion, message])?])?;
        module(ev, declared, ev.mem.record(&CONFIG, [assertions])?)
    });

/// The `apply` of a removed option.
static FAIL: Builtin = Builtin::hidden("apply", &["optionName", "instructions", "x"], |ev, args, _| {
    let [name, instructions, _] = exactly(args);
    let path = path_text(ev, name)?;
    let instructions = text_of(ev, instructions)?;
    Err(throw(format!("The option `{path}' can no longer be used since it's been removed. {instructions}")))
});
