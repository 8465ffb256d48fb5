//! A thread that prefaults memory just before it is used.
//!
//! The kernel zeroes each page when it is first touched. For a large evaluation that is a fifth of the time. A
//! thread that touches the pages slightly ahead moves this work to another core.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};

use super::mapping::Pages;

/// Bytes to prefault at a time: a huge page.
pub(super) const STEP: usize = 2 << 20;
/// Bytes to keep prefaulted ahead of use.
const AHEAD: usize = 2 * STEP;

/// The thread that touches pages.
pub(super) struct Warmer {
    pages: Pages,
    shared: Arc<Shared>,
    thread: RefCell<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    /// The first byte that is not in use yet.
    used: AtomicUsize,
    end: AtomicBool,
}

impl Warmer {
    /// Starts the thread; `None` if there is no other core for it.
    pub(super) fn start(pages: Pages) -> Option<Warmer> {
        if thread::available_parallelism().map_or(1, |n| n.get()) < 2 {
            return None;
        }
        let warmer = Warmer { pages, shared: Arc::default(), thread: RefCell::default() };
        warmer.resume().then_some(warmer)
    }

    /// Starts the thread, the first time or after its [end](Warmer::end). Returns whether there is one.
    pub(super) fn resume(&self) -> bool {
        self.shared.end.store(false, Ordering::Relaxed);
        let (shared, pages) = (self.shared.clone(), self.pages);
        let run = move || shared.run(&pages);
        let thread = thread::Builder::new().name("pages".to_owned()).stack_size(64 << 10).spawn(run).ok();
        let has_one = thread.is_some();
        self.thread.replace(thread);
        has_one
    }

    /// Tells the thread how many bytes are in use.
    pub(super) fn used(&self, bytes: usize) {
        self.shared.used.store(bytes, Ordering::Relaxed);
        if let Some(thread) = &*self.thread.borrow() {
            thread.thread().unpark();
        }
    }

    /// Ends the thread.
    pub(super) fn end(&self) {
        self.shared.end.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // If the thread panicked, there is nothing left to do.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn run(&self, pages: &Pages) {
        let mut ready = 0;
        while !self.end.load(Ordering::Relaxed) {
            let used = self.used.load(Ordering::Relaxed).next_multiple_of(STEP);
            ready = ready.max(used);
            if used == 0 || ready >= used + AHEAD {
                thread::park();
            } else if pages.touch(ready, STEP) {
                ready += STEP;
            } else {
                return;
            }
        }
    }
}

impl Drop for Warmer {
    fn drop(&mut self) {
        self.end();
    }
}
