//! Prefetching: other cores read and parse files before the evaluation asks for them.
//!
//! As soon as a text is parsed, its probable imports ([`likely_imports`]) are queued. The threads started
//! here take files from the queue, and so does the evaluation while it waits for a file that another thread
//! has just begun.
//!
//! For a text whose code is cached, the cache knows what earlier runs read ([`Hint`]). Reads that no text
//! announces, of files and of folders, go into a second queue, which is served only when the first one is
//! empty.

use std::cell::RefCell;
use std::num::NonZero;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::prefetch_queue::{Facts, Later, Listing, Parsed, Queue, Read, Status, Work};
use crate::heap::stack_for_a_text;
use crate::host::{Entries, FileType, Reader, shown};
use crate::ir::hints::{Hint, Hints, Literals, hints, literals};
use crate::ir::pack::{Contents, key};
use crate::source::Lines;
use crate::syntax::{ParseOptions, likely_imports, normalise, parse};

/// The threads, and what they share with the evaluation.
pub(super) struct Prefetch {
    shared: Arc<Shared>,
    threads: RefCell<Vec<JoinHandle<()>>>,
}

struct Shared {
    state: Mutex<Queue>,
    /// Signals that work was queued, a finished file was taken, or it is time to stop.
    work: Condvar,
    /// Signals that a file is done.
    done: Condvar,
    reader: Reader,
    options: ParseOptions,
    /// The cached code, if it may be used.
    cached: Option<Arc<Contents>>,
}

/// The maximum number of parsed files that wait to be taken.
const MAX_WAITING: usize = 64;
/// When a file is taken, those begun this many files earlier are discarded: the guess was wrong.
const STALE_AFTER: usize = 32;
/// More threads would only wait for each other.
const MAX_THREADS: usize = 4;
/// Stack of a thread, in addition to what parsing a text may use.
const STACK: usize = 16 << 20;

impl Prefetch {
    /// Starts the threads; none on a single core.
    pub(super) fn start(reader: Reader, options: ParseOptions, cached: Option<Arc<Contents>>) -> Prefetch {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            work: Condvar::new(),
            done: Condvar::new(),
            reader,
            options,
            cached,
        });
        let threads = RefCell::new(threads(&shared));
        Prefetch { shared, threads }
    }

    /// Queues the files that a text will probably import.
    pub(super) fn expect(&self, folder: &[u8], imports: &Literals) {
        if !self.threads.borrow().is_empty() {
            self.shared.expect(folder, imports);
        }
    }

    /// Queues what a text with cached code will probably make the evaluation read.
    pub(super) fn expect_hints(&self, folder: &[u8], list: &Hints) {
        if !self.threads.borrow().is_empty() {
            self.shared.expect_hints(folder, list);
        }
    }

    /// The entries of a folder, if it has been listed.
    pub(super) fn take_folder(&self, path: &[u8]) -> Option<Entries> {
        match std::mem::replace(self.shared.lock().folders.get_mut(path)?, Listing::Gone) {
            Listing::Done(entries) => Some(entries),
            Listing::Queued | Listing::Gone => None,
        }
    }

    /// Leaves a path to the evaluation, unless the path itself, or the `default.nix` in it, has been read or
    /// is being read.
    pub(super) fn leave(&self, path: &[u8]) -> bool {
        let mut state = self.shared.lock();
        if !path.ends_with(b".nix")
            && let Some(Status::Begun | Status::Done(..)) =
                state.files.get(&[path, b"/default.nix"].concat()[..])
        {
            return false;
        }
        match state.files.get_mut(path) {
            Some(status @ Status::Queued) => *status = Status::Gone,
            Some(_) => return false,
            None => _ = state.files.insert(path.into(), Status::Gone),
        }
        true
    }

    /// The type of the file at a path, if it is known and the path is not a link.
    pub(super) fn kind(&self, path: &[u8]) -> Option<FileType> {
        match self.shared.lock().files.get(path)? {
            Status::Done(..) => Some(FileType::Regular),
            Status::Folder => Some(FileType::Directory),
            Status::Queued | Status::Begun | Status::Gone => None,
        }
    }

    /// Takes a file that is parsed or being parsed. Waits for the latter.
    pub(super) fn take(&self, file: &[u8]) -> Option<Parsed> {
        let mut state = self.shared.lock();
        loop {
            let status = state.files.get_mut(file)?;
            match std::mem::replace(status, Status::Gone) {
                Status::Done(number, parsed) => {
                    if parsed.facts.ast.is_some() {
                        state.waiting -= 1;
                        state.forget_before(number.saturating_sub(STALE_AFTER));
                        if state.idle > 0 {
                            self.shared.work.notify_one();
                        }
                    }
                    return Some(*parsed);
                }
                Status::Begun => *status = Status::Begun,
                Status::Folder => {
                    *status = Status::Folder;
                    return None;
                }
                // No thread has begun it: the evaluation reads the file itself.
                Status::Queued | Status::Gone => return None,
            }
            state = match state.next_file() {
                Some((number, path)) => {
                    drop(state);
                    self.shared.parse(number, path);
                    self.shared.lock()
                }
                None => {
                    state.wanted = true;
                    let mut state = self.shared.done.wait(state).unwrap_or_else(PoisonError::into_inner);
                    state.wanted = false;
                    state
                }
            };
        }
    }
}

