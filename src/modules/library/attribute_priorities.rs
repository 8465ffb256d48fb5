//! `lib.modules.mergeAttrDefinitionsWithPrio`

use crate::eval::{Evaluator, Object as _, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::modules::definitions::{Merge, Raw, push_down};
use crate::modules::types::OptionType;
use crate::native::{appended, attr, attrs, failed_assertion, items, list, select, share, shared};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Record, Value, peek, slot};

/// The attributes of a set option, each with its priority.
pub(super) fn merge_attr_definitions_with_priority(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [option] = exactly(args);
    let option = ev.force(option)?;
    let ty = select(ev, option, sym!("type"))?;
    let name = select(ev, ty, sym!("name"))?;
    if !name.is_string() || !matches!(ev.mem.text(name), b"attrsOf" | b"lazyAttrsOf") {
        let condition = "(((opt).type.name == \"attrsOf\") || ((opt).type.name == \"lazyAttrsOf\"))";
        return Err(failed_assertion(condition));
    }
    let mut all: Vec<(Sym, Raw)> = Vec::new();
    for def in items(ev, attr(ev, option, sym!("definitionsWithLocations"))?)? {
        let set = ev.force(def)?;
        let file = shared(ev, set, sym!("file"))?;
        push_down(ev, select(ev, set, sym!("value"))?, Value::EMPTY_LIST, &mut |set, props| {
            for entry in ev.mem.entries(attrs(ev, &slot(set))?) {
                let value = share(ev, entry.slot)?;
                all.push((entry.name, Raw { file, value, props, pos: entry.pos }));
            }
            Ok(())
        })?;
    }
    all.sort_by_key(|(name, _)| *name);
    let elem = OptionType::of(ty).elem_type(ev)?;
    let loc = list(ev, attr(ev, option, sym!("loc"))?)?;
    let mut set = AttrsBuilder::new();
    for group in all.chunk_by(|a, b| a.0 == b.0) {
        if let [(name, _), ..] = group {
            let raws = Raw::list(ev, group.iter().map(|(_, raw)| *raw))?;
            let loc = appended(ev, loc, Value::symbol(*name))?;
            set.push(*name, with_priority(ev, Merge::of_raw(ev, loc, elem, raws)?)?);
        }
    }
    Ok(ev.mem.attrs(set)?)
}

suspended! {
    /// The value and priority of an attribute.
    struct Prioritized { merge } => struct PrioritizedParts { value, priority }
}

impl Prioritized<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        ev.force(Merge::of(peek(self.merge)).value(ev))
    }

    fn priority(self, ev: &Evaluator) -> Res<Value> {
        ev.force(Merge::of(peek(self.merge)).priority(ev))
    }
}

fn with_priority(ev: &Evaluator, merge: Merge) -> Res<Value> {
    static SET: Record<2> = Record::new(["value", "highestPrio"]);
    let PrioritizedParts { value, priority } = Prioritized { merge: merge.word() }.parts(ev)?;
    Ok(ev.mem.record(&SET, [value, priority])?)
}
