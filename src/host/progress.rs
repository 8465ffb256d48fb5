//! A line on standard error that says what a command is doing, once that takes more than a second.

use std::io::IsTerminal as _;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Shorter work shows no line.
const AFTER: Duration = Duration::from_secs(1);
/// How often the line is drawn.
const EVERY: Duration = Duration::from_millis(100);

/// The line. Without a terminal it is never drawn.
#[derive(Debug, Default)]
pub(super) struct ProgressLine {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    text: String,
    /// The line, once it has been drawn.
    bar: Option<ProgressBar>,
    /// What the drawing thread waits for; `None` while there is no work.
    stop: Option<Sender<()>>,
    /// When the work began that draws the line itself.
    drawn_since: Option<Instant>,
}

impl ProgressLine {
    /// Begins some work.
    pub(super) fn begin(&self, text: &str) {
        self.say(text);
        if self.state().stop.is_some() || !std::io::stderr().is_terminal() {
            return;
        }
        let (stop, stopped) = channel();
        let state = self.state.clone();
        let draw = move || {
            let mut wait = AFTER;
            while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                let mut state = lock(&state);
                // The work may have ended just now.
                if state.stop.is_some() {
                    let text = state.text.clone();
                    let bar = state.bar.get_or_insert_with(new_bar);
                    bar.set_message(text);
                    bar.tick();
                }
                wait = EVERY;
            }
        };
        // Nobody waits for the thread: a copy of this process may not have it.
        if std::thread::Builder::new().name("progress".to_owned()).spawn(draw).is_ok() {
            self.state().stop = Some(stop);
        }
    }

    /// Draws the line now, on this thread. For work that no thread may watch.
    pub(super) fn draw(&self, text: &str) {
        let mut state = self.state();
        let begun = *state.drawn_since.get_or_insert_with(Instant::now);
        if begun.elapsed() >= AFTER && std::io::stderr().is_terminal() {
            let bar = state.bar.get_or_insert_with(new_bar);
            bar.set_message(text.to_owned());
            bar.tick();
        }
    }

    /// Says what is being done now.
    pub(super) fn say(&self, text: &str) {
        let mut state = self.state();
        state.text.clear();
        state.text.push_str(text);
    }

    /// Removes the line.
    pub(super) fn end(&self) {
        let mut state = self.state();
        state.stop = None;
        state.drawn_since = None;
        if let Some(bar) = state.bar.take() {
            bar.finish_and_clear();
        }
    }

    /// Prints something else, without the line in its way.
    pub(super) fn beside<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.state().bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
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

fn lock(of: &Mutex<State>) -> MutexGuard<'_, State> {
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
        assert_eq!(line.state().text, "second");
        assert_eq!(line.beside(|| 1), 1);
        line.end();
        line.end();
        assert!(line.state().bar.is_none() && line.state().stop.is_none());
    }
}
