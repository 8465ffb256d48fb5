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
use crate::host::{AtRevision, FilesRead, Host, Recorded};
use crate::options::with_embedded;
use crate::session::code_cache;

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
    let records = records || args.print_files.is_some();
    let answer = move || {
        let mut read = BTreeSet::new();
        let done = evaluate(&console, &args, revision.as_ref(), records.then_some(&mut read), work);
        done.map(|value| (value, read)).map_err(|e| {
            let data = e.data();
            Problem { message: data.message.clone(), help: data.help.clone() }
        })
    };
    let stack = 2 * stack_for_evaluation();
    let thread = std::thread::Builder::new().name("evaluation".to_owned()).stack_size(stack);
    match thread.spawn(answer) {
        Ok(thread) => thread,
        Err(e) => {
            let message = format!("cannot reserve a stack for the evaluation: {e}");
            std::thread::spawn(move || Err(Problem { message, help: None }))
        }
    }
}

fn evaluate<T>(
    console: &Console,
    args: &EvaluatorArgs,
    revision: Option<&Revision>,
    read: Option<&mut BTreeSet<Vec<u8>>>,
    work: impl FnOnce(&Evaluator) -> Res<T>,
) -> Res<T> {
    let settings = modules::settings(console, args, None)?;
    let files = FilesRead::default();
    let host = host(console, revision);
    let host: Box<dyn Host> = match read {
        Some(_) => guarded(with_embedded(Recorded::new(host, files.clone())), &settings),
        None => guarded(with_embedded(host), &settings),
    };
    let (mut ev, keeper) = code_cache::evaluator(host, settings, args.no_cache)
        .map_err(|e| Error::new(ErrorKind::Limit, e.to_string()))?;
    ev.observe();
    modules::install(console, args, &mut ev)?;
    // What several configurations print would come several times, and mixed.
    let done = ev.silently(|| work(&ev));
    keeper.finish(&ev);
    if let Some(read) = read {
        read.append(&mut files.borrow_mut());
    }
    done
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
        Ok(Ok((value, files))) => {
            read.extend(files);
            Ok(value)
        }
        Ok(Err(Problem { message, help })) => {
            let e = Error::new(ErrorKind::Usage, message);
            Err(match help {
                Some(help) => e.help(help),
                None => e,
            })
        }
        // The panic has been reported.
        Err(_) => Err(Error::new(ErrorKind::System, "an evaluation ended with an internal error")),
    }
}
