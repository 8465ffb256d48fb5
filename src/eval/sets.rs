//! Evaluating set literals.

use super::{Error, Evaluator, Res};
use crate::heap::{CodeRef, Ref, Sym};
use crate::ir::code::{self, OUTER};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, put};

impl Evaluator {
    /// `{ a = …; }` without computed names.
    #[inline(never)]
    pub(super) fn attrs(&self, code: CodeRef, unit: &[u32; 4], frame: Ref) -> Res<Value> {
        let n = (unit[0] >> 8) as usize;
        if n == 0 {
            return Ok(Value::EMPTY_SET);
        }
        let (at, slots) = self.mem.alloc(n)?;
        let values = &self.mem.heap.code(code, 4 + n)[4..];
        for (slot, value) in slots.iter().zip(values) {
            put(slot, self.lazy(*value, frame)?);
        }
        if self.counting {
            self.mem.counts.sets.one(n);
            self.count_delayed(values, slots);
        }
        Ok(Value::attrs(unit[1], at))
    }

    /// `rec { … }`: the new frame's slots are the attributes.
    #[inline(never)]
    pub(super) fn rec_set(&self, code: CodeRef, unit: &[u32; 4], frame: Ref) -> Res<Value> {
        let n = (unit[0] >> 8) as usize;
        if n == 0 {
            return Ok(Value::EMPTY_SET);
        }
        if self.counting {
            self.mem.counts.sets.one(n);
        }
        let inner = self.scope(frame, n as u32)?;
        let values = &self.mem.heap.code(code, 4 + n)[4..];
        self.fill(inner + 1, values, frame, inner)?;
        Ok(Value::attrs(unit[1], inner + 1))
    }

    fn fill(&self, at: Ref, values: &[u32], outer: Ref, inner: Ref) -> Res<()> {
        let slots = self.mem.heap.slots(at, values.len());
        for (slot, value) in slots.iter().zip(values) {
            let frame = if value & OUTER != 0 { outer } else { inner };
            put(slot, self.lazy(value & !OUTER, frame)?);
        }
        if self.counting {
            self.count_delayed(values, slots);
        }
        Ok(())
    }

    /// `{ inherit (e) a; … }`: a new frame holds `e` in a hidden slot.
    #[inline(never)]
    pub(super) fn attrs_from(&self, code: CodeRef, unit: &[u32; 4], frame: Ref) -> Res<Value> {
        let n = (unit[0] >> 8) as usize;
        let n_from = unit[3] as usize;
        let units = self.mem.heap.code(code, 4 + n_from + n);
        let (from, values) = units[4..].split_at(n_from);
        if self.counting {
            self.mem.counts.sets.one(n);
        }
        let inner = self.scope(frame, n_from as u32)?;
        self.fill(inner + 1, from, frame, frame)?;
        let (at, _) = self.mem.alloc(n)?;
        self.fill(at, values, frame, inner)?;
        Ok(Value::attrs(unit[1], at))
    }

    /// Sets with computed names, `__overrides`, or `rec` with hidden slots.
    #[inline(never)]
    pub(super) fn attrs_general(&self, code: CodeRef, unit: &[u32; 4], frame: Ref) -> Res<Value> {
        let n = (unit[0] >> 8) as usize;
        let head = self.mem.heap.code(code, 6);
        let (flags, n_from, n_dynamic) = (head[3], head[4] as usize, head[5] as usize);
        let units = &self.mem.heap.code(code, 6 + n_from + n + 3 * n_dynamic)[6..];
        let (from, rest) = units.split_at(n_from);
        let (values, dynamic) = rest.split_at(n);
        if self.counting {
            self.mem.counts.sets.one(n);
        }
        let inner = self.scope(frame, (n + n_from) as u32)?;
        self.fill(inner + 1 + n as u32, from, inner, inner)?;
        let at = if flags & code::FLAG_RECURSIVE != 0 || n == 0 { inner + 1 } else { self.mem.alloc(n)?.0 };
        self.fill(at, values, frame, inner)?;
        if flags & code::FLAG_OVERRIDES != 0 {
            // Every value must see the variables as they are after overriding.
            for (slot, value) in self.mem.heap.slots(at, n).iter().zip(values) {
                if value & OUTER == 0 {
                    put(slot, Value::thunk(*value, inner));
                }
            }
        }
        let mut set = if n == 0 { Value::EMPTY_SET } else { Value::attrs(unit[1], at) };
        if flags & code::FLAG_OVERRIDES != 0 {
            set = self.overrides(set, inner)?;
        }
        if n_dynamic > 0 {
            set = self.dynamic_attrs(set, dynamic, inner)?;
        }
        Ok(set)
    }

    /// `__overrides`: its attributes replace those of the set, also in the set's own expressions.
    fn overrides(&self, set: Value, inner: Ref) -> Res<Value> {
        let doing = "while evaluating the `__overrides` attribute";
        let slot = self.need_attr(set, sym!("__overrides"), doing)?;
        let overrides = self.force_attrs(slot, Pos::NONE, doing)?;
        let names: Vec<Sym> = self.mem.entries(set).iter().map(|e| e.name).collect();
        for entry in self.mem.entries(overrides) {
            if let Ok(i) = names.binary_search(&entry.name) {
                put(self.var(inner, 0, i as u32), self.mem.share(entry.slot)?);
            }
        }
        Ok(self.mem.update(set, overrides)?)
    }

    fn dynamic_attrs(&self, set: Value, dynamic: &[u32], frame: Ref) -> Res<Value> {
        let mut builder = AttrsBuilder::new();
        let mut seen: hashbrown::HashMap<Sym, Pos> = hashbrown::HashMap::new();
        for def in dynamic.chunks_exact(3) {
            let (name, value, pos) = (def[0], def[1], Pos(def[2]));
            let name = crate::value::slot(self.eval(name, frame)?);
            let name = self.force_at(&name, pos)?;
            if name == Value::NULL {
                continue;
            }
            let doing = "while evaluating the name of a dynamic attribute";
            let name = self.force_name(&crate::value::slot(name), pos, doing)?;
            let old = self.mem.get_entry(set, name).map(|e| e.pos).or_else(|| seen.get(&name).copied());
            if let Some(old) = old {
                let text = self.quoted(name);
                let place = self.place_text(old);
                let message = format!("dynamic attribute '{text}' already defined at {place}");
                return Err(Error::eval(message).at(pos));
            }
            seen.insert(name, pos);
            self.name_function(value, name);
            builder.push_at(name, pos, self.counted(self.lazy(value, frame)?));
        }
        let added = self.mem.attrs(builder)?;
        Ok(self.mem.update(set, added)?)
    }

    /// A position as messages show it.
    pub fn shown_place(&self, pos: Pos) -> String {
        match self.sources.place(pos) {
            Some(place) => format!("{}:{}:{}", place.source.shown_name(), place.line, place.column),
            None => "«none»:0".to_owned(),
        }
    }

    /// `file:line:column` of a position, with the path of the file.
    pub fn place_text(&self, pos: Pos) -> String {
        match self.sources.place(pos) {
            Some(place) => format!("{}:{}:{}", place.source.origin_name(), place.line, place.column),
            None => "«none»:0".to_owned(),
        }
    }
}