/// Starts threads that take work from the queue.
fn threads(shared: &Arc<Shared>) -> Vec<JoinHandle<()>> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let start = |_| {
        let shared = shared.clone();
        thread::Builder::new()
            .name("prefetch".to_owned())
            .stack_size(STACK + stack_for_a_text())
            .spawn(move || shared.run())
            .ok()
    };
    (1..cores.min(MAX_THREADS + 1)).map_while(start).collect()
}

impl Prefetch {
    /// Starts threads again after [`end`](Prefetch::end).
    pub(super) fn resume(&self) {
        self.shared.lock().end = false;
        *self.threads.borrow_mut() = threads(&self.shared);
    }

    /// Ends the threads. What they have read and parsed can still be taken.
    pub(super) fn end(&self) {
        self.shared.lock().end = true;
        self.shared.work.notify_all();
        for thread in self.threads.take() {
            // The panic of a thread is of no consequence for the evaluation.
            let _ = thread.join();
        }
    }
}

impl Drop for Prefetch {
    fn drop(&mut self) {
        self.end();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        let mut state = self.lock();
        while !state.end {
            let next = if state.waiting < MAX_WAITING { state.next() } else { None };
            state = match next {
                Some(Work::File(number, path)) => {
                    drop(state);
                    self.parse(number, path);
                    self.lock()
                }
                Some(Work::Folder(path)) => {
                    drop(state);
                    self.list(&path);
                    self.lock()
                }
                None => {
                    state.idle += 1;
                    let mut state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
                    state.idle -= 1;
                    state
                }
            };
        }
    }

    /// Parses a file whose status is `Begun`.
    fn parse(&self, number: usize, path: Arc<[u8]>) {
        // Sets a final status on every path out of here, so that the evaluation never waits forever.
        let mut finish = Finish { shared: self, number, path, parsed: None, folder: false };
        let Some((file, text)) = (self.reader.code)(&finish.path) else {
            return;
        };
        if file[..] != finish.path[..] {
            // A folder: the file in it has another path.
            let file: Arc<[u8]> = file.into();
            let mut state = self.lock();
            if state.files.contains_key(&file) {
                return;
            }
            let number = state.begin(file.clone());
            drop(state);
            // The folder itself is done.
            finish.folder = true;
            finish = Finish { shared: self, number, path: file, parsed: None, folder: false };
        }
        let slash = finish.path.iter().rposition(|c| *c == b'/').unwrap_or(0);
        let folder = &finish.path[..slash];
        let mut facts = Facts { key: self.cached.as_ref().map(|_| key(&text)), ..Facts::default() };
        let kept = self.cached.as_ref().zip(facts.key.as_ref());
        let hints = kept.and_then(|(kept, key)| kept.find(key).next().map(|i| kept.hints(&kept.entries[i])));
        let mut read = Read::Lines(Lines::of(&text));
        facts.expected = true;
        if let Some(hints) = hints {
            self.expect_hints(folder, hints);
        } else {
            let origin = shown(&finish.path);
            let ast = parse(&text, &origin, self.options);
            match &ast {
                Ok(ast) => {
                    let imports = likely_imports(ast);
                    self.expect(folder, &imports);
                    facts.imports = Some(imports);
                }
                Err(_) => read = Read::Text(text),
            }
            facts.ast = Some(ast);
        }
        let text = read;
        finish.parsed = Some(Box::new(Parsed { text, facts }));
    }

    /// Lists a folder.
    fn list(&self, path: &Arc<[u8]>) {
        let entries = (self.reader.folder)(path);
        if let (Some(listing @ Listing::Queued), Some(entries)) = (self.lock().folders.get_mut(path), entries)
        {
            *listing = Listing::Done(entries);
        }
    }

    fn expect(&self, folder: &[u8], imports: &Literals) {
        self.expect_paths(folder, literals(imports).map(|literal| (Hint::Right, literal)));
    }

    fn expect_hints(&self, folder: &[u8], list: &Hints) {
        self.expect_paths(folder, hints(list).filter(|(hint, _)| *hint != Hint::Wrong));
    }

