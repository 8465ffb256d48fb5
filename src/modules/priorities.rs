//! Which definitions of an option count: priorities (`filterOverrides`) and order (`sortProperties`).

use smallvec::SmallVec;

use super::conditionals::{Discharged, Prop, Raw, discharge, holds, props, wrapped};
use super::provenance::Recorder;
use super::support::{DEFINITION, Property, VALUE, property};
use crate::builtins::merge_sort;
use crate::eval::{Error, Evaluator, Res};
use crate::native::{context, get, select, shared, text, to_string};
use crate::source::Pos;
use crate::value::{Record, Value, slot};

/// What `mkOverride` makes.
pub(super) static OVERRIDE: Record<3> = Record::new(["_type", "priority", "content"]);
/// What `mkOrder` makes: the same attributes.
pub(super) static ORDER: Record<3> = Record::new(["_type", "priority", "content"]);

/// The priority of definitions that say nothing about it.
pub(super) const DEFAULT_PRIORITY: i64 = 100;
/// The priority of an option's `default`.
pub(super) const OPTION_DEFAULT: i64 = 1500;
/// The place in the order of definitions that say nothing about it.
pub(super) const DEFAULT_ORDER: i64 = 1000;
/// Priorities that are not below this one never count where there are several definitions.
const WORST_PRIORITY: i64 = 9999;

/// A definition whose conditions hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Live {
    /// The module's file.
    pub(super) file: Value,
    /// The value: forced, or a suspension that may be stored.
    pub(super) value: Value,
    /// The definition as a set, if it came as one (`mkDefinition`).
    pub(super) set: Option<Value>,
    /// What `mkOverride` says.
    pub(super) priority: Option<Value>,
    /// What `mkOrder` says.
    pub(super) order: Option<Value>,
    /// Where it was written.
    pub(super) pos: Pos,
}

/// The definitions of one value whose conditions hold.
pub(super) type Lives = SmallVec<[Live; 2]>;

/// The definitions that count, and the priority they have.
pub(super) struct Winners {
    pub(super) lives: Lives,
    pub(super) priority: Value,
}

impl Live {
    /// The definition as the set that merge functions get.
    pub(super) fn definition(&self, ev: &Evaluator) -> Res<Value> {
        let set = match self.set {
            Some(set) => set,
            None => ev.mem.record(&DEFINITION, [self.file, self.value])?,
        };
        match self.order {
            None => Ok(set),
            Some(order) => {
                static ORDERED: Record<2> = Record::new(["value", "priority"]);
                Ok(ev.mem.update(set, ev.mem.record(&ORDERED, [self.value, order])?)?)
            }
        }
    }
}

/// The definitions whose conditions hold, in the order in which they came.
pub(super) fn live(ev: &Evaluator, raws: &[Raw], recorder: &mut Recorder) -> Res<Lives> {
    let mut lives = Lives::new();
    for raw in raws {
        one(ev, raw, &mut lives, recorder).map_err(|e| from_file(ev, Ok(raw.file), e))?;
    }
    Ok(lives)
}

/// The error in a definition of this file.
#[cold]
pub(super) fn from_file(ev: &Evaluator, file: Res<Value>, e: Error) -> Error {
    match file.and_then(|file| to_string(ev, &slot(file))) {
        Ok(file) => context(e, format!("while evaluating definitions from `{}':", text(ev, file))),
        Err(failed) => failed,
    }
}

fn one(ev: &Evaluator, raw: &Raw, lives: &mut Lives, recorder: &mut Recorder) -> Res<()> {
    if raw.props != Value::EMPTY_LIST {
        let around = props(ev, raw.props)?;
        for (i, prop) in around.iter().enumerate() {
            match *prop {
                Prop::If(condition, at) => {
                    if !holds(ev, &slot(condition))? {
                        recorder.off(ev, raw, at);
                        return Ok(());
                    }
                }
                // What is inside a priority is not looked into any further, as in nixpkgs.
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
    discharge(ev, value, &mut |found| {
        let value = match found {
            Discharged::Off(at) => {
                recorder.off(ev, raw, at);
                return Ok(());
            }
            Discharged::Value(value) => value,
        };
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

/// The definitions that have the best priority, which is the lowest number.
pub(super) fn winners(ev: &Evaluator, lives: Lives, recorder: &mut Recorder) -> Res<Winners> {
    let default = ev.mem.int(DEFAULT_PRIORITY)?;
    if let [only] = &lives[..] {
        let priority = only.priority.unwrap_or(default);
        return Ok(Winners { lives, priority });
    }
    let priority = |live: &Live| match live.priority {
        Some(p) => ev.force_value(p),
        None => Ok(default),
    };
    let mut best = ev.mem.int(WORST_PRIORITY)?;
    for live in &lives {
        let p = priority(live)?;
        if ev.less_than(&slot(p), &slot(best), Pos::NONE, "")? {
            best = p;
        }
    }
    let mut kept = Lives::new();
    for live in &lives {
        if ev.equal_values(priority(live)?, best, Pos::NONE)? {
            kept.push(*live);
        } else {
            recorder.lost(ev, live, best);
        }
    }
    Ok(Winners { lives: kept, priority: best })
}

/// The definitions in the order that `mkOrder` asks for.
pub(super) fn sorted(ev: &Evaluator, mut lives: Lives, recorder: &mut Recorder) -> Res<Lives> {
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
            // A user's own definition may have brought a place in the order with it.
            if let (None, Some(set)) = (live.order, live.set)
                && let Some(own) = get(ev, set, sym!("priority"))
            {
                live.order = Some(ev.mem.share(own)?);
            }
        }
        sort(ev, &mut lives)?;
    }
    for live in &lives {
        recorder.won(ev, live);
    }
    Ok(lives)
}

fn sort(ev: &Evaluator, lives: &mut Lives) -> Res<()> {
    let default = ev.mem.int(DEFAULT_ORDER)?;
    // Places are computed when they are compared: that of a single definition is not.
    let keys: Vec<_> = lives.iter().map(|live| slot(live.order.unwrap_or(default))).collect();
    // The sort moves words: the numbers of the definitions.
    let numbers = (0..lives.len()).filter_map(|i| Value::small_int(i as i64)).collect();
    let key = |number: Value| &keys[number.as_small_int() as usize];
    let sorted = merge_sort(numbers, &mut |a, b| ev.less_than(key(a), key(b), Pos::NONE, ""))?;
    *lives = sorted.into_iter().map(|number| lives[number.as_small_int() as usize]).collect();
    Ok(())
}
