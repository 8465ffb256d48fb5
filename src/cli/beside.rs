//! Evaluations on threads of their own, beside others: of the files of this machine, or of those of a revision.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread::JoinHandle;

use super::args::EvaluatorArgs;
use super::console::Console;
use super::flakes::guarded;
use super::modules;
use super::revisions::Revision;
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::heap::stack_for_evaluation;
use crate::host::{AtRevision, FilesRead, Host, Recorded, Touch, Touched};
use crate::options::with_embedded;
use crate::session::code_cache::{self, Keeper};

/// What an evaluation gives, and the files that were read for it.
pub type Answer<T> = Result<(T, BTreeSet<Vec<u8>>), Problem>;

/// Why a configuration cannot be opened: the flags are wrong, a file does not exist.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What is wrong.
    pub message: String,
    /// What can be done.
    pub help: Option<String>,
}

/// Makes an evaluator on a thread of its own, which observes evaluations of modules, and answers a question there. The files
/// that are read are told if the flags say so or `records` does.
pub fn start<T: Send + 'static>(
    console: &Console,
    args: &EvaluatorArgs,
    revision: Option<Revision>,
    records: bool,
    work: impl FnOnce(&Evaluator) -> Res<T> + Send + 'static,
) -> JoinHandle<Answer<T>> {
    let (console, args) = (console.clone(), args.clone());
    let answer = move || {
        let how = How { records, ..How::default() };
        let beside = Beside::begin(&console, &args, revision.as_ref(), how)?;
        let answer = beside.answer(work);
        beside.finish();
        answer
    };
    match on_thread(answer) {
        Ok(thread) => thread,
        Err(problem) => std::thread::spawn(move || Err(problem)),
    }
}

/// Runs `work` on a thread whose stack is large enough for evaluations.
///
/// # Errors
/// When there is no room for the stack.
pub fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<JoinHandle<T>, Problem> {
    let thread = std::thread::Builder::new().name("evaluation".to_owned());
    thread.stack_size(2 * stack_for_evaluation()).spawn(work).map_err(|e| Problem {
        message: format!("cannot reserve a stack for the evaluation: {e}"),
        help: None,
    })
}

/// Receives the questions to the file system.
pub type Note = Box<dyn Fn(Touch)>;

/// What an evaluator beside others is made for.
#[derive(Default)]
pub struct How {
    /// Whether the files that are read are told, whatever the flags say.
    pub records: bool,
    /// Receives the questions to the file system.
    pub note: Option<Note>,
    /// From how many bytes on it collects garbage, if not from the usual size on.
    pub collect_from: Option<usize>,
}

/// An evaluator beside others.
pub struct Beside {
    /// The evaluator.
    pub ev: Box<Evaluator>,
    keeper: Keeper,
    files: FilesRead,
}

impl Beside {
    /// Makes an evaluator, which observes evaluations of modules.
    ///
    /// # Errors
    /// Wrong flags.
    pub fn begin(
        console: &Console,
        args: &EvaluatorArgs,
        revision: Option<&Revision>,
        how: How,
    ) -> Result<Beside, Problem> {
        Beside::made(console, args, revision, how).map_err(|e| problem(&e))
    }

    fn made(console: &Console, args: &EvaluatorArgs, revision: Option<&Revision>, how: How) -> Res<Beside> {
        let mut settings = modules::settings(console, args, None)?;
        settings.collect_from = how.collect_from.or(settings.collect_from);
        let records = how.records || args.print_files.is_some();
        let files = FilesRead::default();
        let own = host(console, revision);
        let host: Box<dyn Host> = match (how.note, records) {
            (None, false) => guarded(with_embedded(own), &settings),
            (None, true) => guarded(with_embedded(Recorded::new(own, files.clone())), &settings),
            (Some(note), false) => guarded(with_embedded(Touched::new(own, note)), &settings),
            (Some(note), true) => {
                guarded(with_embedded(Touched::new(Recorded::new(own, files.clone()), note)), &settings)
            }
        };
        let (mut ev, keeper) = code_cache::evaluator(host, settings, args.no_cache)
            .map_err(|e| Error::new(ErrorKind::Limit, e.to_string()))?;
        ev.observe();
        modules::install(console, args, &mut ev)?;
        Ok(Beside { ev, keeper, files })
    }

    /// Answers a question, with the files that have been read until then. What the evaluation prints is not shown: that of
    /// several configurations would come several times, and mixed.
    ///
    /// # Errors
    /// Those of the answer.
    pub fn answer<T>(&self, work: impl FnOnce(&Evaluator) -> Res<T>) -> Answer<T> {
        let done = self.ev.silently(|| work(&self.ev));
        let value = done.map_err(|e| problem(&e))?;
        Ok((value, self.files.borrow().clone()))
    }

    /// Keeps the code that has been compiled.
    pub fn finish(self) {
        self.keeper.finish(&self.ev);
    }
}

fn problem(e: &Error) -> Problem {
    let data = e.data();
    Problem { message: data.message.clone(), help: data.help.clone() }
}

/// The files of this machine or, if a revision is named, as they are there.
pub fn host(console: &Console, revision: Option<&Revision>) -> Arc<dyn Host> {
    let own = console.host.clone();
    match revision {
        None => Arc::new(own),
        Some(revision) => Arc::new(AtRevision::new(own, revision.files.clone())),
    }
}

/// Waits for an answer. Adds the files that were read for it.
///
/// # Errors
/// The problem, as an error in the usage.
pub fn wait<T>(thread: JoinHandle<Answer<T>>, read: &mut BTreeSet<Vec<u8>>) -> Res<T> {
    match thread.join() {
        Ok(answer) => taken(answer, read),
        // The panic has been reported.
        Err(_) => Err(panicked()),
    }
}

/// Takes an answer. Adds the files that were read for it.
///
/// # Errors
/// The problem, as an error in the usage.
pub fn taken<T>(answer: Answer<T>, read: &mut BTreeSet<Vec<u8>>) -> Res<T> {
    match answer {
        Ok((value, files)) => {
            read.extend(files);
            Ok(value)
        }
        Err(Problem { message, help }) => {
            let e = Error::new(ErrorKind::Usage, message);
            Err(match help {
                Some(help) => e.help(help),
                None => e,
            })
        }
    }
}

/// The error where a thread has ended before it gave an answer.
pub fn panicked() -> Error {
    Error::new(ErrorKind::System, "an evaluation ended with an internal error")
}
