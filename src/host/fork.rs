//! Work in copies of this process: each begins with all that this one has, and fails alone.
//!
//! A copy has only the thread that made it. So nothing in it may wait for another thread, or for a lock that one held.
#![allow(clippy::disallowed_methods, reason = "host/ may touch the outside")]

use std::io::{self, PipeReader, PipeWriter, Read as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};

use super::limits::{human, resident_of};

/// How often limits are checked, and the time that has passed is told.
const EVERY: Duration = Duration::from_millis(50);
/// Bytes to read at a time.
const CHUNK: usize = 64 << 10;

/// Some pieces of work, each for a copy of this process.
pub struct Copies<'a> {
    /// The numbers of the pieces, in the order in which they are begun.
    pub pieces: &'a [usize],
    /// How many run at the same time.
    pub at_once: usize,
    /// What each may use.
    pub limits: CopyLimits,
    /// Does a piece, in the copy. What it returns is the copy's output.
    pub work: &'a dyn Fn(usize) -> Vec<u8>,
}

/// What a copy may use.
#[derive(Debug, Clone, Copy, Default)]
pub struct CopyLimits {
    /// Time in seconds.
    pub seconds: Option<f64>,
    /// Memory in bytes, with what it shares with this process.
    pub memory: Option<u64>,
}

/// What becomes of the pieces.
#[derive(Debug)]
pub enum CopyEvent {
    /// A piece is begun.
    Begun(usize),
    /// A piece has ended.
    Ended(usize, CopyEnd, Duration),
    /// Some time has passed.
    Tick,
}

/// How a copy ended.
#[derive(Debug)]
pub enum CopyEnd {
    /// It did its work.
    Output(Vec<u8>),
    /// A bug in nival: its message is on standard error.
    Panic,
    /// It took too long, and was killed.
    OutOfTime,
    /// It needed too much memory, and was killed.
    OutOfMemory,
    /// It ended otherwise: by a signal, or with an exit code.
    Died(String),
}

impl CopyEnd {
    /// Why there is no output, in words; `limits` are those that it had.
    pub fn reason(&self, limits: CopyLimits) -> String {
        match self {
            CopyEnd::Output(_) => "it ended".to_owned(),
            CopyEnd::Panic => "a fault of nival ended the evaluation".to_owned(),
            CopyEnd::OutOfTime => {
                format!("the evaluation took longer than {} s", limits.seconds.unwrap_or_default())
            }
            CopyEnd::OutOfMemory => {
                let most = limits.memory.map(human).unwrap_or_default();
                format!("the evaluation needs more memory than {most}")
            }
            CopyEnd::Died(why) => format!("the evaluation ended by {why}"),
        }
    }
}

/// A running copy.
pub(super) struct Copy {
    piece: usize,
    pid: Pid,
    output: PipeReader,
    /// What it has written so far.
    pub(super) received: Vec<u8>,
    begun: Instant,
    /// Why it was killed.
    killed: Option<CopyEnd>,
}

/// Does all pieces of work, and tells what becomes of them.
pub(super) fn run(copies: &Copies<'_>, tell: &mut dyn FnMut(CopyEvent)) -> io::Result<()> {
    let mut waiting = copies.pieces.iter().copied();
    let mut running: Vec<Copy> = Vec::new();
    loop {
        while running.len() < copies.at_once.max(1)
            && let Some(piece) = waiting.next()
        {
            running.push(Copy::begin(piece, &|output| output.write_all(&(copies.work)(piece)))?);
            tell(CopyEvent::Begun(piece));
        }
        if running.is_empty() {
            return Ok(());
        }
        let ready = wait(&running)?;
        for (at, _) in ready.into_iter().enumerate().rev().filter(|(_, ready)| *ready) {
            if !running[at].receive() {
                let done = running.swap_remove(at);
                let (piece, spent) = (done.piece, done.begun.elapsed());
                tell(CopyEvent::Ended(piece, done.end()?, spent));
            }
        }
        for copy in &mut running {
            copy.watch(copies.limits);
        }
        tell(CopyEvent::Tick);
    }
}

/// Waits until a copy has written something, or has ended, but not for long. Returns which ones.
pub(super) fn wait(running: &[Copy]) -> io::Result<Vec<bool>> {
    let mut fds: Vec<PollFd<'_>> =
        running.iter().map(|copy| PollFd::new(&copy.output, PollFlags::IN)).collect();
    let timeout = Timespec { tv_sec: 0, tv_nsec: i64::from(EVERY.subsec_nanos()) };
    match poll(&mut fds, Some(&timeout)) {
        Ok(_) => Ok(fds.iter().map(|fd| !fd.revents().is_empty()).collect()),
        Err(rustix::io::Errno::INTR) => Ok(vec![false; running.len()]),
        Err(e) => Err(e.into()),
    }
}

/// The exit code of a copy whose work panicked.
const PANICKED: i32 = 101;

/// Copies this process. Returns the copy's number, or `None` in the copy.
#[allow(unsafe_code, reason = "there is no safe interface")]
fn copy_process() -> io::Result<Option<Pid>> {
    // SAFETY: the copy goes on alone with the memory as it is. It uses no lock of another thread: those that nival
    // starts have been ended, and the allocator has no locks that are held over calls.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        number => Ok(Pid::from_raw(number)),
    }
}

