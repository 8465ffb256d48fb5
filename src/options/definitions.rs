//! The definitions of an option and the fate of each: it counts, it loses, or a condition switches it off.
//!
//! nixpkgs forgets all but the winners. Here the definitions are read again, from the values that the evaluation
//! itself uses: no condition or value is computed twice.

use crate::eval::{Error, Evaluator, Res, type_name};
use crate::heap::Slot;
use crate::modules::{DEFAULT_ORDER, DEFAULT_PRIORITY, Prop, Property, Raw, holds, property, props, wrapped};
use crate::native::{attr, get, list, select, shared, text};
use crate::source::Pos;
use crate::value::{Value, slot};

/// A definition of an option, or of an attribute of its value.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The file that defines it, as nixpkgs names it.
    pub file: String,
    /// The attribute that defines it; [`Pos::NONE`] where the set is computed.
    pub pos: Pos,
    /// Where the conditions of `mkIf` around it are, outermost first, up to the first that does not hold. An interpreted
    /// lib knows only its own `mkIf`.
    pub conditions: Vec<Pos>,
    /// The priority: that of `mkOverride`, or 100. The lowest number wins.
    pub priority: i64,
    /// The place among the definitions that count: that of `mkOrder`, or 1000.
    pub order: i64,
    /// Its fate.
    pub fate: Fate,
    /// Whether it is the default of the option's declaration.
    pub is_default: bool,
    /// Its value, without the properties around it; possibly suspended. Not to be forced if it is off.
    pub value: Value,
}

/// The fate of a definition.
#[derive(Debug, Clone)]
pub enum Fate {
    /// It is part of the value.
    Wins,
    /// Another definition has this priority, which is better.
    Lost(i64),
    /// The last of its conditions does not hold.
    Off,
    /// Its condition, priority or value cannot be evaluated.
    Failed(Error),
}

/// Determines the fates of an option's default and its other definitions. The result has those that count
/// first, in the order in which they are merged, then the others in the order in which they were given.
pub fn classify(ev: &Evaluator, default: Option<Raw>, raws: &[Raw]) -> Vec<Definition> {
    let mut all = Vec::new();
    if let Some(default) = default {
        read(ev, &default, true, &mut all);
    }
    for raw in raws {
        read(ev, raw, false, &mut all);
    }
    let best = all.iter().filter(|d| matches!(d.fate, Fate::Wins)).map(|d| d.priority).min();
    for definition in &mut all {
        if let (Fate::Wins, Some(best)) = (&definition.fate, best)
            && definition.priority > best
        {
            definition.fate = Fate::Lost(best);
        }
        if matches!(definition.fate, Fate::Wins)
            && let Err(e) = take_order(ev, definition)
        {
            definition.fate = Fate::Failed(e);
        }
    }
    all.sort_by_key(|d| match d.fate {
        Fate::Wins => (0, d.order),
        Fate::Lost(_) => (1, 0),
        Fate::Off => (2, 0),
        Fate::Failed(_) => (3, 0),
    });
    all
}

/// Reads a definition with the properties around it; `mkMerge` makes several of it.
fn read(ev: &Evaluator, raw: &Raw, is_default: bool, all: &mut Vec<Definition>) {
    let mut definition = Definition {
        file: ev.force(&slot(raw.file)).map_or(String::new(), |file| text(ev, file)),
        pos: raw.pos,
        conditions: Vec::new(),
        priority: DEFAULT_PRIORITY,
        order: DEFAULT_ORDER,
        fate: Fate::Wins,
        is_default,
        value: raw.value,
    };
    if let Err(e) = properties_around(ev, raw, &mut definition, all) {
        definition.fate = Fate::Failed(e);
        all.push(definition);
    }
}

fn properties_around(
    ev: &Evaluator,
    raw: &Raw,
    definition: &mut Definition,
    all: &mut Vec<Definition>,
) -> Res<()> {
    let around = props(ev, raw.props)?;
    for (i, prop) in around.iter().enumerate() {
        match *prop {
            Prop::If(condition, pos) => {
                definition.conditions.push(pos);
                if !holds(ev, &slot(condition))? {
                    all.push(Definition { fate: Fate::Off, ..definition.clone() });
                    return Ok(());
                }
            }
            // As in nixpkgs, properties inside a priority are left alone.
            Prop::Override(priority, _) => {
                definition.value = wrapped(ev, raw.value, &around[i + 1..])?;
                definition.priority = number(ev, &slot(priority), "priority")?;
                all.push(definition.clone());
                return Ok(());
            }
        }
    }
    discharge(ev, ev.force_value(raw.value)?, definition, all)
}

/// Takes `mkMerge` and `mkIf` off a forced value (`dischargeProperties`).
fn discharge(ev: &Evaluator, value: Value, around: &Definition, all: &mut Vec<Definition>) -> Res<()> {
    let _depth = ev.enter(Pos::NONE)?;
    match property(ev, value)? {
        Property::Merge => {
            let contents = list(ev, attr(ev, value, sym!("contents"))?)?;
            for content in ev.mem.items(contents) {
                let done = ev.force(content).and_then(|content| discharge(ev, content, around, all));
                if let Err(e) = done {
                    all.push(Definition { fate: Fate::Failed(e), ..around.clone() });
                }
            }
            Ok(())
        }
        Property::If => {
            let condition = attr(ev, value, sym!("condition"))?;
            let pos = ev.mem.get_entry(value, sym!("condition")).map_or(Pos::NONE, |entry| entry.pos);
            let mut inside = around.clone();
            inside.conditions.push(pos);
            if !holds(ev, condition)? {
                inside.fate = Fate::Off;
                all.push(inside);
                return Ok(());
            }
            discharge(ev, select(ev, value, sym!("content"))?, &inside, all)
        }
        _ => {
            let mut one = Definition { value, ..around.clone() };
            if let Err(e) = properties_inside(ev, value, &mut one) {
                one.fate = Fate::Failed(e);
            }
            all.push(one);
            Ok(())
        }
    }
}

/// Takes `mkDefinition` and `mkOverride` off a forced value.
fn properties_inside(ev: &Evaluator, value: Value, definition: &mut Definition) -> Res<()> {
    let mut inner = value;
    if property(ev, inner)? == Property::Definition {
        definition.file = text(ev, select(ev, inner, sym!("file"))?);
        definition.value = shared(ev, inner, sym!("value"))?;
        inner = select(ev, inner, sym!("value"))?;
    }
    if property(ev, inner)? == Property::Override {
        let priority = get(ev, inner, sym!("priority"));
        definition.priority = priority.map_or(Ok(DEFAULT_PRIORITY), |p| number(ev, p, "priority"))?;
        definition.value = shared(ev, inner, sym!("content"))?;
    }
    Ok(())
}

/// Takes `mkOrder` off the value of a definition that counts.
fn take_order(ev: &Evaluator, definition: &mut Definition) -> Res<()> {
    let value = ev.force_value(definition.value)?;
    definition.value = value;
    if property(ev, value)? == Property::Order {
        let order = get(ev, value, sym!("priority"));
        definition.order = order.map_or(Ok(DEFAULT_ORDER), |order| number(ev, order, "order"))?;
        definition.value = shared(ev, value, sym!("content"))?;
    }
    Ok(())
}

fn number(ev: &Evaluator, given: &Slot, what: &str) -> Res<i64> {
    let v = ev.force(given)?;
    ev.mem.as_int(v).ok_or_else(|| {
        Error::type_error(format!("the {what} of a definition is {} instead of an integer", type_name(ev, v)))
    })
}
