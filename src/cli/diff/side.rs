//! One side of a comparison: configurations that are evaluated on a thread of their own.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::sync::Arc;
use std::thread::JoinHandle;

use super::revisions::Revision;
use crate::cli::args::OpenArgs;
use crate::cli::console::Console;
use crate::cli::{asking, modules, opening};
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::heap::stack_for_evaluation;
use crate::host::{AtRevision, FilesRead, Host, Recorded};
use crate::options::compare::{Asked, Details, Fact, Facts, Renames};
use crate::options::{Failure, Opened, Opening, find, with_embedded};
use crate::session::code_cache;

/// A way to a configuration.
#[derive(Clone)]
pub struct Way {
    /// The modules, if it has any.
    pub modules: Vec<OsString>,
    /// The other flags.
    pub open: OpenArgs,
    /// The file among them that is compared with one of another name.
    pub own: Option<OsString>,
    /// The revision that files are read from.
    pub revision: Option<Revision>,
}

/// What a question to a configuration gives, and the files that were read for it.
pub type Answer<T> = Result<(T, BTreeSet<Vec<u8>>), Problem>;

/// Why a configuration cannot be opened: the flags are wrong, a file does not exist.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What is wrong.
    pub message: String,
    /// What can be done.
    pub help: Option<String>,
}

/// The facts about a configuration's options.
pub fn facts(console: &Console, way: &Way, asked: &Asked) -> JoinHandle<Answer<Facts>> {
    let (asked, names) = (asked.clone(), console.clone());
    start(console, way, move |ev, way| {
        let opening = opening::of(&names, ev, &way.modules, &way.open, way.open.root.as_ref())?;
        check(ev, way)?;
        let asked = Asked { renames: renames(ev, &opening, &asked.renames), ..asked };
        let say = |name: &str| names.host.say_progress(name);
        let found = opening.open(ev).and_then(|configuration| -> Res<Vec<Fact>> {
            Opened::new(ev, configuration)?.facts(configuration, &asked, &say)
        });
        let options = match found {
            Ok(facts) => Ok(facts),
            Err(e) if e.data().kind == ErrorKind::Usage => return Err(e),
            Err(e) => {
                let mut failure = Failure::of(ev, &e);
                asked.renames.failure(&mut failure);
                Err(failure)
            }
        };
        Ok(Facts { options, own: own(ev, way, &asked.renames)? })
    })
}

/// What there is to say about options that differ. Of a configuration that cannot be evaluated, nothing.
pub fn details(
    console: &Console,
    way: &Way,
    paths: Vec<Vec<String>>,
    given: &Renames,
) -> JoinHandle<Answer<Details>> {
    let (names, given) = (console.clone(), given.clone());
    start(console, way, move |ev, way| {
        ev.track_reads();
        let opening = opening::of(&names, ev, &way.modules, &way.open, way.open.root.as_ref())?;
        let renames = renames(ev, &opening, &given);
        let opened = opening.open(ev).and_then(|configuration| Opened::new(ev, configuration));
        let mut details = match opened {
            Ok(opened) => opened.details(&paths, &renames)?,
            Err(e) => {
                ev.caught(&e);
                Details { folders: renames.places.clone(), ..Details::default() }
            }
        };
        details.own = own(ev, way, &renames)?;
        Ok(details)
    })
}

/// The file that is compared with one of another name.
fn own(ev: &Evaluator, way: &Way, renames: &Renames) -> Res<Option<String>> {
    let file = |own: &OsString| Ok(renames.place(&String::from_utf8_lossy(&find(ev, own)?)));
    way.own.as_ref().map(file).transpose()
}

/// Checks that the files exist which the flags name.
fn check(ev: &Evaluator, way: &Way) -> Res<()> {
    for name in way.modules.iter().chain(&way.open.files) {
        let path = find(ev, name)?;
        if ev.host.resolve(&path).is_err() {
            let at = way.revision.as_ref().map(|it| format!(" at '{}'", it.name)).unwrap_or_default();
            let message = format!("'{}' does not exist{at}", name.to_string_lossy());
            return Err(Error::new(ErrorKind::Usage, message));
        }
    }
    Ok(())
}

/// The names of the folders of a configuration, besides those that are given.
fn renames(ev: &Evaluator, opening: &Opening, given: &Renames) -> Renames {
    let mut renames = given.clone();
    renames.places.extend(asking::roots(ev, opening).named());
    renames
}

/// Makes an evaluator on a thread of its own, and answers a question there.
fn start<T: Send + 'static>(
    console: &Console,
    way: &Way,
    work: impl FnOnce(&Evaluator, &Way) -> Res<T> + Send + 'static,
) -> JoinHandle<Answer<T>> {
    let (console, way) = (console.clone(), way.clone());
    let answer = move || {
        let mut read = BTreeSet::new();
        let done = evaluate(&console, &way, &mut read, work);
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
    way: &Way,
    read: &mut BTreeSet<Vec<u8>>,
    work: impl FnOnce(&Evaluator, &Way) -> Res<T>,
) -> Res<T> {
    let args = &way.open.evaluator;
    let settings = modules::settings(console, args, None)?;
    let files = FilesRead::default();
    let host = host(console, way);
    let host: Box<dyn Host> = match args.print_files {
        Some(_) => Box::new(with_embedded(Recorded::new(host, files.clone()))),
        None => Box::new(with_embedded(host)),
    };
    let (mut ev, keeper) = code_cache::evaluator(host, settings, args.no_cache)
        .map_err(|e| Error::new(ErrorKind::Limit, e.to_string()))?;
    ev.observe();
    modules::install(console, args, &mut ev)?;
    // What both configurations print would come twice, and mixed.
    let done = ev.silently(|| work(&ev, way));
    keeper.finish(&ev);
    read.extend(files.borrow().iter().cloned());
    done
}

/// The files of this machine or, if a revision is named, as they are there.
pub fn host(console: &Console, way: &Way) -> Arc<dyn Host> {
    let own = console.host.clone();
    match &way.revision {
        None => Arc::new(own),
        Some(revision) => Arc::new(AtRevision::new(own, revision.files.clone())),
    }
}
