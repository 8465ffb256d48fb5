//! Where a renamed or removed option went.

use super::about::Moved;
use super::aliases::{described, is_hidden};
use super::evaluations::Evaluated;
use super::opened::Opened;
use crate::eval::{Evaluator, Res};
use crate::heap::Sym;
use crate::modules::show_option;
use crate::native::{get, is_function, lossy};
use crate::source::Pos;
use crate::value::Value;

impl Opened<'_> {
    /// Where an option went, if it is an old name of another one, or removed.
    pub fn moved(&self, path: &[Sym], option: Value) -> Option<Moved> {
        let ev = self.ev;
        let is_hidden = is_hidden(ev, option);
        if let Some(to) = described(ev, option) {
            return Some(match is_hidden {
                true => Moved::To(vec![to]),
                false => Moved::Alias(to),
            });
        }
        if !is_hidden {
            return None;
        }
        if let Some(reason) = removed(ev, option) {
            return Some(Moved::Removed(reason));
        }
        let to = changed(ev, self.root()?, path).ok()?;
        (!to.is_empty()).then_some(Moved::To(to))
    }
}

/// The reason for which an option was removed: its `apply` fails with it.
fn removed(ev: &Evaluator, option: Value) -> Option<String> {
    let apply = ev.force(get(ev, option, "apply")?).ok()?;
    if !is_function(ev, apply).ok()? {
        return None;
    }
    let e = ev.call(apply, &[Value::NULL], Pos::NONE).err()?;
    ev.caught(&e);
    let message = &e.data().message;
    let (_, reason) = message.split_once("' can no longer be used since it's been removed.")?;
    Some(reason.trim().to_owned())
}

/// The options that a module defines which declares an old option and computes others from it.
fn changed(ev: &Evaluator, evaluation: &Evaluated, path: &[Sym]) -> Res<Vec<String>> {
    let mut to = Vec::new();
    for source in evaluation.declaring(ev, path)? {
        let declared = evaluation.declared_by(ev, source.module)?;
        if !declared.iter().all(|(_, option)| is_hidden(ev, *option)) {
            continue;
        }
        for defined in evaluation.defined(ev, source.module)? {
            let names: Vec<&[u8]> = defined.iter().map(|name| ev.mem.heap.name(*name)).collect();
            if !matches!(names[..], [b"warnings" | b"assertions"]) {
                to.push(lossy(&show_option(names)));
            }
        }
    }
    to.dedup();
    Ok(to)
}