/// Ends a copy, without what is to be done when the program itself ends.
#[allow(unsafe_code, reason = "there is no safe interface")]
fn leave(code: i32) -> ! {
    // SAFETY: ends the process. Nothing in it is needed any more.
    unsafe { libc::_exit(code) }
}

impl Copy {
    /// Begins a piece of work in a copy. `work` writes what the copy gives.
    pub(super) fn begin(piece: usize, work: &dyn Fn(&mut PipeWriter) -> io::Result<()>) -> io::Result<Copy> {
        let (output, mut input) = io::pipe()?;
        match copy_process()? {
            Some(pid) => {
                let begun = Instant::now();
                Ok(Copy { piece, pid, output, received: Vec::new(), begun, killed: None })
            }
            None => {
                drop(output);
                // The copy is of no use to anyone without this process.
                let _ = rustix::process::set_parent_process_death_signal(Some(Signal::KILL));
                leave(match catch_unwind(AssertUnwindSafe(|| work(&mut input))) {
                    Ok(written) => i32::from(written.is_err()),
                    Err(_) => PANICKED,
                })
            }
        }
    }

    /// Takes what the copy has written. Returns whether there may be more.
    pub(super) fn receive(&mut self) -> bool {
        let mut chunk = [0; CHUNK];
        match self.output.read(&mut chunk) {
            Ok(0) => false,
            Ok(len) => {
                self.received.extend_from_slice(&chunk[..len]);
                true
            }
            Err(e) => e.kind() == io::ErrorKind::Interrupted,
        }
    }

    /// Kills the copy if it uses too much.
    pub(super) fn watch(&mut self, limits: CopyLimits) {
        if self.killed.is_some() {
            return;
        }
        let over_time = limits.seconds.is_some_and(|most| self.begun.elapsed().as_secs_f64() > most);
        let memory = || resident_of(&self.pid.as_raw_nonzero().to_string());
        let over_memory = || limits.memory.is_some_and(|most| memory().is_some_and(|now| now > most));
        let why = if over_time {
            CopyEnd::OutOfTime
        } else if over_memory() {
            CopyEnd::OutOfMemory
        } else {
            return;
        };
        // It may have ended just now.
        if kill_process(self.pid, Signal::KILL).is_ok() {
            self.killed = Some(why);
        }
    }

    /// How the copy ended. Waits for that.
    pub(super) fn end(self) -> io::Result<CopyEnd> {
        let status = loop {
            match waitpid(Some(self.pid), WaitOptions::empty()) {
                Ok(Some((_, status))) => break status,
                Ok(None) | Err(rustix::io::Errno::INTR) => {}
                Err(e) => return Err(e.into()),
            }
        };
        Ok(match (self.killed, status.exit_status(), status.terminating_signal()) {
            (_, Some(0), _) => CopyEnd::Output(self.received),
            (Some(why), ..) => why,
            (None, Some(PANICKED), _) => CopyEnd::Panic,
            (None, Some(code), _) => CopyEnd::Died(format!("exit code {code}")),
            (None, None, Some(signal)) => CopyEnd::Died(format!("signal {signal}")),
            (None, None, None) => CopyEnd::Died("an unknown reason".to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(limits: CopyLimits, pieces: &[usize], work: &dyn Fn(usize) -> Vec<u8>) -> Vec<(usize, String)> {
        let mut ends = Vec::new();
        let copies = Copies { pieces, at_once: 2, limits, work };
        run(&copies, &mut |event| {
            if let CopyEvent::Ended(piece, end, _) = event {
                let end = match end {
                    CopyEnd::Output(bytes) if bytes.len() > 10 => format!("{} bytes", bytes.len()),
                    CopyEnd::Output(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                    other => format!("{other:?}"),
                };
                ends.push((piece, end));
            }
        })
        .expect("copies run");
        ends.sort();
        ends
    }

    #[test]
    fn each_piece_ends_alone() {
        let limits = CopyLimits { seconds: Some(0.2), memory: None };
        let found = ends(limits, &[3, 2, 1, 0, 4], &|piece| match piece {
            0 => b"fine".to_vec(),
            1 => leave(7),
            2 => loop {
                std::thread::sleep(EVERY);
            },
            3 => vec![b'x'; 1 << 20],
            _ => std::process::abort(),
        });
        let expected = ["fine", "Died(\"exit code 7\")", "OutOfTime", "1048576 bytes", "Died(\"signal 6\")"];
        let numbered: Vec<_> = expected.iter().map(|text| (*text).to_owned()).enumerate().collect();
        assert_eq!(found, numbered);
    }

    #[test]
    fn memory_is_limited() {
        let limits = CopyLimits { seconds: Some(20.0), memory: Some(64 << 20) };
        let found = ends(limits, &[0], &|_| {
            let mut kept = Vec::new();
            loop {
                kept.push(vec![1u8; 8 << 20]);
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        assert_eq!(found, [(0, "OutOfMemory".to_owned())]);
    }
}
