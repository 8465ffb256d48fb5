//! Evaluators that see nothing outside, on large stacks, for a limited number of calls.

use std::cell::Cell;

use crate::builtins;
use crate::eval::{Evaluator, Res, Settings, Watching};
use crate::heap::stack_for_evaluation;
use crate::host::{Entries, FileType, Host, HostError, Stat};

/// Calls after which an evaluation is given up.
const MOST_CALLS: usize = 5_000;
/// How deep calls may be nested.
const MOST_DEEP: usize = 300;
/// Runs work where it may recurse as deep as in the program, until it is done or gives up.
pub fn on_large_stack(work: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(2 * stack_for_evaluation());
        match thread.spawn_scoped(scope, work).expect("a thread").join() {
            Err(panic) if !panic.is::<Enough>() => std::panic::resume_unwind(panic),
            _ => {}
        }
    })
}

/// The panic of an evaluation that is given up.
struct Enough;

/// An evaluator that sees no files. If `limited`, it gives up after some calls.
pub fn evaluator(limited: bool) -> Res<Box<Evaluator>> {
    let settings = Settings { max_call_depth: MOST_DEEP, ..Settings::default() };
    let mut ev = Evaluator::new(
        Box::new(Nowhere { messages: Cell::new(if limited { 2 * MOST_CALLS } else { 0 }) }),
        settings,
    )?;
    builtins::install(&mut ev)?;
    // Each traced call is two messages.
    ev.watch(&Watching { trace: limited, ..Watching::default() });
    Ok(ev)
}

/// A host without files.
#[derive(Default)]
pub struct Nowhere {
    /// After how many messages the evaluation is given up; 0 for never.
    messages: Cell<usize>,
}

fn absent<T>(path: &[u8]) -> Result<T, HostError> {
    Err(HostError::NotFound(format!("path '{}' does not exist", String::from_utf8_lossy(path))))
}

impl Host for Nowhere {
    fn read_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        absent(path)
    }

    fn file_type(&self, _: &[u8]) -> Result<Option<FileType>, HostError> {
        Ok(None)
    }

    fn read_dir(&self, path: &[u8]) -> Result<Entries, HostError> {
        absent(path)
    }

    fn resolve(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        absent(path)
    }

    fn stat(&self, path: &[u8]) -> Result<Stat, HostError> {
        absent(path)
    }

    fn message(&self, _: &[u8]) {
        let left = self.messages.get();
        self.messages.set(left.saturating_sub(1));
        if left == 1 {
            std::panic::resume_unwind(Box::new(Enough));
        }
    }
}
