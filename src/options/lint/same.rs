//! Whether two values are the same. They are evaluated only up to the first difference.

use crate::eval::Evaluator;
use crate::heap::Slot;
use crate::options::plain::{Bounds, Plain};
use crate::source::Pos;

/// At most this many parts are compared.
const MOST: usize = 100_000;

/// Whether two values are certainly the same. Derivations are compared as Nix compares them. A function, a part that fails
/// or a definition inside the value that still has a property around it is not the same as anything.
pub fn is_same(ev: &Evaluator, a: &Slot, b: &Slot) -> bool {
    same(ev, a, b, &mut { MOST })
}

/// The outline of a value: what it is, the names of a set, the length of a list. `None` for what is the same as nothing.
pub fn outline(ev: &Evaluator, slot: &Slot) -> Option<Plain> {
    let outline = Plain::of(ev, slot, Bounds::OUTLINE);
    let is_uncertain = matches!(
        outline,
        Plain::Function
            | Plain::Opaque(_)
            | Plain::Cycle
            | Plain::Cut
            | Plain::Failed(_)
            | Plain::Property(..)
    );
    (!is_uncertain).then_some(outline)
}

fn same(ev: &Evaluator, a: &Slot, b: &Slot, left: &mut usize) -> bool {
    let (Ok(_depth), true) = (ev.enter(Pos::NONE), *left > 0) else {
        return false;
    };
    *left -= 1;
    let found = outline(ev, a);
    if found.is_none() || outline(ev, b) != found {
        return false;
    }
    let (Ok(a), Ok(b)) = (ev.force(a), ev.force(b)) else {
        return false;
    };
    match found {
        Some(Plain::Derivation(_)) => ev.equal_values(a, b, Pos::NONE).unwrap_or(false),
        Some(Plain::List(_)) => {
            let mut pairs = ev.mem.items(a).iter().zip(ev.mem.items(b));
            pairs.all(|(a, b)| same(ev, a, b, left))
        }
        Some(Plain::Set(_)) => {
            let mut pairs = ev.mem.entries_by_name(a).into_iter().zip(ev.mem.entries_by_name(b));
            pairs.all(|(a, b)| same(ev, a.slot, b.slot, left))
        }
        _ => true,
    }
}
