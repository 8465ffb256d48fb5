//! Statistics and profiles: who wants them, and where they go.

use std::cell::Cell;
use std::os::unix::ffi::OsStrExt as _;
use std::time::{Duration, Instant};

use super::args::ModulesArgs;
use super::{current_dir, fail};
use crate::eval::{Error, ErrorKind, Evaluator, Res, Settings, Spent, Watching};
use crate::host::{Host, RealHost, processor_time};
use crate::syntax;

/// What the user wants to know about an evaluation.
pub struct Observed {
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

impl Observed {
    /// What the settings, the environment and `--stats` (perhaps with a file) ask for.
    ///
    /// # Errors
    /// When the file of the profile cannot be written.
    pub fn new(host: &dyn Host, stats: Option<&Option<Vec<u8>>>, settings: &Settings) -> Res<Observed> {
        let begin = Instant::now();
        // Nix's variables count unless they are `0`, even if they are empty.
        let is_on = |name: &[u8]| host.env(name).is_some_and(|value| value != b"0");
        let own = host.env(b"NIVAL_STATS").is_some_and(|value| !value.is_empty());
        let wanted = stats.is_some() || own || is_on(b"NIX_SHOW_STATS");
        let file = stats.cloned().flatten().or_else(|| host.env(b"NIX_SHOW_STATS_PATH"));
        let file = file.filter(|file| file != b"-").map(|file| absolute(&file)).transpose()?;
        let period = match settings.profile_frequency {
            0 => Duration::ZERO,
            frequency => Duration::from_secs(1) / frequency,
        };
        let profile_file = absolute(&settings.profile_file)?;
        if settings.profile {
            RealHost::new().write_file(&profile_file, b"").map_err(|e| {
                let text = e.to_string();
                let reason = text.split(" (os error").next().unwrap_or_default();
                let file = String::from_utf8_lossy(&profile_file);
                Error::new(ErrorKind::System, format!("opening file \"{file}\": {reason}"))
            })?;
        }
        Ok(Observed {
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

    /// Writes statistics and profile, whether the evaluation has failed or not. It is the end of the program: what the
    /// evaluator has in memory goes with the process, which is sooner than piece by piece.
    pub fn finish(&self, ev: Evaluator) {
        self.write(&ev);
        std::mem::forget(ev);
    }

    fn write(&self, ev: &Evaluator) {
        let write = |what: &str, file: &[u8], contents: &[u8]| {
            if let Err(e) = RealHost::new().write_file(file, contents) {
                let file = String::from_utf8_lossy(file);
                fail(&format!("warning: the {what} cannot be written to '{file}': {e}"));
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
            None => fail(&text),
            Some(file) => write("statistics", file, format!("{text}\n").as_bytes()),
        }
    }
}

/// What the flags of a command about modules ask for; `settings` are changed as they say.
///
/// # Errors
/// As [`Observed::new`].
pub fn of_modules(args: &ModulesArgs, settings: &mut Settings) -> Res<Observed> {
    if let Some(file) = &args.profile {
        settings.profile = true;
        settings.profile_file = file.as_bytes().to_vec();
    }
    let stats = args.stats.as_ref().map(|file| file.as_ref().map(|f| f.as_bytes().to_vec()));
    Observed::new(&RealHost::new(), stats.as_ref(), settings)
}

fn absolute(file: &[u8]) -> Res<Vec<u8>> {
    match file.starts_with(b"/") {
        true => Ok(syntax::normalise(file)),
        false => Ok(syntax::normalise(&[&current_dir()?[..], b"/", file].concat())),
    }
}
