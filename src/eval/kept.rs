//! Code that is kept between runs: what was lowered once is mapped, and found by the bytes of its text.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::os::fd::AsFd as _;
use std::rc::Rc;
use std::sync::Arc;

use super::{Evaluator, Settings};
use crate::heap::{Heap, Image, Mapped, MappedTable, Sym, Zones, checksum};
use crate::host::{CodeFiles, Host};
use crate::ir::Lowered;
use crate::ir::hints::{Hint, Hints, Literals, hints, literals, push_hint, relative};
use crate::ir::pack::{Contents, Entry, Key, Segment, SymbolFile};
use crate::source::{Lines, NewSource, Origin, Reread, Source, Text};
use crate::syntax::normalise;

/// Files are filled up to multiples of this.
const PAGE: usize = 4096;
/// With this many files of code the next one takes the place of all of them.
const MAX_SEGMENTS: usize = 8;
/// Names that are interned at run time are kept, too; but not more of them than this beyond the size of the code.
const SPARE_NAMES: usize = 4 << 20;
/// More paths than this are not remembered for one text.
const MAX_HINTS: usize = 1 << 14;
/// Folders that are listed after so many steps are not remembered: the same ones may be listed for ever.
const MAX_STEPS: usize = 1 << 16;

/// Code from earlier runs, and what this run adds to it.
pub(super) struct Kept {
    version: u64,
    pub(super) contents: Arc<Contents>,
    /// The code of texts that were lowered in this run, and what these will probably import.
    added: RefCell<Vec<(Entry, Box<Literals>)>>,
    /// What was read, in that order.
    steps: RefCell<Vec<Step>>,
    /// How far the heap was filled with kept code at the start.
    start: Zones,
    damaged: Cell<bool>,
}

enum Step {
    /// A file with its folder; its code was kept already, or is added.
    File { file: Rc<[u8]>, folder: Rc<[u8]>, code: Code },
    /// A folder was listed.
    Folder(Rc<[u8]>),
}

/// Code of a text, by its number.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Code {
    Kept(usize),
    Added(usize),
}

