//! What a command is doing, for people who wait: a line on a terminal's standard error, after a second.
//!
//! `modules::run` begins and ends the work of a command; the command may say which part it is at.

use super::console::Console;

/// Some work. The line disappears with it.
pub struct Progress<'a> {
    console: &'a Console,
}

impl<'a> Progress<'a> {
    /// Begins some work.
    pub fn begin(console: &'a Console, what: &str) -> Progress<'a> {
        console.host.begin_progress(what);
        Progress { console }
    }
}

/// Says which part of the work is being done now.
pub fn say(console: &Console, what: &str) {
    console.host.say_progress(what);
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.console.host.end_progress();
    }
}
