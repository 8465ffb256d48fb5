//! Code that is cached between runs: its contents, and how it is mapped into the heap.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::os::fd::AsFd as _;
use std::sync::Arc;

use super::read_log::ReadLog;
use super::settings::Settings;
use crate::heap::{Heap, Mapped, MappedTable, Zones, checksum};
use crate::host::{CodeFiles, Host};
use crate::ir::hints::Literals;
use crate::ir::pack::{Contents, Entry, SymbolFile};

/// File sections are padded to multiples of this.
const PAGE: usize = 4096;

/// Code from earlier runs, and what this run adds to it.
pub(super) struct CachedCode {
    pub(super) version: u64,
    pub(super) contents: Arc<Contents>,
    /// The code of texts lowered in this run, and their probable imports.
    pub(super) added: RefCell<Vec<(Entry, Box<Literals>)>>,
    /// What this run has read.
    pub(super) reads: ReadLog,
    /// The extent of the cached code in the heap at the start.
    pub(super) start: Zones,
    pub(super) damaged: Cell<bool>,
}

/// What to write so that the next run can reuse the code of this one.
pub struct NewCode<'a> {
    /// The new files: the number in each name, and the contents. Each part is padded with zeros to a multiple
    /// of 4096 bytes.
    pub files: [(u64, Vec<Cow<'a, [u8]>>); 2],
    /// The table of contents, which refers to these files.
    pub contents: Vec<u8>,
    /// The state that this one extends; 0 if none.
    pub based_on: u64,
    /// The numbers in the names of all files that the table refers to.
    pub referred: Vec<u64>,
}

/// The version of cached code: it covers this program and the settings that affect parsing and lowering.
pub fn code_version(settings: &Settings, host: &dyn Host) -> u64 {
    let [pure, pipes, home] = [settings.pure, settings.pipe_operators, host.home().is_some()].map(u8::from);
    // Experimental features add built-ins, and code refers to built-ins by number.
    let [low, high] = settings.store_features.bits().to_le_bytes();
    let options = [pure, pipes, home, low, high];
    checksum(&[env!("NIVAL_CODE_VERSION").as_bytes(), &options].concat())
}

/// The files that a table of contents refers to: the numbers in their names, and their lengths. `None` if the
/// table is visibly damaged; a result does not prove that the table is intact.
pub fn cached_files(contents: &[u8]) -> Option<Vec<(u64, usize)>> {
    let (segments, symbols) = Contents::peek_files(contents)?;
    let sound = segments.iter().all(|s| s.image.is_sound());
    let segments = segments.iter().map(|s| (s.id, s.image.file_len()));
    let symbols = (symbols.id, symbols.table_len().next_multiple_of(PAGE));
    sound.then(|| segments.chain([symbols]).collect())
}

impl CachedCode {
    /// An empty cache, because nothing is cached yet or what is cached is `damaged`.
    pub(super) fn new(heap: &Heap, version: u64, damaged: bool) -> CachedCode {
        let contents = Contents { next_pos: 1, ..Contents::default() };
        CachedCode::with(version, contents, heap.first_zones(), damaged)
    }

    fn with(version: u64, contents: Contents, start: Zones, damaged: bool) -> CachedCode {
        CachedCode {
            version,
            contents: Arc::new(contents),
            added: RefCell::default(),
            reads: ReadLog::default(),
            start,
            damaged: Cell::new(damaged),
        }
    }

    /// Maps the cached code into a heap, if the files match the table.
    pub(super) fn open(files: &CodeFiles, version: u64) -> Option<(Heap, CachedCode)> {
        let contents = Contents::decode(&files.contents, version)?;
        let file = |id: u64| files.files.iter().find(|f| f.0 == id).map(|f| f.1.as_fd());
        let mut mapped = Vec::with_capacity(contents.segments.len());
        for segment in &contents.segments {
            mapped.push(Mapped { file: file(segment.id)?, image: segment.image, names: segment.names });
        }
        let SymbolFile { id, slots, used, sum } = contents.symbols;
        let table = MappedTable { file: file(id)?, slots: (slots, used), sum };
        let heap = Heap::with_images(&mapped, &table).ok()?;
        let cached = CachedCode::with(version, contents, heap.zones(), false);
        Some((heap, cached))
    }

    /// The first position that cached code does not use.
    pub(super) fn next_pos(&self) -> u32 {
        self.contents.next_pos
    }
}
