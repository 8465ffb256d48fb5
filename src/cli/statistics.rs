//! Statistics and profiles: who wants them, and where they go.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::console::Console;
use crate::eval::{Error, ErrorKind, Evaluator, Res, Settings, Spent, Watching};
use crate::host::processor_time;
use crate::syntax::absolute;

/// What the user wants to know about an evaluation.
pub struct Statistics {
    watching: Watching,
    /// Where statistics go; standard error unless it is a file.
    stats: Option<Option<Vec<u8>>>,
    /// Symbols are listed.
    symbols: bool,
    profile_file: Vec<u8>,
    begin: Instant,
    cache: Cell<Duration>,
    printing: Cell<Duration>,
}

impl Statistics {
    /// What the settings, the environment and `--stats` (perhaps with a file) ask for.
    pub fn new(console: &Console, stats: Option<&Option<Vec<u8>>>, settings: &Settings) -> Res<Statistics> {
        let host = &console.host;
        let begin = Instant::now();
        // Nix's variables count unless they are `0`, even if they are empty.
        let is_on = |name: &[u8]| host.env(name).is_some_and(|value| value != b"0");
        let own = host.env(b"NIVAL_STATS").is_some_and(|value| !value.is_empty());
        let wanted = stats.is_some() || own || is_on(b"NIX_SHOW_STATS");
        let file = stats.cloned().flatten().or_else(|| host.env(b"NIX_SHOW_STATS_PATH"));
        let file = file.filter(|file| file != b"-").map(|file| absolute(&file, &settings.base_dir));
        let period = match settings.profile_frequency {
            0 => Duration::ZERO,
            frequency => Duration::from_secs(1) / frequency,
        };
        let profile_file = absolute(&settings.profile_file, &settings.base_dir);
        if settings.profile {
            host.write_file(&profile_file, b"").map_err(|e| {
                let text = e.to_string();
                let reason = text.split(" (os error").next().unwrap_or_default();
                let file = String::from_utf8_lossy(&profile_file);
                Error::new(ErrorKind::System, format!("opening file \"{file}\": {reason}"))
            })?;
        }
        Ok(Statistics {
            watching: Watching {
                counts: wanted,
                each: wanted && is_on(b"NIX_COUNT_CALLS"),
                profile: settings.profile.then_some(period),
                trace: settings.trace_function_calls,
            },
            stats: wanted.then_some(file),
            symbols: is_on(b"NIX_SHOW_SYMBOLS"),
            profile_file,
            begin,
            cache: Cell::default(),
            printing: Cell::default(),
        })
    }

    /// To be called when the evaluator has just been made, with its code cache.
    pub fn begin(&self, ev: &mut Evaluator) {
        self.cache.set(self.begin.elapsed());
        ev.watch(&self.watching);
    }

    /// Keeps code.
    pub fn keep(&self, keep: impl FnOnce()) {
        let begin = Instant::now();
        keep();
        self.cache.set(self.cache.get() + begin.elapsed());
    }

    /// Prints.
    pub fn print<T>(&self, ev: &Evaluator, print: impl FnOnce() -> T) -> T {
        let (begin, loading) = (Instant::now(), ev.loading_time());
        let done = print();
        let loading = ev.loading_time() - loading;
        self.printing.set(self.printing.get() + begin.elapsed().saturating_sub(loading));
        done
    }

    /// Writes statistics and profile, whether the evaluation has failed or not.
    pub fn write(&self, console: &Console, ev: &Evaluator) {
        let write = |what: &str, file: &[u8], contents: &[u8]| {
            if let Err(e) = console.host.write_file(file, contents) {
                let file = String::from_utf8_lossy(file);
                console.fail(&format!("warning: the {what} cannot be written to '{file}': {e}"));
            }
        };
        if self.watching.profile.is_some() {
            write("profile", &self.profile_file, &ev.profile());
        }
        let Some(file) = &self.stats else {
            return;
        };
        let spent = Spent {
            wall: self.begin.elapsed(),
            processor: processor_time(),
            cache: self.cache.get(),
            printing: self.printing.get(),
        };
        let text = format!("{:#}", ev.statistics(&spent, self.symbols));
        match file {
            None => console.fail(&text),
            Some(file) => write("statistics", file, format!("{text}\n").as_bytes()),
        }
    }
}