    fn expect_paths<'p>(&self, folder: &[u8], paths: impl Iterator<Item = (Hint, &'p [u8])>) {
        let paths: Vec<(Hint, Arc<[u8]>)> = paths
            .map(|(hint, relative)| (hint, normalise(&[folder, b"/", relative].concat()).into()))
            .collect();
        if paths.is_empty() {
            return;
        }
        let mut state = self.lock();
        for (hint, path) in paths {
            match hint {
                Hint::Wrong => {}
                Hint::Right => {
                    if !state.files.contains_key(&path) {
                        state.files.insert(path.clone(), Status::Queued);
                        state.queue.push_back(path);
                    }
                }
                Hint::Read => state.later.push_back(Later::Read(path)),
                Hint::Listed => {
                    state.folders.entry(path.clone()).or_insert(Listing::Queued);
                    state.later.push_back(Later::List(path));
                }
            }
        }
        if state.idle > 0 {
            self.work.notify_all();
        }
    }
}

/// Sets the final status of a file when dropped.
struct Finish<'a> {
    shared: &'a Shared,
    number: usize,
    path: Arc<[u8]>,
    parsed: Option<Box<Parsed>>,
    folder: bool,
}

impl Drop for Finish<'_> {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        let status = match self.parsed.take() {
            Some(parsed) => {
                if parsed.facts.ast.is_some() {
                    state.waiting += 1;
                }
                Status::Done(self.number, parsed)
            }
            None if self.folder => Status::Folder,
            None => Status::Gone,
        };
        state.files.insert(self.path.clone(), status);
        if state.wanted {
            self.shared.done.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader() -> Reader {
        let code = |path: &[u8]| match path {
            b"/a/list.nix" => Some((path.to_vec(), b"[ ./m.nix ./dir ]".to_vec())),
            b"/a/m.nix" => Some((path.to_vec(), b"{ imports = [ ../b.nix ./missing.nix ]; }".to_vec())),
            b"/a/dir" => Some((b"/a/dir/default.nix".to_vec(), b"1".to_vec())),
            b"/b.nix" => Some((path.to_vec(), b"{ a = ; }".to_vec())),
            b"/c.nix" => Some((path.to_vec(), b"2".to_vec())),
            _ => None,
        };
        let folder = |path: &[u8]| (path == b"/a").then(|| vec![(b"list.nix".to_vec(), FileType::Regular)]);
        Reader { code: Arc::new(code), folder: Arc::new(folder) }
    }

    #[test]
    fn what_is_expected_can_be_taken_once() {
        let prefetch = Prefetch::start(reader(), ParseOptions::default(), None);
        prefetch.shared.expect(b"/a", b"./m.nix\0./dir");
        // Works with and without threads: a file that no thread has begun is left to the caller.
        while let Some((number, path)) = { prefetch.shared.lock().next_file() } {
            prefetch.shared.parse(number, path);
        }
        let taken = |path: &str| {
            let parsed = prefetch.take(path.as_bytes())?;
            let len = match parsed.text {
                Read::Text(text) => text.len(),
                Read::Lines(lines) => lines.len(),
            };
            Some((len, parsed.facts.ast.is_some_and(|a| a.is_ok())))
        };
        assert_eq!(taken("/a/m.nix"), Some((41, true)));
        assert_eq!(taken("/a/m.nix"), None);
        assert_eq!(taken("/a/dir"), None);
        assert_eq!(taken("/a/dir/default.nix"), Some((1, true)));
        assert_eq!(taken("/b.nix"), Some((9, false)));
        assert_eq!(taken("/a/missing.nix"), None);
        assert_eq!(taken("/never/seen.nix"), None);
    }

    #[test]
    fn what_earlier_runs_have_read_is_read_after_the_guesses() {
        let shared = Shared {
            state: Mutex::default(),
            work: Condvar::new(),
            done: Condvar::new(),
            reader: reader(),
            options: ParseOptions::default(),
            cached: None,
        };
        shared.expect_hints(b"/a", b"/.\0*../c.nix\0-x.nix\0+m.nix\0/nowhere\0");
        let next = || match { shared.lock().next() }? {
            Work::File(number, path) => {
                shared.parse(number, path.clone());
                Some(String::from_utf8_lossy(&path).into_owned())
            }
            Work::Folder(path) => {
                shared.list(&path);
                Some(format!("{}/", String::from_utf8_lossy(&path)))
            }
        };
        let order: Vec<String> = std::iter::from_fn(next).collect();
        // Parsing a file queues its imports.
        assert_eq!(
            order,
            ["/a/m.nix", "/b.nix", "/a/missing.nix", "/a/", "/c.nix", "/a/nowhere/"]
                .map(str::to_owned)
                .to_vec()
        );
        let prefetch = Prefetch { shared: Arc::new(shared), threads: RefCell::default() };
        assert_eq!(prefetch.take_folder(b"/a"), Some(vec![(b"list.nix".to_vec(), FileType::Regular)]));
        assert_eq!(prefetch.take_folder(b"/a"), None);
        assert_eq!(prefetch.take_folder(b"/a/nowhere"), None);
        assert!(prefetch.take(b"/c.nix").is_some());
    }
}
