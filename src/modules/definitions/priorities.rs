//! Decides which definitions of an option count, and in which order: `filterOverrides` and `sortProperties`.

use super::conditions::{discharge, holds};
use super::live::{Live, Lives, from_file};
use super::properties::{DEFAULT_ORDER, DEFAULT_PRIORITY, Property, VALUE, property};
use super::raw::{Prop, Raw, props, wrapped};
use crate::builtins::merge_sort;
use crate::eval::{Evaluator, Res};
use crate::heap::Slot;
use crate::native::{get, select, share, shared};
use crate::source::Pos;
use crate::value::{Value, slot};

/// The bound that nixpkgs starts from: among several definitions, only those with a lower number can count.
const WORST_PRIORITY: i64 = 9999;

/// The definitions that count, and their priority.
pub struct Winners {
    pub lives: Lives,
    pub priority: Value,
}

/// The definitions whose conditions hold, in their original order.
pub fn live(ev: &Evaluator, raws: &[Raw]) -> Res<Lives> {
    let mut lives = Lives::new();
    for raw in raws {
        one(ev, raw, &mut lives).map_err(|e| from_file(ev, Ok(raw.file), e))?;
    }
    Ok(lives)
}

fn one(ev: &Evaluator, raw: &Raw, lives: &mut Lives) -> Res<()> {
    if raw.props != Value::EMPTY_LIST {
        let around = props(ev, raw.props)?;
        for (i, prop) in around.iter().enumerate() {
            match *prop {
                Prop::If(condition, _) => {
                    if !holds(ev, &slot(condition))? {
                        return Ok(());
                    }
                }
                // As in nixpkgs, properties inside a priority are left alone here.
                Prop::Override(priority, _) => {
                    let value = wrapped(ev, raw.value, &around[i + 1..])?;
                    let (file, pos) = (raw.file, raw.pos);
                    lives.push(Live { file, value, set: None, priority: Some(priority), order: None, pos });
                    return Ok(());
                }
            }
        }
    }
    let value = ev.force_value(raw.value)?;
    discharge(ev, value, &mut |value| {
        let mut live = Live { file: raw.file, value, set: None, priority: None, order: None, pos: raw.pos };
        let mut inner = value;
        let mut kind = property(ev, value)?;
        if kind == Property::Definition {
            inner = select(ev, value, sym!("value"))?;
            kind = property(ev, inner)?;
            live.set = Some(value);
            live.file = shared(ev, value, sym!("file"))?;
            live.value = inner;
        }
        if kind == Property::Override {
            live.priority = Some(shared(ev, inner, sym!("priority"))?);
            live.value = shared(ev, inner, sym!("content"))?;
            if let Some(set) = live.set {
                live.set = Some(ev.mem.update(set, ev.mem.record(&VALUE, [live.value])?)?);
            }
        }
        lives.push(live);
        Ok(())
    })
}

/// Keeps the definitions with the best priority: the lowest number.
pub fn winners(ev: &Evaluator, lives: Lives) -> Res<Winners> {
    let default = ev.mem.int(DEFAULT_PRIORITY)?;
    if let [only] = &lives[..] {
        let priority = only.priority.unwrap_or(default);
        return Ok(Winners { lives, priority });
    }
    let priority = |live: &Live| match live.priority {
        Some(p) => ev.force_value(p),
        None => Ok(default),
    };
    let best = best(ev, lives.iter().map(priority))?;
    let mut kept = Lives::new();
    for live in &lives {
        if ev.equal_values(priority(live)?, best, Pos::NONE)? {
            kept.push(*live);
        }
    }
    Ok(Winners { lives: kept, priority: best })
}

/// The best of several priorities: the lowest number.
pub fn best(ev: &Evaluator, priorities: impl Iterator<Item = Res<Value>>) -> Res<Value> {
    let mut best = ev.mem.int(WORST_PRIORITY)?;
    for priority in priorities {
        let priority = priority?;
        if ev.less_than(&slot(priority), &slot(best), Pos::NONE, "")? {
            best = priority;
        }
    }
    Ok(best)
}

/// Sorts the definitions as `mkOrder` demands.
pub fn sorted(ev: &Evaluator, mut lives: Lives) -> Res<Lives> {
    let mut ordered = false;
    for live in &mut lives {
        let value = ev.force_value(live.value)?;
        live.value = value;
        if property(ev, value)? == Property::Order {
            live.order = Some(shared(ev, value, sym!("priority"))?);
            live.value = shared(ev, value, sym!("content"))?;
            ordered = true;
        }
    }
    if ordered {
        for live in &mut lives {
            // A set from `mkDefinition` may have a `priority` of its own.
            if let (None, Some(set)) = (live.order, live.set)
                && let Some(own) = get(ev, set, sym!("priority"))
            {
                live.order = Some(share(ev, own)?);
            }
        }
        sort(ev, &mut lives)?;
    }
    Ok(lives)
}

fn sort(ev: &Evaluator, lives: &mut Lives) -> Res<()> {
    let default = ev.mem.int(DEFAULT_ORDER)?;
    // Priorities are forced when they are compared, so that of a single definition is not.
    let orders: Vec<Slot> = lives.iter().map(|live| slot(live.order.unwrap_or(default))).collect();
    *lives = in_order(ev, &orders)?.map(|number| lives[number]).collect();
    Ok(())
}

/// The indices of some order priorities, sorted by these.
pub fn in_order(ev: &Evaluator, orders: &[Slot]) -> Res<impl Iterator<Item = usize> + use<>> {
    // `merge_sort` moves words, so it sorts the indices as integers.
    let numbers = (0..orders.len()).filter_map(|i| Value::small_int(i as i64)).collect();
    let order = |number: Value| &orders[number.as_small_int() as usize];
    let sorted = merge_sort(numbers, &mut |a, b| ev.less_than(order(a), order(b), Pos::NONE, ""))?;
    Ok(sorted.into_iter().map(|number| number.as_small_int() as usize))
}
