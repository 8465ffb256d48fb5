//! The table of contents of the code cache: the file and place of each text's code.
//!
//! All numbers are 32-bit little-endian words. The code itself is in the files of the segments, in the form
//! it has in the heap (`Image`).

use std::ops::Range;

use super::hints::Hints;
use crate::heap::{CodeRef, Image, Zones, checksum};

/// The key of a text: a hash of its bytes.
pub type Key = [u32; 4];

/// Computes the key of a text.
pub fn key(text: &[u8]) -> Key {
    let hash = blake3::hash(text);
    let mut words = hash.as_bytes().chunks_exact(4).map(|w| w.try_into().map_or(0, u32::from_le_bytes));
    std::array::from_fn(|_| words.next().unwrap_or(0))
}

/// The cached code of one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The key of the text.
    pub key: Key,
    /// Its expression.
    pub code: CodeRef,
    /// The size of the frame that the expression needs.
    pub frame: u32,
    /// First position of its range.
    pub base: u32,
    /// Length of the text in bytes.
    pub len: u32,
    /// First unit of its code.
    pub from: CodeRef,
    /// First unit after it.
    pub to: CodeRef,
    /// The `checksum` of its code.
    pub sum: u64,
    /// Its names, in the order in which [`lower`](super::lower()) returns them.
    pub names: CodeRef,
    /// The number of names.
    pub names_len: u32,
    /// First byte of its [`Hints`] among [`Contents::hints`].
    pub hints: u32,
    /// The length of its hints in bytes.
    pub hints_len: u32,
}

/// A file of names and code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Part of the file's name.
    pub id: u64,
    /// The contents of the file.
    pub image: Image,
    /// The `checksum` of its names.
    pub names: u64,
}

/// The file of the symbol table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SymbolFile {
    /// Part of the file's name.
    pub id: u64,
    /// Slots of the table.
    pub slots: u32,
    /// The number of slots in use.
    pub used: u32,
    /// The `checksum` of the file.
    pub sum: u64,
}

impl SymbolFile {
    /// The size of the table in bytes. The file is padded to whole pages.
    pub fn table_len(&self) -> usize {
        self.slots as usize * 8
    }
}

/// The contents of the code cache.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// Identifies this state of the cache.
    pub id: u64,
    /// The files, in the order in which they are mapped.
    pub segments: Vec<Segment>,
    /// First position that no text uses.
    pub next_pos: u32,
    /// The table of symbols.
    pub symbols: SymbolFile,
    /// The texts' code, sorted by key.
    pub entries: Vec<Entry>,
    /// The texts' [`Hints`].
    pub hints: Vec<u8>,
}

const MAGIC: [u32; 2] = [u32::from_le_bytes(*b"niva"), u32::from_le_bytes(*b"lpk4")];
/// Words of the fixed part: magic, checksum, version, id, then four counts, then the file of symbols.
const HEADER: usize = 18;
const SEGMENT: usize = 8;
const ENTRY: usize = 16;

fn halves(n: u64) -> [u32; 2] {
    [n as u32, (n >> 32) as u32]
}

fn whole(halves: &[u32]) -> u64 {
    u64::from(halves[0]) | u64::from(halves[1]) << 32
}

