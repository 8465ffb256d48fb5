//! One side of the comparison of several fixtures: an evaluator on a thread of its own, which evaluates one after the other.
//!
//! A later one begins with what the fixtures share: the files that are loaded, and the packages (`eval/replay.rs`).

use std::cell::Cell;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use super::side::{Way, facts};
use super::unlike::{Revisions, Unlike};
use crate::cli::beside::{Answer, Beside, How, Note, Problem, on_thread, panicked};
use crate::cli::console::Console;
use crate::cli::modules;
use crate::eval::{Error, ErrorKind, Res};
use crate::host::Touch;
use crate::options::compare::{Asked, Facts};
use crate::options::forget_evaluations;

/// Bytes of a heap that is kept. What is left of earlier configurations is not looked for before: the packages that are shared
/// refer to most of it, and it would be looked through again and again.
const MOST: usize = 2 << 30;

/// One side. The configurations have the same settings, and their files are of the same revision.
pub struct Series {
    tasks: Option<Sender<Box<Task>>>,
    told: Receiver<Told>,
    thread: Option<JoinHandle<()>>,
    /// Whether a configuration is being evaluated.
    is_busy: Cell<bool>,
}

/// A configuration, and what is asked of it.
pub struct Task {
    /// The way to it.
    pub way: Way,
    /// What is asked.
    pub asked: Asked,
    /// Whether it must not begin with anything that is evaluated.
    pub is_alone: bool,
}

/// What is heard of an evaluation.
pub enum Told {
    /// It has asked for something that is another one in the other revision.
    Touched,
    /// It has ended.
    Answer(Box<Answer<Facts>>),
}

impl Series {
    /// Begins a thread. With `shares`, a configuration begins with what earlier ones have evaluated. With `revisions`, it tells once an evaluation asks for what differs between them.
    ///
    /// # Errors
    /// When there is no room for its stack.
    pub fn begin(console: &Console, shares: bool, revisions: Option<Revisions>) -> Res<Series> {
        let (tasks, todo) = channel();
        let (tell, told) = channel();
        let console = console.clone();
        let thread = on_thread(move || {
            let unlike = revisions.map(|revisions| Unlike::of(&console, &revisions).map(Rc::new));
            if let Some(None) = unlike {
                // Then anything may be another one.
                let _ = tell.send(Told::Touched);
            }
            Server { console, shares, unlike: unlike.flatten(), tell, kept: None }.serve(&todo);
        });
        let thread = thread.map_err(|Problem { message, .. }| Error::new(ErrorKind::System, message))?;
        Ok(Series { tasks: Some(tasks), told, thread: Some(thread), is_busy: Cell::new(false) })
    }

    /// Has a configuration evaluated.
    pub fn ask(&self, task: Task) {
        self.is_busy.set(true);
        // If the thread has ended, nothing is heard of it either.
        let _ = self.tasks.as_ref().map(|tasks| tasks.send(Box::new(task)));
    }

    /// Waits for what there is to hear.
    ///
    /// # Errors
    /// When the thread has ended.
    pub fn hear(&self) -> Res<Told> {
        let told = self.told.recv().map_err(|_| panicked())?;
        if let Told::Answer(_) = told {
            self.is_busy.set(false);
        }
        Ok(told)
    }

    /// Waits for the answer.
    ///
    /// # Errors
    /// When the thread has ended.
    pub fn answer(&self) -> Res<Answer<Facts>> {
        loop {
            if let Told::Answer(answer) = self.hear()? {
                return Ok(*answer);
            }
        }
    }
}

impl Drop for Series {
    fn drop(&mut self) {
        self.tasks = None;
        // If the other side has failed, nobody waits for this one.
        if let Some(thread) = self.thread.take().filter(|_| !self.is_busy.get()) {
            // A panic has been reported.
            let _ = thread.join();
        }
    }
}

/// What the thread has.
struct Server {
    console: Console,
    shares: bool,
    unlike: Option<Rc<Unlike>>,
    tell: Sender<Told>,
    /// The evaluator of the configurations so far, if that is fit for others.
    kept: Option<Beside>,
}

impl Server {
    fn serve(mut self, todo: &Receiver<Box<Task>>) {
        for task in todo {
            let answer = self.evaluate(&task);
            // Nobody waits if the other side has failed.
            let _ = self.tell.send(Told::Answer(Box::new(answer)));
        }
        if let Some(kept) = self.kept {
            kept.finish();
        }
    }

    fn evaluate(&mut self, task: &Task) -> Answer<Facts> {
        let ask =
            |beside: &Beside| beside.answer(|ev| facts(&self.console, ev, &task.way, task.asked.clone()));
        let shares = self.shares && !task.is_alone && task.way.modules.is_empty();
        if let Some(kept) = self.kept.take_if(|_| shares) {
            kept.ev.replay_calls(true);
            let answer = ask(&kept);
            if !kept.ev.is_spoiled() {
                self.keep(kept, task);
                return answer;
            }
            kept.finish();
        }
        let Way { open, revision, .. } = &task.way;
        let how = How { note: self.note(), collect_from: shares.then_some(MOST), ..How::default() };
        let new = Beside::begin(&self.console, &open.evaluator, revision.as_ref(), how)?;
        if shares {
            // What is evaluated here prints nothing.
            new.ev.record_calls(Box::new(|| 0));
        }
        let answer = ask(&new);
        let is_fit = matches!(&answer, Ok((Facts { options: Ok(_), .. }, _)));
        match shares && is_fit && !new.ev.is_spoiled() {
            true => self.keep(new, task),
            false => new.finish(),
        }
        answer
    }

    /// Keeps an evaluator for the next configuration, while there is room.
    fn keep(&mut self, beside: Beside, task: &Task) {
        let is_small = beside.ev.mem.heap.used().iter().sum::<usize>() < MOST;
        let limits = modules::limits(&self.console, &task.way.open.evaluator).unwrap_or_default();
        match is_small && self.console.host.has_room(limits) && !beside.ev.is_worn() {
            true => {
                forget_evaluations(&beside.ev);
                self.kept = Some(beside);
            }
            false => beside.finish(),
        }
    }

    /// Tells once a question has another answer in the other revision.
    fn note(&self) -> Option<Note> {
        let (unlike, tell) = (self.unlike.clone()?, self.tell.clone());
        let note = move |touch: Touch| {
            if unlike.is(touch) {
                // Nobody waits if the other side has failed.
                let _ = tell.send(Told::Touched);
            }
        };
        Some(Box::new(note))
    }
}
