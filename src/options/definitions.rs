//! The definitions of an option and the fate of each: it counts, it loses, or a condition switches it off.
//!
//! nixpkgs forgets all but the winners. Here the definitions are read again, from the values that the evaluation
//! itself uses: no condition or value is computed twice.

use std::rc::Rc;

use super::trail::{Step, Trail};
use crate::eval::{Error, Evaluator, ReadSet, Res, type_name};
use crate::heap::{Slot, Sym};
use crate::modules::{DEFAULT_ORDER, DEFAULT_PRIORITY, Prop, Property, Raw, holds, property, props, wrapped};
use crate::native::{attr, get, list, select, share, shared, text};
use crate::source::Pos;
use crate::value::{Value, slot};

/// A definition of an option, or of an attribute of its value.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The file that defines it, as nixpkgs names it.
    pub file: String,
    /// The attribute that defines it; [`Pos::NONE`] where the set is computed.
    pub pos: Pos,
    /// The way to it from the attribute.
    pub trail: Trail,
    /// Its number among those given; `None` for the option's default.
    pub number: Option<usize>,
    /// If it defines the option by an older name, the old options, the nearest one first. Then the attribute and the way are
    /// those of the last one's definition.
    pub through: Vec<Rc<[Sym]>>,
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
    /// The options that were read on the way to it, and to its beginning; not those that conditions read.
    pub reads: ReadSet,
}

impl Definition {
    /// The same, one step further into the value.
    pub(super) fn inside(&self, step: Step) -> Definition {
        let mut inside = self.clone();
        inside.trail.inside.push(step);
        inside
    }

    /// Forces a value on the way to its own.
    fn force(&mut self, ev: &Evaluator, given: &Slot) -> Res<Value> {
        let (value, reads) = ev.read_set_in(|| ev.force(given));
        self.reads = ev.union(self.reads, reads);
        value
    }
}

/// What becomes of a definition.
#[derive(Debug, Clone)]
pub enum Fate {
    /// It is part of the value.
    Wins,
    /// Another definition has this priority, which is better.
    Lost(i64),
    /// A condition does not hold.
    Off,
    /// Its condition, priority or value cannot be evaluated.
    Failed(Error),
}

/// Determines the fates of an option's default and its other definitions. The result has those that count
/// first, in the order in which they are merged, then the others in the order in which they were given.
pub fn classify(ev: &Evaluator, default: Option<Raw>, raws: &[Raw]) -> Vec<Definition> {
    let mut all = Vec::new();
    if let Some(default) = default {
        read(ev, &default, None, &mut all);
    }
    for (number, raw) in raws.iter().enumerate() {
        read(ev, raw, Some(number), &mut all);
    }
    settle(ev, &mut all);
    all.sort_by_key(|d| match d.fate {
        Fate::Wins => (0, d.order),
        Fate::Lost(_) => (1, 0),
        Fate::Off => (2, 0),
        Fate::Failed(_) => (3, 0),
    });
    all
}

/// What becomes of the attributes of definitions that count: for each of them, by its number in `whole`, what it gives to
/// the attribute. The best priority wins among all.
pub fn classify_attribute(ev: &Evaluator, whole: &[Definition], name: Sym) -> Vec<(usize, Definition)> {
    let (mut owners, mut all) = (Vec::new(), Vec::new());
    for (number, definition) in whole.iter().enumerate() {
        if let Ok(Some(part)) = part(ev, definition, name) {
            read(ev, &part, Some(number), &mut all);
            owners.resize(all.len(), number);
        }
    }
    settle(ev, &mut all);
    owners.into_iter().zip(all).collect()
}

/// What becomes of the definitions of an attribute of a value, from those of the value that count. Where the attribute is
/// computed, they are where those of the value are.
pub fn parts(
    ev: &Evaluator,
    whole: &[Definition],
    name: Sym,
    is_computed: impl Fn(Pos) -> bool,
) -> Res<Vec<Definition>> {
    let (mut raws, mut wholes) = (Vec::new(), Vec::new());
    for definition in whole {
        if let Some(part) = part(ev, definition, name)? {
            let is_computed = is_computed(part.pos);
            wholes.push((definition, is_computed));
            raws.push(Raw { pos: if is_computed { definition.pos } else { part.pos }, ..part });
        }
    }
    let mut all = classify(ev, None, &raws);
    for part in &mut all {
        if let Some((whole, true)) = part.number.map(|number| wholes[number])
            && !whole.through.is_empty()
        {
            part.through.clone_from(&whole.through);
            part.trail = whole.trail.clone();
        }
    }
    Ok(all)
}

