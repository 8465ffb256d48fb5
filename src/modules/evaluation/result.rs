//! The results of `evalModules` and `extendModules`.

use super::eval_modules::{Arguments, Evaluation};
use crate::eval::{Builtin, Evaluator, Formals, Object as _, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{cell, concat, get, has, select, share, shared_or, warn};
use crate::source::Pos;
use crate::value::{Record, Value, peek};

suspended! {
    /// The attributes of that result.
    struct Returned { evaluation } => struct Attributes {
        options,
        config,
        module,
        graph,
        extend_modules,
        own_type,
        class,
    }
}

impl Returned<&Slot> {
    fn evaluation(self) -> Evaluation {
        Evaluation::of(peek(self.evaluation))
    }

    /// The evaluation, after the check for definitions without an option.
    fn checked(self, ev: &Evaluator) -> Res<Evaluation> {
        ev.force(self.evaluation().checked(ev))?;
        Ok(self.evaluation())
    }

    fn options(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.checked(ev)?.options(ev))
    }

    fn config(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.checked(ev)?.visible(ev))
    }

    fn module(self, ev: &Evaluator) -> Res<Value> {
        select(ev, ev.force(self.checked(ev)?.configuration(ev))?, sym!("_module"))
    }

    fn graph(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.evaluation().graph(ev))
    }

    fn extend_modules(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.evaluation().extend(ev))
    }

    fn own_type(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.evaluation().own_type(ev))
    }

    fn class(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.evaluation().class(ev))
    }
}

suspended! {
    /// `evaluation.modules ++ more`
    struct AllModules { evaluation, more }
}

impl AllModules<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let doing = "while evaluating one of the elements to concatenate";
        let regular = ev.force(Evaluation::of(peek(self.evaluation)).regular(ev))?;
        concat(ev, &[regular, ev.force_list(self.more, Pos::NONE, doing)?])
    }
}

suspended! {
    /// `evaluation.specialArgs // more`
    struct AllSpecial { evaluation, more }
}

impl AllSpecial<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let doing = "in the left operand of the update (//) operator";
        let special = Evaluation::of(peek(self.evaluation)).special(ev);
        let special = ev.force_attrs(special, Pos::NONE, doing)?;
        let doing = "in the right operand of the update (//) operator";
        Ok(ev.mem.update(special, ev.force_attrs(self.more, Pos::NONE, doing)?)?)
    }
}

/// The arguments of `extendModules`.
const EXTEND_MODULES_ARGS: Formals =
    Formals { arg: 1, names: &[("modules", true), ("specialArgs", true), ("prefix", true)], ellipsis: false };

static EXTEND_MODULES: Builtin =
    Builtin::hidden("extendModules", &["evaluation", "args"], |ev, args, pos| {
        let [this, extra] = exactly(args);
        let this = Evaluation::of(ev.force(this)?);
        let extra = ev.force_formals("extendModules", extra, &EXTEND_MODULES_ARGS, pos)?;
        Evaluation::start(ev, this.extended(ev, extra)?)?.result(ev)
    })
    .with_formals(&[EXTEND_MODULES_ARGS]);

impl Evaluation {
    /// The result of `evalModules`.
    pub fn result(self, ev: &Evaluator) -> Res<Value> {
        static RESULT: Record<7> =
            Record::new(["options", "config", "_module", "graph", "extendModules", "type", "class"]);
        static TAG: Record<1> = Record::new(["_type"]);
        let all = peek(self.all(ev));
        for old in ["args", "check"] {
            if has(ev, all, old) {
                let message = format!(
                    "The {old} argument to evalModules is deprecated. Please set config._module.{old} instead."
                );
                warn(ev, ev.mem.str(&message)?, Value::NULL)?;
            }
        }
        let parts = Returned { evaluation: self.word() }.parts(ev)?;
        let Attributes { options, config, module, graph, extend_modules, own_type, class } = parts;
        let set =
            ev.mem.record(&RESULT, [options, config, module, graph, extend_modules, own_type, class])?;
        Ok(ev.mem.update(set, ev.mem.record(&TAG, [Value::symbol(sym!("configuration"))])?)?)
    }

    pub(super) fn make_extend(ev: &Evaluator, this: Evaluation) -> Res<Value> {
        ev.partial(&EXTEND_MODULES, &[this.word()])
    }

    /// The arguments of this evaluation, extended with those of `extendModules`.
    fn extended(self, ev: &Evaluator, extra: Value) -> Res<Arguments> {
        static CHANGED: Record<3> = Record::new(["modules", "specialArgs", "prefix"]);
        let evaluation = self.word();
        let more = shared_or(ev, extra, sym!("modules"), Value::EMPTY_LIST)?;
        let modules = cell(ev, ev.delay(AllModules { evaluation, more })?)?;
        let more = shared_or(ev, extra, sym!("specialArgs"), Value::EMPTY_SET)?;
        let special = cell(ev, ev.delay(AllSpecial { evaluation, more })?)?;
        let prefix = match get(ev, extra, sym!("prefix")) {
            Some(prefix) => share(ev, prefix)?,
            None => share(ev, self.prefix(ev))?,
        };
        let changed = ev.mem.record(&CHANGED, [modules, special, prefix])?;
        Ok(Arguments {
            lib: share(ev, self.lib(ev))?,
            modules,
            special,
            class: share(ev, self.class(ev))?,
            prefix,
            all: ev.mem.update(peek(self.all(ev)), changed)?,
        })
    }
}
