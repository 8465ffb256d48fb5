//! Limits on time and memory.
#![allow(clippy::disallowed_methods, reason = "host/ may touch the outside")]

use std::path::Path;
use std::time::{Duration, Instant};

/// The shortest and the longest interval between checks.
const EVERY: Duration = Duration::from_millis(10);
const SELDOM: Duration = Duration::from_millis(200);
/// An upper bound on how fast memory fills, in bytes per millisecond. While much is left, checks can be rare.
const FASTEST: u64 = 8 << 20;
/// Stack of the watching thread.
const STACK: usize = 128 << 10;

/// How much memory the process may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// No limit.
    Unlimited,
    /// This many bytes.
    Given(u64),
}

impl Memory {
    /// The smallest limit that makes evaluation possible.
    pub const LEAST: u64 = 16 << 20;
}

/// The limits of an evaluation.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Limits {
    /// Time in seconds.
    pub seconds: Option<f64>,
    /// Memory; by default, three quarters of the machine's.
    pub memory: Option<Memory>,
}

impl Limits {
    /// Bytes that the process may use.
    pub fn bytes(&self) -> Option<u64> {
        match self.memory {
            None => available().map(|bytes| bytes / 4 * 3),
            Some(Memory::Given(bytes)) => Some(bytes),
            Some(Memory::Unlimited) => None,
        }
    }

    fn too_large(&self, bytes: u64) -> String {
        let size = human(bytes);
        let why = match self.memory {
            Some(_) => "(--max-memory)",
            None => {
                "(three quarters of what there is; --max-memory or NIVAL_MAX_MEMORY sets another limit, or none)"
            }
        };
        format!("the evaluation needs more memory than {size} {why}")
    }
}

/// Whether the process uses less than half of the memory that it may use.
pub(super) fn has_room(limits: Limits) -> bool {
    match (limits.bytes(), resident()) {
        (Some(most), Some(now)) => now < most / 2,
        _ => true,
    }
}

/// Starts watching the limits. When one is exceeded, calls `exceeded` once with the message, on another
/// thread. This works whatever the evaluation is doing, even inside a slow built-in.
pub(super) fn watch(limits: Limits, exceeded: Exceeded) {
    let most = limits.bytes();
    if limits.seconds.is_none() && most.is_none() {
        return;
    }
    let begin = Instant::now();
    let look = move || {
        loop {
            let mut pause = SELDOM;
            if let Some(seconds) = limits.seconds {
                let spent = begin.elapsed().as_secs_f64();
                if spent > seconds {
                    return exceeded(&format!("the evaluation took longer than {seconds} s (--timeout)"));
                }
                pause = pause.min(Duration::from_secs_f64((seconds - spent).min(1.0)));
            }
            if let (Some(most), Some(now)) = (most, resident()) {
                if now > most {
                    return exceeded(&limits.too_large(most));
                }
                pause = pause.min(Duration::from_millis((most - now) / FASTEST));
            }
            std::thread::sleep(pause.max(EVERY));
        }
    };
    // If no thread can be started, the limits are not watched; nothing else works then either.
    let _ = std::thread::Builder::new().name("limits".to_owned()).stack_size(STACK).spawn(look);
}

/// Called with a message when a limit is exceeded.
pub type Exceeded = Box<dyn FnOnce(&str) + Send>;

/// Bytes of memory that the process uses.
pub(super) fn resident() -> Option<u64> {
    resident_of("self")
}

/// Bytes of memory that a process uses.
pub(super) fn resident_of(process: &str) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/statm")).ok()?;
    let pages: u64 = text.split(' ').nth(1)?.parse().ok()?;
    Some(pages * rustix::param::page_size() as u64)
}

/// Bytes of memory of the machine, or the limit of this process's control groups.
fn available() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|l| l.strip_prefix("MemTotal:"))?;
    let machine = line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()? << 10;
    let groups = std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    Some(group_limit(&groups, Path::new("/sys/fs/cgroup")).map_or(machine, |limit| limit.min(machine)))
}

/// The smallest limit of the control groups in `/proc/self/cgroup` and their ancestors.
fn group_limit(groups: &str, root: &Path) -> Option<u64> {
    let limits = groups.lines().flat_map(|line| {
        let mut fields = line.splitn(3, ':').skip(1);
        let (controllers, group) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        // Version 2 has one tree for all controllers.
        let (tree, file) = match controllers {
            "" => (root.to_owned(), "memory.max"),
            _ if controllers.split(',').any(|c| c == "memory") => {
                (root.join("memory"), "memory.limit_in_bytes")
            }
            _ => return Vec::new(),
        };
        // In a container the group may have a different name than outside. Whatever exists counts.
        let folders = Path::new(group.trim_start_matches('/')).ancestors().map(|above| tree.join(above));
        let texts = folders.filter_map(|folder| std::fs::read_to_string(folder.join(file)).ok());
        texts.filter_map(|text| text.trim().parse().ok()).collect()
    });
    limits.min()
}

/// A number of bytes in larger units.
pub fn human(bytes: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    match units.iter().find(|(shift, _)| bytes >= 1 << shift) {
        Some((shift, unit)) if bytes.is_multiple_of(1 << shift) => format!("{} {unit}", bytes >> shift),
        Some((shift, unit)) => format!("{:.1} {unit}", bytes as f64 / (1u64 << shift) as f64),
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;
    use crate::host::command::scratch_folder;

    #[test]
    fn this_process_has_memory() {
        assert!(resident().is_some_and(|bytes| bytes > 100_000));
        assert!(available().is_some_and(|bytes| bytes > 100_000_000));
        let texts = [human(500 << 20), human(1000), human(3 << 29)];
        assert_eq!(texts, ["500 MiB", "1000 bytes", "1.5 GiB"]);
    }

    #[test]
    fn control_groups_limit_memory() {
        let folder = scratch_folder(&[
            ("memory.max", b"max\n"),
            ("a/memory.max", b"3000\n"),
            ("a/b/memory.max", b"5000\n"),
            ("memory/memory.limit_in_bytes", b"9223372036854771712\n"),
            ("memory/c/memory.limit_in_bytes", b"4000\n"),
        ]);
        let folder = folder.expect("a folder");
        let root = Path::new(OsStr::from_bytes(folder.path()));
        let limit = |groups: &str| group_limit(groups, root);
        assert_eq!(limit("0::/a/b\n"), Some(3000), "the group above has the smaller one");
        assert_eq!(limit("0::/\n"), None);
        assert_eq!(limit("5:cpu,memory:/c\n1:pids:/a\n"), Some(4000));
        assert_eq!(limit("5:memory:/elsewhere/d\n"), Some(9_223_372_036_854_771_712));
    }
}
