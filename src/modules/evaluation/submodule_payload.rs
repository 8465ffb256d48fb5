//! Merging the payloads of submodule types that are declared twice.

use crate::eval::{Builtin, Evaluator, Res, suspended};
use crate::heap::Slot;
use crate::native::{attr, attrs, concat, has, or_null, record, select, shared_args, text, throw, to_string};
use crate::source::Pos;
use crate::value::{Value, slot};

record! {
    /// The payload of `submoduleWith`.
    pub(super) struct SubmodulePayload {
        modules: "modules",
        class: "class",
        special: "specialArgs",
        shorthand: "shorthandOnlyDefinesConfig",
        description: "description",
    }
}

/// Merges two submodule types: the result has the modules of both. Their other arguments must not conflict.
pub(super) static MERGE_PAYLOADS: Builtin = Builtin::hidden("binOp", &["lhs", "rhs"], |ev, args, _| {
    let [left, right] = shared_args(ev, args)?;
    let MergedParts { modules, class, special, shorthand, description } = Merged { left, right }.parts(ev)?;
    SubmodulePayload { modules, class, special, shorthand, description }.set(ev)
});

suspended! {
    /// The payload merged from two payloads.
    struct Merged { left, right } => struct MergedParts {
        modules,
        class,
        special,
        shorthand,
        description,
    }
}

impl Merged<&Slot> {
    fn both(self, ev: &Evaluator) -> Res<(Value, Value)> {
        Ok((ev.force(self.left)?, ev.force(self.right)?))
    }

    fn modules(self, ev: &Evaluator) -> Res<Value> {
        let (left, right) = self.both(ev)?;
        let doing = "while evaluating one of the elements to concatenate";
        let list = |v| ev.force_list(attr(ev, v, sym!("modules"))?, Pos::NONE, doing);
        concat(ev, &[list(left)?, list(right)?])
    }

    fn class(self, ev: &Evaluator) -> Res<Value> {
        let (left, right) = self.both(ev)?;
        agreed(ev, or_null(ev, left, sym!("class"))?, or_null(ev, right, sym!("class"))?, |a, b| {
            format!(
                "A submoduleWith option is declared multiple times with conflicting class values \"{a}\" and \"{b}\"."
            )
        })
    }

    /// The special arguments of both, which must have different names.
    fn special(self, ev: &Evaluator) -> Res<Value> {
        let (left, right) = self.both(ev)?;
        let set = |v| attrs(ev, attr(ev, v, sym!("specialArgs"))?);
        let (left, right) = (set(left)?, set(right)?);
        let names = ev.mem.entries_by_name(left);
        let both: Vec<String> =
            names.iter().filter(|e| has(ev, right, e.name)).map(|e| ev.name(e.name)).collect();
        if both.is_empty() {
            return Ok(ev.mem.update(left, right)?);
        }
        Err(throw(format!(
            "A submoduleWith option is declared multiple times with the same specialArgs \"{}\"",
            both.join(" ")
        )))
    }

    fn shorthand(self, ev: &Evaluator) -> Res<Value> {
        let (left, right) = self.both(ev)?;
        let name = sym!("shorthandOnlyDefinesConfig");
        agreed(ev, select(ev, left, name)?, select(ev, right, name)?, |_, _| {
            "A submoduleWith option is declared multiple times with conflicting shorthandOnlyDefinesConfig values"
                .to_owned()
        })
    }

    fn description(self, ev: &Evaluator) -> Res<Value> {
        let (left, right) = self.both(ev)?;
        let name = sym!("description");
        agreed(ev, select(ev, left, name)?, select(ev, right, name)?, |_, _| {
            "A submoduleWith option is declared multiple times with conflicting descriptions".to_owned()
        })
    }
}

/// The value that both sides agree on: null agrees with everything.
fn agreed(
    ev: &Evaluator,
    left: Value,
    right: Value,
    message: impl FnOnce(String, String) -> String,
) -> Res<Value> {
    match (left, right) {
        (Value::NULL, other) | (other, Value::NULL) => Ok(other),
        (a, b) if ev.equal_values(a, b, Pos::NONE)? => Ok(a),
        (a, b) => {
            let shown = |v: Value| to_string(ev, &slot(v)).map_or(String::new(), |v| text(ev, v));
            Err(throw(message(shown(a), shown(b))))
        }
    }
}
