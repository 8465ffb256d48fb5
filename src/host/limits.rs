//! Limits of time and memory, which end the process.
#![allow(clippy::disallowed_methods, reason = "host/ may touch the outside")]

use std::time::{Duration, Instant};

use super::{Host, RealHost};

/// How often is looked.
const EVERY: Duration = Duration::from_millis(10);

/// How much an evaluation may take.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Limits {
    /// Time.
    pub seconds: Option<f64>,
    /// Memory that the process has, at most.
    pub bytes: Option<u64>,
}

impl RealHost {
    /// Watches over limits from now on. Where one is exceeded, the process says so and ends with exit code 1:
    /// whatever it is busy with, be it one of the built-ins that take long.
    pub fn watch(&self, limits: &Limits) {
        let limits = *limits;
        if limits == Limits::default() {
            return;
        }
        let begin = Instant::now();
        let look = move || {
            loop {
                std::thread::sleep(EVERY);
                if let Some(seconds) = limits.seconds.filter(|s| begin.elapsed().as_secs_f64() > *s) {
                    give_up(&format!("the evaluation took longer than {seconds} s (--timeout)"));
                }
                if let Some(bytes) = limits.bytes.filter(|b| resident().is_some_and(|r| r > *b)) {
                    let size = human(bytes);
                    give_up(&format!("the evaluation needs more memory than {size} (--max-memory)"));
                }
            }
        };
        // Without a thread nobody watches; nothing else works then, either.
        let _ = std::thread::Builder::new().name("limits".to_owned()).spawn(look);
    }
}

fn give_up(message: &str) -> ! {
    RealHost::new().message(format!("error: {message}").as_bytes());
    std::process::exit(1)
}

/// Bytes of memory that the process has.
fn resident() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kb| kb << 10)
}

fn human(bytes: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let fitting = units.iter().find(|(shift, _)| bytes >= 1 << shift && bytes.is_multiple_of(1 << shift));
    fitting.map_or_else(|| format!("{bytes} bytes"), |(shift, unit)| format!("{} {unit}", bytes >> shift))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory() {
        assert!(resident().is_some_and(|bytes| bytes > 100_000));
        assert_eq!((human(500 << 20), human(1000)), ("500 MiB".to_owned(), "1000 bytes".to_owned()));
    }
}
