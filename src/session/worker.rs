//! The thread of a session. Only this thread accesses the evaluator and the words of its values.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use super::code_cache::Keeper;
use super::error::{Error, Result};
use crate::eval::{ErrorKind, Evaluator, Res};
use crate::heap::stack_for_evaluation;
use crate::value;

/// A task for the session's thread.
type Job = Box<dyn FnOnce(&Evaluator, &Held) + Send>;

/// A handle of a session's thread, which ends when the last handle is dropped.
#[derive(Debug, Clone)]
pub(super) struct Worker(Arc<Thread>);

#[derive(Debug)]
struct Thread {
    /// Distinguishes sessions.
    number: u64,
    jobs: Option<Sender<Job>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.jobs = None;
        let thread = self.thread.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        // A job on the thread itself may drop the last value.
        if let Some(thread) = thread.filter(|thread| thread.thread().id() != std::thread::current().id()) {
            // A panic has already been reported to the thread that waited for the job.
            let _ = thread.join();
        }
    }
}

/// The words of the values that users of the library hold, by number.
#[derive(Default)]
pub(super) struct Held {
    words: RefCell<Vec<Option<value::Value>>>,
    free: RefCell<Vec<usize>>,
}

impl Held {
    /// The word with this number.
    pub(super) fn get(&self, number: usize) -> value::Value {
        self.words.borrow().get(number).copied().flatten().unwrap_or(value::Value::NULL)
    }

    /// Holds a word until it is [released](Self::release).
    pub(super) fn hold(&self, word: value::Value) -> usize {
        let mut words = self.words.borrow_mut();
        match self.free.borrow_mut().pop() {
            Some(number) => {
                words[number] = Some(word);
                number
            }
            None => {
                words.push(Some(word));
                words.len() - 1
            }
        }
    }

    pub(super) fn release(&self, number: usize) {
        self.words.borrow_mut()[number] = None;
        self.free.borrow_mut().push(number);
    }
}

impl Worker {
    /// Starts a thread whose evaluator is made by `make`.
    pub(super) fn start(
        make: impl FnOnce() -> Res<(Box<Evaluator>, Keeper)> + Send + 'static,
    ) -> Result<Worker> {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        let (send, jobs) = channel();
        let (made, ready) = channel();
        let work = move || match make() {
            Ok((ev, keeper)) => {
                // Sending fails only if the starting thread has ended.
                let _ = made.send(Ok(()));
                drop(made);
                serve(&ev, &jobs);
                keeper.finish(&ev);
            }
            Err(e) => {
                let _ = made.send(Err(Error::new(e.data().kind, e.data().message.clone())));
            }
        };
        let thread = std::thread::Builder::new()
            .name("nival".to_owned())
            .stack_size(2 * stack_for_evaluation())
            .spawn(work)
            .map_err(|e| {
                Error::new(ErrorKind::Limit, format!("cannot reserve a stack for the evaluation: {e}"))
            })?;
        match ready.recv() {
            Ok(Ok(())) => Ok(Worker(Arc::new(Thread {
                number: NUMBERS.fetch_add(1, Ordering::Relaxed),
                jobs: Some(send),
                thread: Mutex::new(Some(thread)),
            }))),
            Ok(Err(e)) => Err(e),
            Err(_) => Err(ended()),
        }
    }

    /// Whether both belong to the same session.
    pub(super) fn is(&self, other: &Worker) -> bool {
        self.0.number == other.0.number
    }

    /// Runs a job on the session's thread and waits for its result.
    pub(super) fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Evaluator, &Held) -> Res<T> + Send + 'static,
    ) -> Result<T> {
        let (send, receive) = channel();
        self.send(Box::new(move |ev, held| {
            let result = match catch_unwind(AssertUnwindSafe(|| job(ev, held))) {
                Ok(result) => result.map_err(|e| Error::of(ev, &e)),
                Err(_) => Err(Error::new(ErrorKind::Eval, "internal error: this is a fault of nival")),
            };
            // The caller waits for it.
            let _ = send.send(result);
        }));
        receive.recv().unwrap_or_else(|_| Err(ended()))
    }

    /// Releases a value's word asynchronously.
    pub(super) fn release(&self, number: usize) {
        self.send(Box::new(move |_, held| held.release(number)));
    }

    fn send(&self, job: Job) {
        if let Some(jobs) = &self.0.jobs {
            // If the thread has ended, the caller that waits for the job notices.
            let _ = jobs.send(job);
        }
    }
}

fn serve(ev: &Evaluator, jobs: &Receiver<Job>) {
    let held = Held::default();
    for job in jobs {
        job(ev, &held);
    }
}

fn ended() -> Error {
    Error::new(ErrorKind::Eval, "the session has ended")
}
