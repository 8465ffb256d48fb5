//! What a command is doing, for people who wait: a line on a terminal's standard error, after a second.

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

    /// Says what is being done now.
    pub fn say(&self, what: &str) {
        self.console.host.say_progress(what);
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.console.host.end_progress();
    }
}
