//! Code that is cached between runs: what it consists of, and how it is mapped.

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

/// Files are filled up to multiples of this.
const PAGE: usize = 4096;

/// Code from earlier runs, and what this run adds to it.
pub(super) struct CachedCode {
    pub(super) version: u64,
    pub(super) contents: Arc<Contents>,
    /// The code of texts that were lowered in this run, and what these will probably import.
    pub(super) added: RefCell<Vec<(Entry, Box<Literals>)>>,
    /// What this run has read.
    pub(super) reads: ReadLog,
    /// How far the heap was filled with cached code at the start.
    pub(super) start: Zones,
    pub(super) damaged: Cell<bool>,
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
pub fn cached_files(contents: &[u8]) -> Option<Vec<(u64, usize)>> {
    let (segments, symbols) = Contents::peek_files(contents)?;
    let sound = segments.iter().all(|s| s.image.is_sound());
    let segments = segments.iter().map(|s| (s.id, s.image.file_len()));
    let symbols = (symbols.id, symbols.table_len().next_multiple_of(PAGE));
    sound.then(|| segments.chain([symbols]).collect())
}

impl CachedCode {
    /// Nothing is cached yet, or what is cached is `damaged`.
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

    /// A heap with the cached code, if the files are what the table says.
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

    /// First position that cached code does not use.
    pub(super) fn next_pos(&self) -> u32 {
        self.contents.next_pos
    }
}