/// What a definition that counts gives to an attribute.
fn part(ev: &Evaluator, definition: &Definition, name: Sym) -> Res<Option<Raw>> {
    if !matches!(definition.fate, Fate::Wins) {
        return Ok(None);
    }
    let Ok(set) = ev.force_value(definition.value) else {
        return Ok(None);
    };
    let Some(entry) = set.is_attrs().then(|| ev.mem.get_entry(set, name)).flatten() else {
        return Ok(None);
    };
    let file = ev.mem.str(&definition.file)?;
    let value = share(ev, entry.slot)?;
    Ok(Some(Raw { file, value, props: Value::EMPTY_LIST, pos: entry.pos }))
}

/// Lets the best priority win.
fn settle(ev: &Evaluator, all: &mut [Definition]) {
    let best = all.iter().filter(|d| matches!(d.fate, Fate::Wins)).map(|d| d.priority).min();
    for definition in all {
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
}

/// Reads a definition with the properties around it; `mkMerge` makes several of it.
fn read(ev: &Evaluator, raw: &Raw, number: Option<usize>, all: &mut Vec<Definition>) {
    let mut definition = Definition {
        file: ev.force(&slot(raw.file)).map_or(String::new(), |file| text(ev, file)),
        pos: raw.pos,
        trail: Trail::default(),
        priority: DEFAULT_PRIORITY,
        order: DEFAULT_ORDER,
        fate: Fate::Wins,
        is_default: number.is_none(),
        number,
        through: Vec::new(),
        value: raw.value,
        reads: ReadSet::EMPTY,
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
    definition.trail.around = around.iter().filter(|prop| matches!(prop, Prop::If(..))).count();
    let mut conditions = 0;
    for (i, prop) in around.iter().enumerate() {
        match *prop {
            Prop::If(condition, pos) => {
                if !holds(ev, &slot(condition))? {
                    let mut off = Definition { fate: Fate::Off, ..definition.clone() };
                    (off.trail.off, off.trail.condition) = (Some(conditions), pos);
                    all.push(off);
                    return Ok(());
                }
                conditions += 1;
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
    discharge(ev, &slot(raw.value), definition.clone(), all)
}

/// Takes `mkMerge` and `mkIf` off a value (`dischargeProperties`).
fn discharge(ev: &Evaluator, given: &Slot, mut around: Definition, all: &mut Vec<Definition>) -> Res<()> {
    let _depth = ev.enter(Pos::NONE)?;
    let value = around.force(ev, given)?;
    match property(ev, value)? {
        Property::Merge => {
            let contents = list(ev, attr(ev, value, sym!("contents"))?)?;
            for (i, content) in ev.mem.items(contents).iter().enumerate() {
                let part = around.inside(Step::Part(i));
                if let Err(e) = discharge(ev, content, part.clone(), all) {
                    all.push(Definition { fate: Fate::Failed(e), ..part });
                }
            }
            Ok(())
        }
        Property::If => {
            let condition = attr(ev, value, sym!("condition"))?;
            let pos = ev.mem.get_entry(value, sym!("condition")).map_or(Pos::NONE, |entry| entry.pos);
            let mut inside = around.inside(Step::Condition);
            if !holds(ev, condition)? {
                (inside.fate, inside.trail.condition) = (Fate::Off, pos);
                all.push(inside);
                return Ok(());
            }
            discharge(ev, attr(ev, value, sym!("content"))?, inside, all)
        }
        _ => {
            let mut one = Definition { value, ..around };
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
        inner = definition.force(ev, attr(ev, inner, sym!("value"))?)?;
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
    let value = definition.force(ev, &slot(definition.value))?;
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
