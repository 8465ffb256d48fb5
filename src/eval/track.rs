//! Tracking reads of options: see [`Reads`].

use super::reads::{ReadOption, ReadSet, Reads};
use super::{Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::{AttrsBuilder, Tag, Value, peek, put};

/// The attributes of an option that are computed from its definitions.
pub const COMPUTED: [&str; 7] =
    ["value", "highestPrio", "definitions", "files", "definitionsWithLocations", "isDefined", "valueMeta"];

suspended! {
    /// An attribute of an option, and the option's number.
    struct Attribute { inner, option }
}

impl Attribute<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let result = ev.force(self.inner);
        if let Some(reads) = ev.reads.get() {
            let option = ReadOption::of_word(peek(self.option));
            let loc = ev.force_value(reads.loc(option).unwrap_or(Value::EMPTY_LIST))?;
            ev.close(reads, option, loc);
        }
        result
    }
}

/// Where a slot is.
fn address(slot: &Slot) -> usize {
    std::ptr::from_ref(slot).addr()
}

/// The name of an option of the module system itself: the second one of `_module.args`.
fn own_name(ev: &Evaluator, loc: Value) -> Option<&[u8]> {
    let [.., module, name] = ev.mem.items(loc) else {
        return None;
    };
    let text = |slot: &Slot| ev.forced(slot).filter(|v| v.is_string()).map(|v| ev.mem.text(v));
    if text(module)? == b"_module" { text(name) } else { None }
}

impl Evaluator {
    /// Ends the computation of an attribute of an option.
    fn close(&self, reads: &Reads, option: ReadOption, loc: Value) {
        match own_name(self, loc) {
            // The module system reads these for every value.
            Some(b"check" | b"freeformType") => reads.forget(),
            // Who reads a module's argument has read what it was computed from.
            Some(b"args") => {}
            _ => reads.close(option),
        }
    }

    /// Tracks reads from now on, and [observes](Self::observe) evaluations of modules.
    pub fn track_reads(&self) {
        self.observe();
        self.reads.get_or_init(Box::default);
    }

    /// Whether reads are tracked.
    #[inline]
    pub fn is_tracking(&self) -> bool {
        self.reads.get().is_some()
    }

    /// Ends the computation of an attribute of the option at `loc`, which the word `key` identifies.
    pub fn option_computed(&self, key: Value, loc: Value) {
        if let Some(reads) = self.reads.get() {
            self.close(reads, reads.number(key, loc), loc);
        }
    }

    /// Runs `f`, and returns the options that it has read as well.
    pub fn reads_in<T>(&self, f: impl FnOnce() -> T) -> (T, Vec<ReadOption>) {
        let (result, set) = self.read_set_in(f);
        (result, self.members(set))
    }

    /// Runs `f`, and returns the set of options that it has read as well.
    pub fn read_set_in<T>(&self, f: impl FnOnce() -> T) -> (T, ReadSet) {
        let Some(reads) = self.reads.get() else {
            return (f(), ReadSet::EMPTY);
        };
        let around = reads.begin();
        let result = f();
        (result, reads.end(around))
    }

    /// What is in either of two sets of options.
    pub fn union(&self, a: ReadSet, b: ReadSet) -> ReadSet {
        self.reads.get().map_or(ReadSet::EMPTY, |reads| reads.union(a, b))
    }

    /// The members of a set of options.
    pub fn members(&self, set: ReadSet) -> Vec<ReadOption> {
        self.reads.get().map(|reads| reads.members(set)).unwrap_or_default()
    }

    /// Runs `f`, whose reads do not count.
    pub fn without_reads<T>(&self, f: impl FnOnce() -> T) -> T {
        let Some(reads) = self.reads.get() else {
            return f();
        };
        let around = reads.begin();
        let result = f();
        reads.restore(around);
        result
    }