/// What is to be written so that the next run has the code of this one.
pub struct NewCode<'a> {
    /// The new files: their parts of the names, and what is in them, of which each part is filled up with zeros to a
    /// multiple of 4096 bytes.
    pub files: [(u64, Vec<Cow<'a, [u8]>>); 2],
    /// The table of contents, which refers to these files.
    pub contents: Vec<u8>,
    /// The state that the new one was made from; 0 if it was made from nothing.
    pub based_on: u64,
    /// Parts of the names of all files that the table refers to.
    pub referred: Vec<u64>,
}

/// The version of lowered code: that of this program, and of what it is to take for code.
pub fn code_version(settings: &Settings, host: &dyn Host) -> u64 {
    let [pure, pipes, home] = [settings.pure, settings.pipe_operators, host.home().is_some()].map(u8::from);
    // Experimental features bring built-ins, and built-ins are known to the code by number.
    let [low, high] = settings.store_features.bits().to_le_bytes();
    let options = [pure, pipes, home, low, high];
    checksum(&[env!("NIVAL_CODE_VERSION").as_bytes(), &options].concat())
}

/// The files that a table of contents refers to: parts of their names, and their lengths. `None` if the table is
/// damaged; that there is one does not mean that it is not.
pub fn kept_files(contents: &[u8]) -> Option<Vec<(u64, usize)>> {
    let (segments, symbols) = Contents::peek_files(contents)?;
    let sound = segments.iter().all(|s| s.image.is_sound());
    let segments = segments.iter().map(|s| (s.id, s.image.file_len()));
    let symbols = (symbols.id, symbols.table_len().next_multiple_of(PAGE));
    sound.then(|| segments.chain([symbols]).collect())
}

impl Kept {
    /// Nothing is kept yet, or what is kept is `damaged`.
    pub(super) fn new(heap: &Heap, version: u64, damaged: bool) -> Kept {
        let contents = Contents { next_pos: 1, ..Contents::default() };
        Kept::with(version, contents, heap.first_zones(), damaged)
    }

    fn with(version: u64, contents: Contents, start: Zones, damaged: bool) -> Kept {
        Kept {
            version,
            contents: Arc::new(contents),
            added: RefCell::default(),
            steps: RefCell::default(),
            start,
            damaged: Cell::new(damaged),
        }
    }

    /// A heap with the kept code, if the files are what the table says.
    pub(super) fn open(kept: &CodeFiles, version: u64) -> Option<(Heap, Kept)> {
        let contents = Contents::decode(&kept.contents, version)?;
        let file = |id: u64| kept.files.iter().find(|f| f.0 == id).map(|f| f.1.as_fd());
        let mut mapped = Vec::with_capacity(contents.segments.len());
        for segment in &contents.segments {
            mapped.push(Mapped { file: file(segment.id)?, image: segment.image, names: segment.names });
        }
        let SymbolFile { id, slots, used, sum } = contents.symbols;
        let table = MappedTable { file: file(id)?, slots: (slots, used), sum };
        let heap = Heap::with_images(&mapped, &table).ok()?;
        let kept = Kept::with(version, contents, heap.zones(), false);
        Some((heap, kept))
    }

    fn note(&self, source: &Source, code: Code) {
        if let Origin::File(file) = &source.origin {
            let (file, folder) = (file.clone(), source.folder.clone());
            self.steps.borrow_mut().push(Step::File { file, folder, code });
        }
    }

    /// First position that kept code does not use.
    pub(super) fn next_pos(&self) -> u32 {
        self.contents.next_pos
    }
}

impl Evaluator {
    /// The kept code of a text, if there is some that no other file of the same contents uses already; and what the text
    /// will probably make the evaluation read.
    pub(super) fn kept_code(
        &self,
        new: &NewSource,
        key: &Key,
        reread: Option<&Reread>,
    ) -> Option<(Lowered, &Hints)> {
        let kept = self.kept.as_ref()?;
        for i in kept.contents.find(key) {
            let e = &kept.contents.entries[i];
            if e.len as usize != new.text.len() || checksum(self.mem.heap.code_bytes(e.from, e.to)) != e.sum {
                kept.damaged.set(true);
                return None;
            }
            let mut new = new.clone();
            if let (Text::Held(bytes), Some(reread)) = (&new.text, reread) {
                new.text = Text::Known(Lines::of(bytes), reread.clone());
            }
            if let Some(source) = self.sources.add_at(e.base, new) {
                kept.note(&source, Code::Kept(i));
                for name in self.mem.heap.code(e.names, e.names_len as usize) {
                    self.mem.heap.symbols.meet(Sym(*name));
                }
                return Some((Lowered { code: e.code, frame: e.frame }, kept.contents.hints(e)));
            }
        }
        None
    }

    /// Remembers code that was just lowered, and the names in it; `from` is how far the heap was filled before.
    pub(super) fn keep_code(
        &self,
        source: &Source,
        key: Key,
        (lowered, names): (Lowered, &[Sym]),
        from: Zones,
        imports: Box<Literals>,
    ) {
        let Some(kept) = &self.kept else {
            return;
        };
        let units: Vec<u32> = names.iter().map(|name| name.0).collect();
        // Without room for them there soon is none for anything.
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
        let mut added = kept.added.borrow_mut();
        kept.note(source, Code::Added(added.len()));
        added.push((entry, imports));
    }

    /// Remembers that a folder was listed.
    pub(super) fn note_folder(&self, path: &[u8]) {
        if let Some(kept) = &self.kept {
            let mut steps = kept.steps.borrow_mut();
            if steps.len() < MAX_STEPS {
                steps.push(Step::Folder(Rc::from(path)));
            }
        }
    }

    /// What is to be written so that the next run need not lower again what this one lowered; `None` if that is
    /// nothing, or would not be worth it. `id` gives numbers that nobody else uses.
    pub fn new_code(&self, mut id: impl FnMut() -> u64) -> Option<NewCode<'_>> {
        let kept = self.kept.as_ref()?;
        let added = kept.added.borrow();
        let to = self.mem.heap.zones();
        let size = |from: u32, to: u32| (to - from) as usize * 16;
        let names = size(kept.start.names, to.names);
        // What is wrong with damaged code nobody knows; nothing is to be added to it.
        if kept.damaged.get() || added.is_empty() || names > size(kept.start.code, to.code) + SPARE_NAMES {
            return None;
        }
        let mut contents = Contents::clone(&kept.contents);
        let mut from = kept.start;
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
        self.add_entries(kept, &added, &mut contents);
        let code = (segment.id, parts.map(Cow::Borrowed).to_vec());
        let symbols = (contents.symbols.id, vec![Cow::Owned(table)]);
        Some(NewCode {
            files: [code, symbols],
            contents: contents.encode(kept.version),
            based_on: kept.contents.id,
            referred: contents.segments.iter().map(|s| s.id).chain([contents.symbols.id]).collect(),
        })
    }

    /// Adds the code of texts to the table, and to all texts what they made the evaluation read.
    fn add_entries(&self, kept: &Kept, added: &[(Entry, Box<Literals>)], contents: &mut Contents) {
        let resolved = self.files.resolved.borrow();
        let steps = kept.steps.borrow();
        let mut foreseen: HashSet<&[u8]> = HashSet::new();
        let mut lists: HashMap<Code, Vec<u8>> = HashMap::new();
        for step in steps.iter() {
            let Step::File { folder, code, .. } = step else {
                continue;
            };
            let known: Vec<(Hint, &[u8])> = match *code {
                Code::Kept(i) => hints(kept.contents.hints(&kept.contents.entries[i])).collect(),
                Code::Added(i) => literals(&added[i].1).map(|literal| (Hint::Wrong, literal)).collect(),
            };
            let list = lists.entry(*code).or_default();
            for (mut hint, path) in known {
                if matches!(hint, Hint::Wrong | Hint::Right)
                    && let Some(file) = resolved.get(&normalise(&[folder, &b"/"[..], path].concat())[..])
                {
                    foreseen.insert(file);
                    hint = Hint::Right;
                }
                push_hint(list, hint, path);
            }
        }
        // The first text is told of all the rest.
        if let Some((at, Step::File { folder, code, .. })) =
            steps.iter().enumerate().find(|(_, step)| matches!(step, Step::File { .. }))
        {
            let list = lists.entry(*code).or_default();
            let mut known: HashSet<(Hint, Vec<u8>)> = hints(list).map(|(h, p)| (h, p.to_vec())).collect();
            for step in &steps[at + 1..] {
                let (hint, path) = match step {
                    Step::File { file, .. } if foreseen.contains(&file[..]) => continue,
                    Step::File { file, .. } => (Hint::Read, file),
                    Step::Folder(path) => (Hint::Listed, path),
                };
                let path = relative(folder, path);
                if known.len() < MAX_HINTS && known.insert((hint, path.clone())) {
                    push_hint(list, hint, &path);
                }
            }
        }
        contents.hints.clear();
        for (i, entry) in std::mem::take(&mut contents.entries).iter().enumerate() {
            let known = kept.contents.hints(&kept.contents.entries[i]);
            contents.add(*entry, lists.get(&Code::Kept(i)).map_or(known, |list| list));
        }
        for (i, (entry, _)) in added.iter().enumerate() {
            contents.add(*entry, lists.get(&Code::Added(i)).map_or(&[], |list| list));
        }
        contents.sort();
    }

    /// Whether kept code turned out to be damaged; it was not used then.
    pub fn kept_code_is_damaged(&self) -> bool {
        self.kept.as_ref().is_some_and(|k| k.damaged.get())
    }
}
