//! Reuses the cached code of a text, and caches code that was just lowered.

use std::borrow::Cow;

use super::Evaluator;
use super::code_cache::{CachedCode, NewCode};
use super::read_log::Code;
use crate::heap::{Image, Sym, Zones, checksum};
use crate::ir::Lowered;
use crate::ir::hints::{Hint, Hints, Literals, hints, literals};
use crate::ir::pack::{Contents, Entry, Key, Segment, SymbolFile};
use crate::source::{Lines, NewSource, Reread, Source, Text};

/// When this many code files exist, the next one replaces them all.
const MAX_SEGMENTS: usize = 8;
/// Names interned at run time are cached as well, but they may exceed the size of the code only by this much.
const SPARE_NAMES: usize = 4 << 20;

impl Evaluator {
    /// The cached code of a text and its hints, unless another file with the same contents already uses that
    /// code.
    pub(super) fn cached_code(
        &self,
        new: &NewSource,
        key: &Key,
        reread: Option<&Reread>,
    ) -> Option<(Lowered, &Hints)> {
        let cached = self.code_cache.as_ref()?;
        for i in cached.contents.find(key) {
            let e = &cached.contents.entries[i];
            if e.len as usize != new.text.len() || checksum(self.mem.heap.code_bytes(e.from, e.to)) != e.sum {
                cached.damaged.set(true);
                return None;
            }
            let mut new = new.clone();
            if let (Text::Held(bytes), Some(reread)) = (&new.text, reread) {
                new.text = Text::Known(Lines::of(bytes), reread.clone());
            }
            if let Some(source) = self.sources.add_at(e.base, new) {
                cached.reads.note_code(&source, Code::Cached(i));
                for name in self.mem.heap.code(e.names, e.names_len as usize) {
                    self.mem.heap.symbols.meet(Sym(*name));
                }
                return Some((Lowered { code: e.code, frame: e.frame }, cached.contents.hints(e)));
            }
        }
        None
    }

    /// Records code that was just lowered, and the names in it. `from` is the extent of the heap before
    /// lowering.
    pub(super) fn cache_code(
        &self,
        source: &Source,
        key: Key,
        (lowered, names): (Lowered, &[Sym]),
        from: Zones,
        imports: Box<Literals>,
    ) {
        let Some(cached) = &self.code_cache else {
            return;
        };
        let units: Vec<u32> = names.iter().map(|name| name.0).collect();
        // If even the names do not fit, the heap is practically full.
        let Ok(names) = self.mem.heap.push_code(&units) else {
            return;
        };
        let to = self.mem.heap.zones();
        let entry = Entry {
            key,
            code: lowered.code,
            frame: lowered.frame,
            base: source.base(),
            len: source.len() as u32,
            from: from.code,
            to: to.code,
            sum: checksum(self.mem.heap.code_bytes(from.code, to.code)),
            names,
            names_len: units.len() as u32,
            hints: 0,
            hints_len: 0,
        };
        let mut added = cached.added.borrow_mut();
        cached.reads.note_code(source, Code::Added(added.len()));
        added.push((entry, imports));
    }

    /// What to write so that the next run can reuse the code lowered in this one; `None` if there is nothing
    /// to write or it is not worthwhile. `id` generates unique numbers.
    pub fn new_code(&self, mut id: impl FnMut() -> u64) -> Option<NewCode<'_>> {
        let cached = self.code_cache.as_ref()?;
        let added = cached.added.borrow();
        let to = self.mem.heap.zones();
        let size = |from: u32, to: u32| (to - from) as usize * 16;
        let names = size(cached.start.names, to.names);
        // Nothing is added to a damaged cache.
        if cached.damaged.get() || added.is_empty() || names > size(cached.start.code, to.code) + SPARE_NAMES
        {
            return None;
        }
        let mut contents = Contents::clone(&cached.contents);
        let mut from = cached.start;
        if contents.segments.len() >= MAX_SEGMENTS {
            from = self.mem.heap.first_zones();
            contents.segments.clear();
        }
        let image = Image { from, to };
        let parts = self.mem.heap.image(&image);
        let segment = Segment { id: id(), image, names: checksum(parts[0]) };
        contents.segments.push(segment);
        contents.id = id();
        contents.next_pos = self.sources.next_pos();
        let (table, used) = self.mem.heap.symbol_table();
        contents.symbols =
            SymbolFile { id: id(), slots: (table.len() / 8) as u32, used, sum: checksum(&table) };
        self.add_entries(cached, &added, &mut contents);
        let code = (segment.id, parts.map(Cow::Borrowed).to_vec());
        let symbols = (contents.symbols.id, vec![Cow::Owned(table)]);
        Some(NewCode {
            files: [code, symbols],
            contents: contents.encode(cached.version),
            based_on: cached.contents.id,
            referred: contents.segments.iter().map(|s| s.id).chain([contents.symbols.id]).collect(),
        })
    }

    /// Adds the code of new texts to the table, and updates the hints of all texts.
    fn add_entries(&self, cached: &CachedCode, added: &[(Entry, Box<Literals>)], contents: &mut Contents) {
        let before = |i: usize| cached.contents.hints(&cached.contents.entries[i]);
        let known = |code: Code| match code {
            Code::Cached(i) => hints(before(i)).collect(),
            Code::Added(i) => literals(&added[i].1).map(|literal| (Hint::Wrong, literal)).collect(),
        };
        let lists = cached.reads.hints(known, &self.loaded_files.resolved.borrow());
        contents.hints.clear();
        for (i, entry) in std::mem::take(&mut contents.entries).iter().enumerate() {
            contents.add(*entry, lists.get(&Code::Cached(i)).map_or(before(i), |list| list));
        }
        for (i, (entry, _)) in added.iter().enumerate() {
            contents.add(*entry, lists.get(&Code::Added(i)).map_or(&[], |list| list));
        }
        contents.sort();
    }

    /// Whether cached code turned out to be damaged and was not used.
    pub fn cached_code_is_damaged(&self) -> bool {
        self.code_cache.as_ref().is_some_and(|k| k.damaged.get())
    }
}
