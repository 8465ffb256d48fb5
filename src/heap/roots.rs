//! The collector's roots outside the heap: all words of the process's other memory that may be references.
//!
//! Native code keeps values wherever Rust code keeps data: on the stack, in vectors, in hash maps. All of that is
//! read through `/proc/self/mem`, and whatever looks like a reference is treated as one.
#![allow(clippy::disallowed_methods, reason = "this is about the process's own memory, not the outside")]

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;

use super::mapping::PAGE;

/// Bytes to read at a time.
const CHUNK: usize = 256 << 10;

/// The process's memory, as files.
pub(super) struct ProcessMemory {
    bytes: File,
    /// A word for each page that says whether the page is present.
    pages: File,
}

impl ProcessMemory {
    /// Opens the files. Fails where they do not exist or cannot be read.
    pub(super) fn open() -> io::Result<ProcessMemory> {
        Ok(ProcessMemory { bytes: File::open("/proc/self/mem")?, pages: File::open("/proc/self/pagemap")? })
    }

    /// Passes to `visit` all words of the process's private writable memory except those in `except`.
    pub(super) fn words(&self, except: &[Range<usize>], visit: &mut dyn FnMut(&[u64])) -> io::Result<()> {
        for mapping in writable()? {
            self.without(mapping, except, visit)?;
        }
        Ok(())
    }

    fn without(
        &self,
        range: Range<usize>,
        except: &[Range<usize>],
        visit: &mut dyn FnMut(&[u64]),
    ) -> io::Result<()> {
        if range.is_empty() {
            return Ok(());
        }
        match except.split_first() {
            Some((hole, rest)) => {
                let before = range.start..range.end.min(hole.start);
                let behind = range.start.max(hole.end)..range.end;
                self.without(before, rest, visit)?;
                self.without(behind, rest, visit)
            }
            None => self.present(range, visit),
        }
    }

    /// Visits the pages of a range that are present.
    fn present(&self, range: Range<usize>, visit: &mut dyn FnMut(&[u64])) -> io::Result<()> {
        const ENTRY: usize = 8;
        /// The page is in memory, or swapped out.
        const THERE: u64 = 3 << 62;
        let mut entries = vec![0; CHUNK / ENTRY * ENTRY];
        let (mut page, end) = (range.start / PAGE, range.end.div_ceil(PAGE));
        while page < end {
            let n = (end - page).min(entries.len() / ENTRY);
            let entries = &mut entries[..n * ENTRY];
            self.pages.read_exact_at(entries, (page * ENTRY) as u64)?;
            let there = |i: usize| entries[i * ENTRY + ENTRY - 1] as u64 & (THERE >> 56) != 0;
            let mut i = 0;
            while i < n {
                let from = i;
                while i < n && there(i) {
                    i += 1;
                }
                let start = ((page + from) * PAGE).max(range.start);
                let stop = ((page + i) * PAGE).min(range.end);
                if start < stop {
                    self.range(start..stop, visit)?;
                }
                i += 1;
            }
            page += n;
        }
        Ok(())
    }

    /// Passes the words of a range to `visit`, from the first whole word on.
    pub(super) fn range(&self, range: Range<usize>, visit: &mut dyn FnMut(&[u64])) -> io::Result<()> {
        const WORD: usize = 8;
        let mut at = range.start.next_multiple_of(WORD);
        let mut bytes = vec![0; CHUNK.min(range.end.saturating_sub(at))];
        let mut words = Vec::with_capacity(bytes.len() / WORD);
        while at < range.end {
            let n = (range.end - at).min(bytes.len());
            match self.bytes.read_exact_at(&mut bytes[..n], at as u64) {
                Ok(()) => {}
                Err(e) if e.raw_os_error() != Some(libc::EIO) => return Err(e),
                // Another thread has unmapped memory in the meantime: a page that is gone holds no references.
                Err(_) => {
                    let behind = (at + n).min((at + 1).next_multiple_of(PAGE));
                    if behind < at + n {
                        self.range(behind..at + n, visit)?;
                        self.range(at..behind, visit)?;
                    }
                    at += n;
                    continue;
                }
            }
            words.clear();
            words.extend(
                bytes[..n].chunks_exact(WORD).map(|word| word.try_into().map_or(0, u64::from_ne_bytes)),
            );
            visit(&words);
            at += n;
        }
        // These buffers are part of the memory that is searched.
        bytes.fill(0);
        words.fill(0);
        Ok(())
    }
}

/// The address ranges of private, writable mappings.
fn writable() -> io::Result<Vec<Range<usize>>> {
    let maps = std::fs::read_to_string("/proc/self/maps")?;
    let range = |line: &str| {
        let (addresses, rest) = line.split_once(' ')?;
        let (start, end) = addresses.split_once('-')?;
        let parse = |text| usize::from_str_radix(text, 16).ok();
        rest.starts_with("rw-p").then_some(parse(start)?..parse(end)?)
    };
    Ok(maps.lines().filter_map(range).collect())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn words_on_the_stack_and_in_vectors_are_found() {
        let memory = ProcessMemory::open().expect("a process has memory");
        let secret = std::hint::black_box(0x5ee7_0000_1234_5671u64);
        let boxed = Box::new(secret + 1);
        let count = |wanted: u64, except: &[Range<usize>]| {
            let mut found = 0;
            let mut look = |words: &[u64]| found += words.iter().filter(|w| **w == wanted).count();
            memory.words(except, &mut look).expect("memory can be read");
            found
        };
        let place = (&raw const *boxed) as usize;
        let with = count(secret + 1, &[]);
        assert!(with > 0);
        assert!(count(secret + 1, std::slice::from_ref(&(place..place + 8))) < with);
    }
}