    /// The options that an option's attributes were computed from, as far as they have been.
    pub fn reads_of(&self, option: ReadOption) -> Vec<ReadOption> {
        self.reads.get().map(|reads| reads.members(reads.of(option))).unwrap_or_default()
    }

    /// An option's path: a list of strings.
    pub fn read_path(&self, option: ReadOption) -> Value {
        self.reads.get().and_then(|reads| reads.loc(option)).unwrap_or(Value::EMPTY_LIST)
    }

    /// The result of `evalOptionValue loc opt defs`, with boundaries around the attributes that it has computed.
    pub(super) fn with_boundaries(&self, reads: &Reads, loc: Value, option: Value) -> Res<Value> {
        if !option.is_attrs() {
            return Ok(option);
        }
        let mut bounded = AttrsBuilder::new();
        let number = reads.option(loc).word();
        for name in COMPUTED {
            let name = self.intern(name)?;
            if let Some(entry) = self.mem.get_entry(option, name) {
                let inner = self.mem.share(entry.slot)?;
                bounded.push_at(name, entry.pos, self.delay(Attribute { inner, option: number })?);
            }
        }
        Ok(self.mem.update(option, self.mem.attrs(bounded)?)?)
    }

    /// Notes that native code looks at what a word has been evaluated to, without forcing it.
    #[inline]
    pub(super) fn note_read(&self, v: Value) {
        if self.is_tracking() {
            self.note_tracked(v);
        }
    }

    #[cold]
    fn note_tracked(&self, mut v: Value) {
        while v.tag() == Tag::Forward {
            if let (Some(reads), true) = (self.reads.get(), v.is_read()) {
                let [_, set] = exactly(self.mem.heap.slots(v.at(), 2));
                reads.add(ReadSet::of_word(peek(set)));
            }
            v = peek(self.mem.heap.slot(v.at()));
        }
    }

    /// [`force`](Self::force) for a slot without a value while reads are tracked.
    #[cold]
    #[inline(never)]
    pub(super) fn force_tracked(&self, reads: &Reads, slot: &Slot, v: Value, pos: Pos) -> Res<Value> {
        match v.tag() {
            Tag::Forward if v.is_read() => {
                let [value, set] = exactly(self.mem.heap.slots(v.at(), 2));
                reads.add(ReadSet::of_word(peek(set)));
                match peek(value) {
                    failed if failed.failure().is_some() => self.compute(value, failed, pos),
                    value => Ok(value),
                }
            }
            Tag::Forward => {
                let target = self.mem.heap.slot(v.at());
                let value = self.force_at(target, pos)?;
                if !value.is_list() {
                    put(slot, peek(target));
                }
                Ok(value)
            }
            Tag::Thunk | Tag::Native => {
                let around = reads.begin();
                let result = self.compute(slot, v, pos);
                let set = reads.end(around);
                if reads.has_open() {
                    let home = match peek(slot) {
                        now if now.tag() == Tag::Forward => self.mem.heap.slot(now.at()),
                        _ => slot,
                    };
                    reads.computed([slot, home].map(address), set);
                }
                if set != ReadSet::EMPTY {
                    self.leave_read(slot, set)?;
                }
                result
            }
            _ => {
                if v == Value::HOLE {
                    reads.read_in_progress(address(slot));
                }
                self.compute(slot, v, pos)
            }
        }
    }

    /// Replaces what a computation has left in a slot, or behind it, by a read: its value, or that it has failed.
    fn leave_read(&self, slot: &Slot, set: ReadSet) -> Res<()> {
        let now = peek(slot);
        let home = if now.tag() == Tag::Forward { self.mem.heap.slot(now.at()) } else { slot };
        let (at, cell) = self.mem.alloc(2)?;
        put(&cell[0], peek(home));
        put(&cell[1], set.word());
        put(home, Value::read(at));
        if now.tag() == Tag::Forward && !peek(&cell[0]).is_list() {
            put(slot, Value::read(at));
        }
        Ok(())
    }
}