impl Contents {
    /// Encodes the table for programs whose code has this `version`.
    pub fn encode(&self, version: u64) -> Vec<u8> {
        let mut words = Vec::with_capacity(HEADER + ENTRY * self.entries.len());
        words.extend(MAGIC);
        words.extend([0; 2]);
        words.extend(halves(version));
        words.extend(halves(self.id));
        words.extend([
            self.segments.len() as u32,
            self.next_pos,
            self.entries.len() as u32,
            self.hints.len() as u32,
        ]);
        let SymbolFile { id, slots, used, sum } = self.symbols;
        words.extend(halves(id));
        words.extend([slots, used]);
        words.extend(halves(sum));
        for Segment { id, image: Image { from, to }, names } in &self.segments {
            words.extend(halves(*id));
            words.extend([from.names, from.code, to.names, to.code]);
            words.extend(halves(*names));
        }
        for e in &self.entries {
            words.extend(e.key);
            words.extend([e.code, e.frame, e.base, e.len, e.from, e.to]);
            words.extend(halves(e.sum));
            words.extend([e.names, e.names_len, e.hints, e.hints_len]);
        }
        let mut bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
        bytes.extend_from_slice(&self.hints);
        let sum = checksum(&bytes[16..]);
        bytes[8..16].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// Decodes a table; `None` if it is damaged or of another program.
    pub fn decode(bytes: &[u8], version: u64) -> Option<Contents> {
        let mut rest = bytes;
        let mut take = |n: usize| -> Option<Vec<u32>> {
            let (taken, behind) = rest.split_at_checked(n.checked_mul(4)?)?;
            rest = behind;
            Some(words(taken))
        };
        let header = take(HEADER)?;
        if header[..2] != MAGIC
            || whole(&header[4..6]) != version
            || whole(&header[2..4]) != checksum(&bytes[16..])
        {
            return None;
        }
        let count = |i: usize, words: usize| (header[i] as usize).checked_mul(words);
        let segments = take(count(8, SEGMENT)?)?.chunks_exact(SEGMENT).map(segment).collect();
        let entries = take(count(10, ENTRY)?)?.chunks_exact(ENTRY).map(entry).collect();
        let id = whole(&header[6..8]);
        let symbols = symbol_file(&header);
        let hints = rest.get(..header[11] as usize)?.to_vec();
        Some(Contents { id, segments, next_pos: header[9], symbols, entries, hints })
    }

    /// The files that a table refers to, without reading the rest of it.
    pub fn peek_files(bytes: &[u8]) -> Option<(Vec<Segment>, SymbolFile)> {
        let (header, rest) = bytes.split_at_checked(HEADER * 4)?;
        let header = words(header);
        let segments = rest.get(..(header[8] as usize).checked_mul(SEGMENT * 4)?)?;
        Some((words(segments).chunks_exact(SEGMENT).map(segment).collect(), symbol_file(&header)))
    }

    /// The id of a table, without reading the rest of it.
    pub fn peek_id(bytes: &[u8]) -> Option<u64> {
        bytes.get(24..32).and_then(|b| b.try_into().ok()).map(u64::from_le_bytes)
    }

    /// The range of the entries with the cached code of a text. A text that is in several files has several.
    pub fn find(&self, key: &Key) -> Range<usize> {
        let start = self.entries.partition_point(|e| e.key < *key);
        let len = self.entries[start..].iter().take_while(|e| e.key == *key).count();
        start..start + len
    }

    /// The files that a text will probably import.
    pub fn hints(&self, entry: &Entry) -> &Hints {
        let from = self.hints.get(entry.hints as usize..).unwrap_or_default();
        from.get(..entry.hints_len as usize).unwrap_or_default()
    }

    /// Adds the code of a text. After the last one, the entries must be [sorted](Self::sort).
    pub fn add(&mut self, entry: Entry, hints: &Hints) {
        let start = self.hints.len() as u32;
        self.hints.extend_from_slice(hints);
        self.entries.push(Entry { hints: start, hints_len: hints.len() as u32, ..entry });
    }

    /// Sorts the entries.
    pub fn sort(&mut self) {
        self.entries.sort_by_key(|e| e.key);
    }
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]])).collect()
}

fn symbol_file(header: &[u32]) -> SymbolFile {
    SymbolFile { id: whole(&header[12..]), slots: header[14], used: header[15], sum: whole(&header[16..]) }
}

fn segment(w: &[u32]) -> Segment {
    let from = Zones { names: w[2], code: w[3] };
    let to = Zones { names: w[4], code: w[5] };
    Segment { id: whole(w), image: Image { from, to }, names: whole(&w[6..]) }
}

fn entry(w: &[u32]) -> Entry {
    Entry {
        key: [w[0], w[1], w[2], w[3]],
        code: w[4],
        frame: w[5],
        base: w[6],
        len: w[7],
        from: w[8],
        to: w[9],
        sum: whole(&w[10..]),
        names: w[12],
        names_len: w[13],
        hints: w[14],
        hints_len: w[15],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents() -> Contents {
        let entry = |n: u32| Entry {
            key: [n / 2, 0, 0, 1],
            code: n,
            frame: 2,
            base: 3 * n,
            len: 1,
            from: 5,
            to: 6,
            sum: 1 << 40,
            names: 5,
            names_len: 1,
            hints: 2,
            hints_len: 3,
        };
        let image = Image { from: Zones { names: 0, code: 1 }, to: Zones { names: 2, code: 3 } };
        Contents {
            id: 7 << 33,
            segments: vec![Segment { id: 1 << 63, image, names: 9 }],
            next_pos: 17,
            symbols: SymbolFile { id: 5 << 40, slots: 4, used: 2, sum: 6 << 50 },
            entries: (0..6).map(entry).collect(),
            hints: b"..-./a\0".to_vec(),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = contents().encode(5);
        assert_eq!(Contents::decode(&bytes, 5), Some(contents()));
        assert_eq!(Contents::peek_id(&bytes), Some(7 << 33));
        assert_eq!(Contents::peek_files(&bytes), Some((contents().segments, contents().symbols)));
        assert_eq!(contents().find(&[1, 0, 0, 1]), 2..4);
        assert!(contents().find(&[9, 0, 0, 1]).is_empty());
        let mut more = contents();
        more.add(more.entries[0], b"+./b\0");
        let [first, .., added] = &more.entries[..] else { panic!("there are some") };
        assert_eq!((more.hints(first), more.hints(added)), (&b"-./"[..], &b"+./b\0"[..]));
    }

    #[test]
    fn other_versions_and_damage_are_noticed() {
        let bytes = contents().encode(5);
        assert_eq!(Contents::decode(&bytes, 6), None);
        for len in 0..bytes.len() {
            assert_eq!(Contents::decode(&bytes[..len], 5), None, "{len} bytes");
        }
        for i in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[i] ^= 4;
            // The checks cover the version and the checksum itself.
            assert_eq!(Contents::decode(&damaged, 5), None, "byte {i}");
        }
    }
}
