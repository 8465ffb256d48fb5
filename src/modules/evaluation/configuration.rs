//! The values of an evaluation: those of options, and those of definitions without an option.

use super::eval_modules::Evaluation;
use super::{undeclared_error, undeclared_values};
use crate::eval::{Evaluator, Res, suspended};
use crate::heap::Slot;
use crate::modules::definitions::{definition, props, wrapped};
use crate::native::{attrs, entry_at, is_type, list, map_set, select, share, truth};
use crate::nixpkgs::recursive_update;
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, peek, slot};

suspended! {
    /// The value of each option in a set, or the values of the options below it.
    struct Values { options } []
}

impl Values<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let option = ev.force(entry_at(ev, self.options, index)?.slot)?;
        match option.is_attrs() && !is_type(ev, option, b"option")? {
            true => values(ev, option),
            false => select(ev, option, sym!("value")),
        }
    }
}

/// The values of a tree of options: a set with the same names and lazy values.
fn values(ev: &Evaluator, options: Value) -> Res<Value> {
    match options {
        Value::EMPTY_SET => Ok(options),
        _ => map_set(ev, options, |options| Values { options }),
    }
}

suspended! {
    /// What `setAttrByPath` puts into its sets, which are not evaluated where a message shows them.
    struct AtPath { value }
}

impl AtPath<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.value)
    }
}

fn freeform_type(ev: &Evaluator, config: Value) -> Res<Value> {
    select(ev, select(ev, config, sym!("_module"))?, sym!("freeformType"))
}

impl Evaluation {
    pub(super) fn find_declared(ev: &Evaluator, this: Evaluation) -> Res<Value> {
        values(ev, ev.force(this.options(ev))?)
    }

    pub(super) fn find_visible(ev: &Evaluator, this: Evaluation) -> Res<Value> {
        let config = ev.force(this.configuration(ev))?;
        Ok(ev.mem.filtered(config, |e| e.name != sym!("_module"))?)
    }

    pub(super) fn find_configuration(ev: &Evaluator, this: Evaluation) -> Res<Value> {
        let declared = ev.force(this.declared(ev))?;
        let freeform = freeform_type(ev, declared)?;
        if freeform == Value::NULL {
            return Ok(declared);
        }
        let mut defs = Vec::new();
        for stray in this.root(ev)?.strays(ev)? {
            let mut value = wrapped(ev, stray.raw.value, &props(ev, stray.raw.props)?)?;
            for name in ev.mem.items(stray.path).iter().rev() {
                let mut set = AttrsBuilder::with_capacity(1);
                set.push_at(ev.mem.symbol_of(peek(name))?, stray.raw.pos, ev.delay(AtPath { value })?);
                value = ev.mem.attrs(set)?;
            }
            defs.push(definition(ev, stray.raw.file, value)?);
        }
        if defs.is_empty() {
            return recursive_update(ev, Value::EMPTY_SET, declared);
        }
        let prefix = share(ev, this.prefix(ev))?;
        let merge = select(ev, freeform, sym!("merge"))?;
        let merged = ev.call(merge, &[prefix, ev.mem.list(&defs)?], Pos::NONE)?;
        recursive_update(ev, attrs(ev, &slot(merged))?, declared)
    }

    /// Whether definitions without an option are an error: `_module.check` is on and no freeform type is set.
    fn is_checked(self, ev: &Evaluator) -> Res<bool> {
        let config = ev.force(self.configuration(ev))?;
        let own = select(ev, config, sym!("_module"))?;
        Ok(truth(ev, select(ev, own, sym!("check"))?)? && freeform_type(ev, config)? == Value::NULL)
    }

    /// Fails if there are definitions without an option, unless the modules allow them.
    pub(super) fn check_strays(ev: &Evaluator, this: Evaluation) -> Res<Value> {
        if !this.is_checked(ev)? {
            return Ok(Value::NULL);
        }
        match this.root(ev)?.strays(ev)?[..] {
            [] => Ok(Value::NULL),
            [first, ..] => {
                let prefix = list(ev, this.prefix(ev))?;
                Err(undeclared_error::error(ev, prefix, ev.force(this.options(ev))?, first)?)
            }
        }
    }

    /// The values of all options, without `_module`. Definitions without an option are an error unless they are kept.
    pub fn checked_config(self, ev: &Evaluator) -> Res<Value> {
        if undeclared_values::wanted_below(ev, ev.force(self.collected(ev))?)? {
            return self.config(ev, &|_| true);
        }
        ev.force(self.checked(ev))?;
        ev.force(self.visible(ev))
    }

    /// The values of all options, without `_module`, and the values of definitions without an option. The
    /// latter are evaluated only where `asked` accepts their path and its prefixes. A definition without an
    /// option is an error in a fixture.
    pub fn config(self, ev: &Evaluator, asked: undeclared_values::Asked<'_>) -> Res<Value> {
        let config = ev.force(self.visible(ev))?;
        if !self.is_checked(ev)? {
            return Ok(config);
        }
        let prefix = share(ev, self.prefix(ev))?;
        match undeclared_values::values(ev, self.root(ev)?, prefix, self.options(ev), asked)? {
            Value::EMPTY_SET => Ok(config),
            undeclared => recursive_update(ev, undeclared, config),
        }
    }
}
