//! What became of every definition: recorded only on request.
//!
//! nixpkgs forgets the definitions that do not count. Here each merge notes all of them, under the option's path, with
//! the place in the source where each was written.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use hashbrown::HashMap;

use super::live::Live;
use super::properties::{DEFAULT_ORDER, DEFAULT_PRIORITY};
use super::raw::Raw;
use crate::eval::Evaluator;
use crate::heap::Sym;
use crate::native::text;
use crate::source::Pos;
use crate::value::{Value, slot};

/// What became of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is part of the option's value.
    Won,
    /// Another one has a better priority: the number.
    Lost(i64),
    /// A condition of `mkIf` does not hold; where it was written, if that is known.
    Off(Pos),
}

/// A definition of an option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The module's file, as nixpkgs names it.
    pub file: String,
    /// The attribute that defines it; [`Pos::NONE`] for an option's default and where positions are lost (`mapAttrs`).
    pub pos: Pos,
    /// The priority: 100, or what `mkOverride` says.
    pub priority: i64,
    /// The place in the order: 1000, or what `mkOrder` says.
    pub order: i64,
    /// What became of it.
    pub fate: Fate,
}

/// An evaluation's number and an option's path in it.
type Place = (i64, Box<[Sym]>);

/// All definitions that were looked at in an evaluation, by option.
#[derive(Default)]
pub struct Provenance {
    on: Cell<bool>,
    evaluations: Cell<i64>,
    options: RefCell<HashMap<Place, Vec<Definition>>>,
}

/// The number under which submodules are kept, whatever evaluation they are in: their paths tell them apart.
const NESTED: i64 = 0;

impl Provenance {
    /// Begins to record; evaluations that began before are not recorded.
    pub fn start(&self) {
        self.on.set(true);
    }

    /// Whether definitions are being recorded.
    pub fn is_on(&self) -> bool {
        self.on.get()
    }

    /// The word that an evaluation carries with it: null, or the number that its options are recorded under.
    pub fn number(&self, nested: bool) -> Value {
        if !self.on.get() {
            return Value::NULL;
        }
        let number = if nested { NESTED } else { self.evaluations.get() + 1 };
        self.evaluations.set(self.evaluations.get().max(number));
        Value::number(number)
    }

    /// The definitions of an option (or of an attribute of one) that has been evaluated, in the order in which they
    /// were looked at. `number` is the evaluation's.
    pub fn definitions(&self, number: i64, path: &[Sym]) -> Vec<Definition> {
        let options = self.options.borrow();
        let find = |number| options.get(&(number, Box::from(path)));
        find(number).or_else(|| find(NESTED)).cloned().unwrap_or_default()
    }
}

/// Notes the definitions of one value; does nothing when nobody asked for it.
#[derive(Default)]
pub struct Recorder {
    to: Option<(Rc<Provenance>, i64, Box<[Sym]>)>,
    found: Vec<Definition>,
}

impl Recorder {
    /// A recorder for the option at `loc` (a forced list) in the evaluation that carries `number`.
    #[inline]
    pub fn new(ev: &Evaluator, number: Value, loc: Value) -> Recorder {
        if number == Value::NULL { Recorder::default() } else { Recorder::on(ev, number, loc) }
    }

    fn on(ev: &Evaluator, number: Value, loc: Value) -> Recorder {
        let names = ev.mem.items(loc).iter();
        let symbol = |n| {
            let name = ev.force(n).ok().filter(|n| n.is_string())?;
            ev.mem.symbol_of(name).ok()
        };
        let path = names.filter_map(symbol).collect();
        let to = Some((ev.extension::<Provenance>(), number.as_small_int(), path));
        Recorder { to, found: Vec::new() }
    }

    /// A definition that a condition switched off.
    pub fn off(&mut self, ev: &Evaluator, raw: &Raw, condition: Pos) {
        self.note(ev, raw.file, raw.pos, [None; 2], Fate::Off(condition));
    }

    /// A definition that another one with priority `best` beat.
    pub fn lost(&mut self, ev: &Evaluator, live: &Live, best: Value) {
        let best = ev.mem.as_int(best).unwrap_or(DEFAULT_PRIORITY);
        self.note(ev, live.file, live.pos, [live.priority, live.order], Fate::Lost(best));
    }

    /// A definition that counts.
    pub fn won(&mut self, ev: &Evaluator, live: &Live) {
        self.note(ev, live.file, live.pos, [live.priority, live.order], Fate::Won);
    }

    fn note(&mut self, ev: &Evaluator, file: Value, pos: Pos, numbers: [Option<Value>; 2], fate: Fate) {
        if self.to.is_none() {
            return;
        }
        let number = |v: Option<Value>, default| {
            v.and_then(|v| ev.force_value(v).ok()).and_then(|v| ev.mem.as_int(v)).unwrap_or(default)
        };
        let file = ev.force(&slot(file)).map_or(String::new(), |file| text(ev, file));
        let [priority, order] = numbers;
        let (priority, order) = (number(priority, DEFAULT_PRIORITY), number(order, DEFAULT_ORDER));
        self.found.push(Definition { file, pos, priority, order, fate });
    }

    /// Keeps what was noted. Winners are noted later than the others; either replaces only its own kind.
    pub fn finish(self) {
        let Some((provenance, number, path)) = self.to else {
            return;
        };
        let mut options = provenance.options.borrow_mut();
        let known = options.entry((number, path)).or_default();
        let won = |d: &Definition| d.fate == Fate::Won;
        let winners = self.found.iter().any(won);
        known.retain(|d| won(d) != winners);
        known.extend(self.found);
    }
}
