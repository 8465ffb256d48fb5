//! Records the fate of every definition, on request.
//!
//! nixpkgs forgets the definitions that do not count. Here, each merge records all of them under the option's
//! path, with their positions in the source.

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

/// The fate of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is part of the option's value.
    Won,
    /// Another one has a better priority: this number.
    Lost(i64),
    /// A condition of `mkIf` does not hold. The position is the condition's, if known.
    Off(Pos),
}

/// A definition of an option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The module's file, as nixpkgs names it.
    pub file: String,
    /// The attribute that defines it; [`Pos::NONE`] for an option's default, and where positions are lost
    /// (`mapAttrs`).
    pub pos: Pos,
    /// The priority: that of `mkOverride`, or 100.
    pub priority: i64,
    /// The order priority: that of `mkOrder`, or 1000.
    pub order: i64,
    /// Its fate.
    pub fate: Fate,
}

/// An evaluation's number, and an option's path in it.
type Place = (i64, Box<[Sym]>);

/// All definitions that evaluations have seen, by option.
#[derive(Default)]
pub struct Provenance {
    on: Cell<bool>,
    evaluations: Cell<i64>,
    options: RefCell<HashMap<Place, Vec<Definition>>>,
}

/// The number of all submodules, whatever their evaluation: their paths tell them apart.
const NESTED: i64 = 0;

impl Provenance {
    /// Starts to record. Evaluations that started before are not recorded.
    pub fn start(&self) {
        self.on.set(true);
    }

    /// Whether definitions are being recorded.
    pub fn is_on(&self) -> bool {
        self.on.get()
    }

    /// The word that an evaluation carries: null, or the number under which its options are recorded.
    pub fn number(&self, nested: bool) -> Value {
        if !self.on.get() {
            return Value::NULL;
        }
        let number = if nested { NESTED } else { self.evaluations.get() + 1 };
        self.evaluations.set(self.evaluations.get().max(number));
        Value::number(number)
    }

    /// The definitions of an evaluated option (or of an attribute of one), in the order in which they were
    /// seen, in the evaluation with this number.
    pub fn definitions(&self, number: i64, path: &[Sym]) -> Vec<Definition> {
        let options = self.options.borrow();
        let find = |number| options.get(&(number, Box::from(path)));
        find(number).or_else(|| find(NESTED)).cloned().unwrap_or_default()
    }
}

/// Records the definitions of one value, or does nothing if recording is off.
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

    /// Records a definition that a condition switches off.
    pub fn off(&mut self, ev: &Evaluator, raw: &Raw, condition: Pos) {
        self.note(ev, raw.file, raw.pos, [None; 2], Fate::Off(condition));
    }

    /// Records a definition that loses to one with priority `best`.
    pub fn lost(&mut self, ev: &Evaluator, live: &Live, best: Value) {
        let best = ev.mem.as_int(best).unwrap_or(DEFAULT_PRIORITY);
        self.note(ev, live.file, live.pos, [live.priority, live.order], Fate::Lost(best));
    }

    /// Records a definition that counts.
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

    /// Stores the record. Winners are recorded later than the others; each group replaces only its own kind.
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
