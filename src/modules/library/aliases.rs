//! Makes the definitions of one option definitions of another: `mkAliasDefinitions` and its relatives.

use super::deprecated::deprecated;
use crate::eval::{Builtin, Evaluator, Res, suspended};
use crate::heap::Slot;
use crate::modules::definitions::{DEFAULT_PRIORITY, make_if, make_merge, make_override};
use crate::native::{ID, attr, get, list, select, share, shared_args, shared_or};
use crate::source::Pos;
use crate::value::Value;

suspended! {
    /// An option whose definitions are forwarded.
    struct Aliased { option } => struct AliasedParts {
        /// `option.isDefined`
        is_defined,
        /// `option.definitions`
        definitions,
        /// The same, each wrapped in the priority `option.highestPrio`.
        with_priority,
        /// `option.highestPrio or defaultOverridePriority`
        priority,
        /// `option.value`
        value,
    }
}

impl Aliased<&Slot> {
    fn is_defined(self, ev: &Evaluator) -> Res<Value> {
        select(ev, ev.force(self.option)?, sym!("isDefined"))
    }

    fn definitions(self, ev: &Evaluator) -> Res<Value> {
        list(ev, attr(ev, ev.force(self.option)?, sym!("definitions"))?)
    }

    fn with_priority(self, ev: &Evaluator) -> Res<Value> {
        let definitions = self.definitions(ev)?;
        let option = ev.force(self.option)?;
        let priority = shared_or(ev, option, sym!("highestPrio"), ev.mem.int(DEFAULT_PRIORITY)?)?;
        let mut wrapped = Vec::with_capacity(definitions.list_len());
        for definition in ev.mem.items(definitions) {
            wrapped.push(make_override(ev, priority, share(ev, definition)?)?);
        }
        Ok(ev.mem.list(&wrapped)?)
    }

    fn priority(self, ev: &Evaluator) -> Res<Value> {
        match get(ev, ev.force(self.option)?, sym!("highestPrio")) {
            Some(priority) => ev.force(priority),
            None => Ok(ev.mem.int(DEFAULT_PRIORITY)?),
        }
    }

    fn value(self, ev: &Evaluator) -> Res<Value> {
        select(ev, ev.force(self.option)?, sym!("value"))
    }
}

/// `mkAliasAndWrapDefinitions wrap option`; both may be suspended.
pub(super) fn alias(ev: &Evaluator, wrap: Value, option: Value) -> Res<Value> {
    let AliasedParts { is_defined, definitions, .. } = Aliased { option }.parts(ev)?;
    make_if(ev, is_defined, ev.delay_call(wrap, &[make_merge(ev, definitions)?])?)
}

/// `mkAliasAndWrapDefsWithPriority wrap option`; both may be suspended.
pub(super) fn alias_with_priority(ev: &Evaluator, wrap: Value, option: Value) -> Res<Value> {
    let AliasedParts { is_defined, with_priority, .. } = Aliased { option }.parts(ev)?;
    make_if(ev, is_defined, ev.delay_call(wrap, &[make_merge(ev, with_priority)?])?)
}

/// `lib.modules.mkAliasDefinitions`
pub(super) fn mk_alias_definitions(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [option] = shared_args(ev, args)?;
    alias(ev, ev.builtin(&ID), option)
}

/// `lib.modules.mkAliasAndWrapDefinitions`
pub(super) fn mk_alias_and_wrap(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [wrap, option] = shared_args(ev, args)?;
    alias(ev, wrap, option)
}

/// `lib.modules.mkAliasAndWrapDefsWithPriority`
pub(super) fn mk_alias_with_priority(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [wrap, option] = shared_args(ev, args)?;
    alias_with_priority(ev, wrap, option)
}

/// `lib.modules.mkAliasIfDef`
pub(super) fn mk_alias_if_def(ev: &Evaluator) -> Res<Value> {
    static IF_DEFINED: Builtin = Builtin::hidden("mkAliasIfDef", &["option", "content"], |ev, args, _| {
        let [option, content] = shared_args(ev, args)?;
        make_if(ev, Aliased { option }.parts(ev)?.is_defined, content)
    });
    let message = "Usage of 'mkAliasIfDef' has been deprecated. Use 'mkIf option.isDefined' instead.";
    deprecated(ev, message, ev.builtin(&IF_DEFINED))
}

/// `lib.modules.mkDerivedConfig`
pub(super) fn mk_derived_config(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [option, f] = shared_args(ev, args)?;
    let AliasedParts { priority, value, .. } = Aliased { option }.parts(ev)?;
    make_override(ev, priority, ev.delay_call(f, &[value])?)
}
