//! Work in a copy of this process that tells what it finds while it goes on, and that may itself work in copies.
#![allow(clippy::disallowed_methods, reason = "host/ may touch the outside")]

use std::io;

use super::fork::{Copy, CopyEnd, CopyLimits, wait};
use super::frames;

/// What each frame is.
const MESSAGE: u8 = 0;

/// Passes a message on to the process that waits.
pub type Say<'a> = &'a mut dyn FnMut(&[u8]) -> io::Result<()>;

/// Work for a copy of this process.
pub struct Delegate<'a> {
    /// What it may use.
    pub limits: CopyLimits,
    /// For how long.
    pub limited: Limited,
    /// Does the work, in the copy.
    pub work: &'a dyn Fn(Say<'_>) -> io::Result<()>,
}

/// For how long limits apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limited {
    /// Until the first message: what follows waits for copies with limits of their own.
    UntilItSpeaks,
    /// To the end.
    Throughout,
}

/// What is heard of the work.
#[derive(Debug)]
pub enum Heard<'a> {
    /// A message.
    Message(&'a [u8]),
    /// Some time has passed.
    Tick,
}

/// Has the work done, and tells what is heard of it. Returns how it ended, without what it said.
pub(super) fn run(delegate: &Delegate<'_>, tell: &mut dyn FnMut(Heard<'_>)) -> io::Result<CopyEnd> {
    let copy =
        Copy::begin(0, &|output| (delegate.work)(&mut |message| frames::write(output, MESSAGE, message)))?;
    let mut running = [copy];
    let mut is_silent = true;
    loop {
        if wait(&[&running[0]])?[0] {
            let [copy] = &mut running;
            let goes_on = copy.receive();
            frames::take(&mut copy.received, &mut |_, message| {
                is_silent = false;
                tell(Heard::Message(message));
            });
            if !goes_on {
                let [copy] = running;
                return copy.end();
            }
        }
        if is_silent || delegate.limited == Limited::Throughout {
            running[0].watch(delegate.limits);
        }
        tell(Heard::Tick);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn heard(limits: CopyLimits, work: &dyn Fn(Say<'_>) -> io::Result<()>) -> (Vec<String>, String) {
        let mut found = Vec::new();
        let end = run(&Delegate { limits, limited: Limited::UntilItSpeaks, work }, &mut |heard| {
            if let Heard::Message(message) = heard {
                found.push(String::from_utf8_lossy(message).chars().take(20).collect());
            }
        });
        (found, format!("{:?}", end.expect("the work runs")))
    }

    #[test]
    fn messages_arrive_one_by_one() {
        let (found, end) = heard(CopyLimits::default(), &|say| {
            say(b"one")?;
            say(b"")?;
            say(&vec![b'x'; 1 << 20])
        });
        assert_eq!((found, &end[..]), (vec!["one".into(), String::new(), "x".repeat(20)], "Output([])"));
    }

    #[test]
    fn limits_count_up_to_the_first_message() {
        let limits = CopyLimits { seconds: Some(0.2), memory: None };
        let slowly = |say: Say<'_>, before: u64| {
            std::thread::sleep(Duration::from_millis(before));
            say(b"one")?;
            std::thread::sleep(Duration::from_millis(400));
            say(b"two")
        };
        let (found, end) = heard(limits, &|say| slowly(say, 0));
        assert_eq!((found.len(), &end[..]), (2, "Output([])"));
        let (found, end) = heard(limits, &|say| slowly(say, 10_000));
        assert_eq!((found.len(), &end[..]), (0, "OutOfTime"));
    }
}
