//! Old options whose values become the value of another option.

use super::paths::{module, module_arg, path_text};
use crate::eval::{Builtin, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::modules::declarations::option_set;
use crate::modules::definitions::make_merge;
use crate::modules::messages;
use crate::native::{attr, items, share, shared_args};
use crate::nixpkgs::paths::{at_path, must_find};
use crate::nixpkgs::recursive_update;
use crate::source::Pos;
use crate::value::{Record, Value, slot};

/// The default of old options, which marks them as not defined.
const UNUSED: &str = "_mkMergedOptionModule";

/// `lib.modules.mkMergedOptionModule`: a module, as a function of the module arguments.
pub(in crate::modules::library) fn mk_merged(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [from, to, merge] = shared_args(ev, args)?;
    ev.partial(&CHANGED, &[from, to, merge])
}

/// `lib.modules.mkChangedOptionModule`: the same for one old option.
pub(in crate::modules::library) fn mk_changed(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [from, to, change] = shared_args(ev, args)?;
    ev.partial(&CHANGED, &[ev.mem.list(&[from])?, to, change])
}

static CHANGED: Builtin =
    Builtin::hidden("changedOption", &["from", "to", "mergeFn", "args"], |ev, args, _| {
        static WARNINGS: Record<1> = Record::new(["warnings"]);
        let [from, to, _, module_args] = exactly(args);
        module_arg(ev, module_args, "config")?;
        module_arg(ev, module_args, "options")?;
        let mut declared = Value::EMPTY_SET;
        for path in items(ev, from)? {
            let option = option_set(ev, &[("visible", Value::FALSE), ("default", ev.mem.str(UNUSED)?)])?;
            let one = at_path(ev, path, &slot(option))?;
            declared = recursive_update(ev, declared, one)?;
        }
        let [from, new, merge, module_args] = shared_args(ev, args)?;
        let ChangedParts { warnings, value } = Changed { from, to: new, merge, module_args }.parts(ev)?;
        let defined = at_path(ev, to, &slot(make_merge(ev, value)?))?;
        let doing = "in the right operand of the update (//) operator";
        let defined = ev.force_attrs(&slot(defined), Pos::NONE, doing)?;
        let warnings = ev.mem.record(&WARNINGS, [warnings])?;
        module(ev, declared, ev.mem.update(warnings, defined)?)
    });

suspended! {
    /// The definitions in a module for old options.
    struct Changed { from, to, merge, module_args } => struct ChangedParts {
        /// A warning for each old option that is defined.
        warnings,
        /// A list with the definition of the new option if any old option is defined; otherwise empty.
        value,
    }
}

impl Changed<&Slot> {
    /// Whether an old option is defined.
    fn is_used(self, ev: &Evaluator, path: &Slot) -> Res<bool> {
        let value = must_find(ev, path, module_arg(ev, self.module_args, "config")?)?;
        Ok(!(value.is_string() && ev.mem.text(value) == UNUSED.as_bytes()))
    }

    fn warnings(self, ev: &Evaluator) -> Res<Value> {
        let mut warnings = Vec::new();
        let to = path_text(ev, self.to)?;
        for path in items(ev, self.from)? {
            if !self.is_used(ev, path)? {
                continue;
            }
            let option = must_find(ev, path, module_arg(ev, self.module_args, "options")?)?;
            let files = messages::files(ev, items(ev, attr(ev, option, sym!("files"))?)?)?;
            let from = path_text(ev, path)?;
            warnings.push(ev.mem.str(&format!(
                "The option `{from}' defined in {files} has been changed to `{to}' that has a different type. Please \
                 read `{to}' documentation and update your configuration accordingly."
            ))?);
        }
        Ok(ev.mem.list(&warnings)?)
    }

    fn value(self, ev: &Evaluator) -> Res<Value> {
        for path in items(ev, self.from)? {
            if self.is_used(ev, path)? {
                let config = share(ev, module_arg(ev, self.module_args, "config")?)?;
                let value = ev.delay_call(share(ev, self.merge)?, &[config])?;
                return Ok(ev.mem.list(&[value])?);
            }
        }
        Ok(Value::EMPTY_LIST)
    }
}
