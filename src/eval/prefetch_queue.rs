//! The state of prefetching: what to read next, and what has been read.

use std::collections::VecDeque;
use std::sync::Arc;

use hashbrown::HashMap;

use crate::host::Entries;
use crate::ir::hints::Literals;
use crate::ir::pack::Key;
use crate::source::Lines;
use crate::syntax::ParseError;
use crate::syntax::ast::Ast;

/// A file that has been read, and the facts about its text.
pub(super) struct Parsed {
    pub(super) text: Read,
    pub(super) facts: Facts,
}

/// A text or, once it is parsed, the part of it that is still needed.
pub(super) enum Read {
    Text(Vec<u8>),
    Lines(Lines),
}

/// Facts about a text.
#[derive(Default)]
pub(super) struct Facts {
    /// The key of its code, if code is cached.
    pub(super) key: Option<Key>,
    /// Its tree, unless its code is cached.
    pub(super) ast: Option<Result<Ast, ParseError>>,
    /// Its probable imports, if it has been parsed.
    pub(super) imports: Option<Box<Literals>>,
    /// Whether its probable reads are already queued.
    pub(super) expected: bool,
}

#[derive(Default)]
pub(super) struct Queue {
    pub(super) queue: VecDeque<Arc<[u8]>>,
    pub(super) later: VecDeque<Later>,
    pub(super) files: HashMap<Arc<[u8]>, Status>,
    pub(super) folders: HashMap<Arc<[u8]>, Listing>,
    /// Files that are parsed but not taken yet.
    pub(super) waiting: usize,
    /// Idle threads.
    pub(super) idle: usize,
    /// Whether the evaluation waits for a file.
    pub(super) wanted: bool,
    /// Files in the order in which they were begun, starting with number `first`.
    pub(super) begun: VecDeque<Arc<[u8]>>,
    pub(super) first: usize,
    pub(super) end: bool,
}

pub(super) enum Status {
    Queued,
    Begun,
    Done(usize, Box<Parsed>),
    /// A folder that contains a `default.nix`.
    Folder,
    /// Taken by the evaluation, or cannot be prefetched.
    Gone,
}

pub(super) enum Later {
    Read(Arc<[u8]>),
    List(Arc<[u8]>),
}

pub(super) enum Listing {
    Queued,
    Done(Entries),
    /// Taken by the evaluation, or cannot be prefetched.
    Gone,
}

pub(super) enum Work {
    File(usize, Arc<[u8]>),
    Folder(Arc<[u8]>),
}

impl Queue {
    /// The next file to parse, and its number.
    pub(super) fn next_file(&mut self) -> Option<(usize, Arc<[u8]>)> {
        while let Some(path) = self.queue.pop_front() {
            if let Some(Status::Queued) = self.files.get(&path) {
                return Some((self.begin(path.clone()), path));
            }
        }
        None
    }

    /// The next task of a thread.
    pub(super) fn next(&mut self) -> Option<Work> {
        if let Some((number, path)) = self.next_file() {
            return Some(Work::File(number, path));
        }
        while let Some(later) = self.later.pop_front() {
            match later {
                Later::Read(path) if matches!(self.files.get(&path), None | Some(Status::Queued)) => {
                    return Some(Work::File(self.begin(path.clone()), path));
                }
                Later::List(path) if matches!(self.folders.get(&path), Some(Listing::Queued)) => {
                    return Some(Work::Folder(path));
                }
                Later::Read(_) | Later::List(_) => {}
            }
        }
        None
    }

    pub(super) fn begin(&mut self, path: Arc<[u8]>) -> usize {
        let number = self.first + self.begun.len();
        self.files.insert(path.clone(), Status::Begun);
        self.begun.push_back(path);
        number
    }

    /// Discards files begun before file `number` and never taken.
    pub(super) fn forget_before(&mut self, number: usize) {
        while self.first < number
            && let Some(path) = self.begun.pop_front()
        {
            self.first += 1;
            // Files without a tree take hardly any memory.
            if let Some(status) = self.files.get_mut(&path)
                && matches!(status, Status::Done(_, parsed) if parsed.facts.ast.is_some())
            {
                *status = Status::Gone;
                self.waiting -= 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{ParseOptions, parse};

    #[test]
    fn wrong_guesses_are_thrown_away() {
        let mut state = Queue::default();
        let path = |i: usize| -> Arc<[u8]> { i.to_string().into_bytes().into() };
        for i in 0..10 {
            assert_eq!(state.begin(path(i)), i);
            let ast = Some(parse(b"1", "test", ParseOptions::default()));
            let parsed = Parsed { text: Read::Text(Vec::new()), facts: Facts { ast, ..Facts::default() } };
            state.files.insert(path(i), Status::Done(i, Box::new(parsed)));
            state.waiting += 1;
        }
        state.forget_before(7);
        assert_eq!((state.waiting, state.first), (3, 7));
        assert!(
            matches!(state.files[&path(6)], Status::Gone)
                && matches!(state.files[&path(7)], Status::Done(7, _))
        );
        assert_eq!(state.begin(path(10)), 10);
        state.forget_before(100);
        assert_eq!((state.waiting, state.first), (0, 11));
    }
}
