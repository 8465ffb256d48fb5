//! Evaluates the submodules that definitions are about, so that what they define can be judged.

use crate::heap::{Slot, Sym};
use crate::modules::push_down;
use crate::native::share;
use crate::options::definitions::Fate;
use crate::options::opened::{Definitions, Opened};
use crate::options::plain::{Bounds, Plain};
use crate::source::Pos;
use crate::value::Value;

/// At most this many parts of a value are looked at.
const MOST: usize = 20_000;

/// Evaluates the submodules inside the value at a path that definitions in the user's files are about. What fails says
/// nothing about others.
pub fn enter_submodules(
    opened: &Opened<'_>,
    path: &[Sym],
    found: &Definitions,
    is_own: &dyn Fn(&str) -> bool,
) {
    // The arguments of modules lead to everything, but have no submodules of their own.
    if path.contains(&sym!("_module")) {
        return;
    }
    let own = found.all.iter().filter(|definition| {
        matches!(definition.fate, Fate::Wins) && !definition.is_default && is_own(&definition.file)
    });
    let given: Vec<Value> = own.map(|definition| definition.value).collect();
    if let (false, Ok(value)) = (given.is_empty(), opened.value(path)) {
        Inside { opened, path: path.to_vec(), left: MOST }.enter(value, &given);
    }
}

/// A value that submodules are looked for in.
struct Inside<'a> {
    opened: &'a Opened<'a>,
    /// Where the current part is.
    path: Vec<Sym>,
    /// How many parts may still be looked at.
    left: usize,
}

impl Inside<'_> {
    /// Looks into a part, for which definitions give these values.
    fn enter(&mut self, value: &Slot, given: &[Value]) {
        let ev = self.opened.ev;
        let (Ok(_depth), true) = (ev.enter(Pos::NONE), self.left > 0) else {
            return;
        };
        self.left -= 1;
        let outline = Plain::at(self.opened, &self.path, value, Bounds::OUTLINE);
        if self.opened.is_submodule(&self.path) {
            return;
        }
        match (outline, ev.force(value)) {
            // Elements have no paths.
            (Plain::List(_), Ok(list)) => ev.mem.items(list).iter().for_each(|item| drop(ev.force(item))),
            (Plain::Set(_), Ok(set)) => {
                let sets = sets(self.opened, given);
                for entry in ev.mem.entries_by_name(set) {
                    let part = |set: &Value| Some(share(ev, ev.mem.get(*set, entry.name)?));
                    let Ok(parts) = sets.iter().filter_map(part).collect::<Result<Vec<_>, _>>() else {
                        return;
                    };
                    // Some types make a set of definitions that are none.
                    if sets.is_empty() || !parts.is_empty() {
                        self.path.push(entry.name);
                        self.enter(entry.slot, &parts);
                        self.path.pop();
                    }
                }
            }
            _ => {}
        }
    }
}

/// The sets among definitions, without the properties around them.
fn sets(opened: &Opened<'_>, given: &[Value]) -> Vec<Value> {
    let ev = opened.ev;
    let mut found = Vec::new();
    for given in given {
        let inside = ev.force_value(*given).and_then(|given| {
            push_down(ev, given, Value::EMPTY_LIST, &mut |set, _| {
                if set.is_attrs() {
                    found.push(set);
                }
                Ok(())
            })
        });
        if let Err(e) = inside {
            ev.caught(&e);
        }
    }
    found
}
