//! The part of the heap that can be cached: writes names and lowered code to files, and maps them again.

use std::os::fd::BorrowedFd;

use super::Heap;
use super::checksum::checksum;
use super::mapping::{FilePart, HeapFull, PAGE};
use super::references::{CODE, CodeRef, NAMES, TABLE};

/// Units of 16 bytes in a page.
const UNITS: usize = PAGE / 16;

/// How far the cached zones are filled: the first unused units of the names and of the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zones {
    /// The first unused unit of the names.
    pub names: u32,
    /// The first unused unit of the code.
    pub code: u32,
}

/// The contents of one file: the pages of the names, then those of the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Image {
    /// The first unit of each zone in the file, at the start of a page.
    pub from: Zones,
    /// The first unit of each zone after the file's contents.
    pub to: Zones,
}

/// A file to map.
pub struct Mapped<'a> {
    /// The file, which must not change from now on.
    pub file: BorrowedFd<'a>,
    /// Its contents.
    pub image: Image,
    /// [`checksum`] of the names.
    pub names: u64,
}

/// A file with a table of symbols to map.
pub struct MappedTable<'a> {
    /// The file, which must not change from now on.
    pub file: BorrowedFd<'a>,
    /// The number of slots of the table, and how many of them are in use.
    pub slots: (u32, u32),
    /// [`checksum`] of the table.
    pub sum: u64,
}

impl Image {
    fn pages(from: u32, to: u32) -> usize {
        ((to - from) as usize).div_ceil(UNITS) * PAGE
    }

    /// The file's length in bytes.
    pub fn file_len(&self) -> usize {
        Image::pages(self.from.names, self.to.names) + Image::pages(self.from.code, self.to.code)
    }

    /// Whether the numbers are consistent.
    pub fn is_sound(&self) -> bool {
        self.from.names <= self.to.names && self.from.code <= self.to.code
    }
}

impl Heap {
    /// Makes a heap from the names and code in files and the table of symbols that belongs to them. Fails if
    /// the files are damaged or cannot be mapped to the offsets they were made for.
    pub fn with_images(files: &[Mapped<'_>], table: &MappedTable<'_>) -> Result<Heap, HeapFull> {
        let heap = Heap::bare()?;
        for Mapped { file, image, names } in files {
            let Image { from, to } = image;
            let names_len = Image::pages(from.names, to.names);
            let code_len = Image::pages(from.code, to.code);
            let units = |from: u32, to: u32| (to - from) as usize;
            let part = |offset, len| FilePart { file: *file, offset, len };
            let at = heap.code.map(NAMES, &part(0, names_len), units(from.names, to.names))?;
            let code = heap.code.map(CODE, &part(names_len, code_len), units(from.code, to.code))?;
            if (at, code) != (from.names as usize, from.code as usize)
                || checksum(heap.code.bytes(at, to.names as usize)) != *names
            {
                return Err(HeapFull);
            }
        }
        let (slots, used) = table.slots;
        let len = slots as usize * 8;
        let part = FilePart { file: table.file, offset: 0, len: len.next_multiple_of(PAGE) };
        let at = heap.code.map(TABLE, &part, len / 16)?;
        let sound = slots.is_power_of_two() && slots >= 2 && used < slots;
        if !sound || checksum(heap.code.bytes(at, at + len / 16)) != table.sum {
            return Err(HeapFull);
        }
        heap.symbols.restore(at as CodeRef, slots, used);
        match heap.find_fixed() {
            true => Ok(heap),
            false => Err(HeapFull),
        }
    }

    /// How far the cached zones are filled.
    pub fn zones(&self) -> Zones {
        Zones { names: self.code.zone(NAMES).1 as u32, code: self.code.zone(CODE).1 as u32 }
    }

    /// The first units of the cached zones: where a complete file starts.
    pub fn first_zones(&self) -> Zones {
        Zones { names: 0, code: self.code.zone(CODE).0 as u32 }
    }

    /// The bytes of an image's file, in two parts. The caller pads each with zeros to whole pages of 4 KiB.
    pub fn image(&self, image: &Image) -> [&[u8]; 2] {
        let Image { from, to } = image;
        [
            self.code.bytes(from.names as usize, to.names as usize),
            self.code.bytes(from.code as usize, to.code as usize),
        ]
    }

    /// The bytes of code between two references, for its [`checksum`]; empty if the range is not valid.
    pub fn code_bytes(&self, from: CodeRef, to: CodeRef) -> &[u8] {
        let (start, top) = self.code.zone(CODE);
        let (from, to) = (from as usize, to as usize);
        if start <= from && from <= to && to <= top { self.code.bytes(from, to) } else { &[] }
    }

    /// The table of symbols to store with the images: its slots as bytes for a file, and how many of them are in
    /// use.
    pub fn symbol_table(&self) -> (Vec<u8>, u32) {
        self.symbols.to_table(&self.code)
    }
}
