//! A line on standard error that says what a command is doing, once that takes more than a second.

use std::io::IsTerminal as _;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Shorter work shows no line.
const AFTER: Duration = Duration::from_secs(1);
/// How often the line is drawn.
const EVERY: Duration = Duration::from_millis(100);

/// The line. Without a terminal it is never drawn.
#[derive(Debug, Default)]
pub(super) struct ProgressLine {
    text: Arc<Mutex<String>>,
    drawn: Arc<Mutex<Option<ProgressBar>>>,
    running: Mutex<Option<(Sender<()>, JoinHandle<()>)>>,
}

impl ProgressLine {
    /// Begins some work.
    pub(super) fn begin(&self, text: &str) {
        self.say(text);
        let mut running = lock(&self.running);
        if running.is_some() || !std::io::stderr().is_terminal() {
            return;
        }
        let (stop, stopped) = channel();
        let (text, drawn) = (self.text.clone(), self.drawn.clone());
        let draw = move || {
            let mut wait = AFTER;
            while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                let text = lock(&text).clone();
                let mut drawn = lock(&drawn);
                let bar = drawn.get_or_insert_with(new_bar);
                bar.set_message(text);
                bar.tick();
                wait = EVERY;
            }
        };
        if let Ok(thread) = std::thread::Builder::new().name("progress".to_owned()).spawn(draw) {
            *running = Some((stop, thread));
        }
    }

    /// Says what is being done now.
    pub(super) fn say(&self, text: &str) {
        let mut said = lock(&self.text);
        said.clear();
        said.push_str(text);
    }

    /// Removes the line.
    pub(super) fn end(&self) {
        if let Some((stop, thread)) = lock(&self.running).take() {
            drop(stop);
            // The thread has nothing to say.
            let _ = thread.join();
        }
        if let Some(bar) = lock(&self.drawn).take() {
            bar.finish_and_clear();
        }
    }

    /// Prints something else, without the line in its way.
    pub(super) fn beside<T>(&self, print: impl FnOnce() -> T) -> T {
        match &*lock(&self.drawn) {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }
}

fn new_bar() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    // A template without mistakes is accepted.
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
        bar.set_style(style);
    }
    bar
}

fn lock<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_begins_and_ends_with_or_without_a_terminal() {
        let line = ProgressLine::default();
        line.begin("first");
        line.say("second");
        assert_eq!(*lock(&line.text), "second");
        assert_eq!(line.beside(|| 1), 1);
        line.end();
        line.end();
        assert!(lock(&line.drawn).is_none() && lock(&line.running).is_none());
    }
}
