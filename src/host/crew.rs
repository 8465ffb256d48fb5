//! Copies of this process that do one piece of work after the other, as they are given them.
//!
//! A copy begins with all that this process has, and keeps what it finds out for its next piece. One that is lost takes only its
//! piece with it.
#![allow(clippy::disallowed_methods, reason = "host/ may touch the outside")]

use std::io::{self, PipeReader, PipeWriter, Read, Write};

use super::delegate::Say;
use super::fork::{Copy, CopyEnd, CopyLimits, wait};
use super::frames;
use super::limits::resident;

/// Copies that work.
pub struct Crew<'a> {
    /// How many there are.
    pub size: usize,
    /// What each may use.
    pub limits: CopyLimits,
    /// A copy that has more bytes of memory than this after a piece is replaced.
    pub fresh_above: u64,
    /// Does a piece of work, in a copy, and tells what it finds.
    pub work: &'a dyn Fn(&[u8], Say<'_>) -> io::Result<()>,
    /// What a copy does when there is no more work.
    pub end: &'a dyn Fn(),
}

/// Gives out the work, and hears what becomes of it.
pub trait Foreman {
    /// The next piece; `None` if there is none now. There may be more after something was heard.
    fn next(&mut self) -> Option<Vec<u8>>;

    /// Hears of the work.
    fn hear(&mut self, news: CrewNews<'_>);
}

/// What becomes of the work.
#[derive(Debug)]
pub enum CrewNews<'a> {
    /// A copy tells something.
    Message(&'a [u8]),
    /// A piece was lost with the copy that had it, which ended like this.
    Lost(&'a [u8], CopyEnd),
    /// Some time has passed.
    Tick,
}

/// What a frame of a copy's output is.
const MESSAGE: u8 = 0;
/// The copy is done with its piece.
const DONE: u8 = 1;
/// The copy is done with its piece, and ends.
const LEAVES: u8 = 2;
/// In place of a piece's length: there is no more work.
const NO_MORE: u32 = u32::MAX;

/// A copy, and its piece.
struct Member {
    copy: Copy,
    pieces: PipeWriter,
    piece: Option<Vec<u8>>,
    /// Whether it ends.
    leaves: bool,
}

/// Has the copies work until the foreman has no more.
pub(super) fn run(crew: &Crew<'_>, foreman: &mut dyn Foreman) -> io::Result<()> {
    let mut members: Vec<Member> = Vec::new();
    loop {
        while let Some(at) = free(&members, crew.size)
            && let Some(piece) = foreman.next()
        {
            if at == members.len() {
                members.push(Member::begin(crew)?);
            }
            members[at].give(piece);
        }
        if members.iter().all(Member::is_free) {
            return members.into_iter().try_for_each(Member::dismiss);
        }
        let copies: Vec<&Copy> = members.iter().map(|member| &member.copy).collect();
        let ready = wait(&copies)?;
        for at in (0..ready.len()).rev().filter(|at| ready[*at]) {
            let goes_on = members[at].copy.receive();
            members[at].hear(foreman);
            if !goes_on {
                let Member { copy, piece, .. } = members.swap_remove(at);
                let end = copy.end()?;
                if let Some(piece) = piece {
                    foreman.hear(CrewNews::Lost(&piece, end));
                }
            }
        }
        for member in &mut members {
            member.copy.watch(crew.limits);
        }
        foreman.hear(CrewNews::Tick);
    }
}

/// The place of a copy that has no work, or of one that may still begin.
fn free(members: &[Member], size: usize) -> Option<usize> {
    let idle = members.iter().position(Member::is_free);
    idle.or((members.len() < size.max(1)).then_some(members.len()))
}

impl Member {
    fn begin(crew: &Crew<'_>) -> io::Result<Member> {
        let (given, pieces) = io::pipe()?;
        let copy = Copy::begin(0, &|output| work_on(crew, &given, output))?;
        Ok(Member { copy, pieces, piece: None, leaves: false })
    }

    /// Whether it can be given a piece.
    fn is_free(&self) -> bool {
        self.piece.is_none() && !self.leaves
    }

    /// Gives it a piece. If it has ended, that is noticed when it is heard.
    fn give(&mut self, piece: Vec<u8>) {
        let len = u32::try_from(piece.len()).unwrap_or(NO_MORE);
        let _ = self.pieces.write_all(&[&len.to_le_bytes()[..], &piece].concat());
        self.piece = Some(piece);
    }

    /// Passes on what it has told as a whole.
    fn hear(&mut self, foreman: &mut dyn Foreman) {
        let Member { copy, piece, leaves, .. } = self;
        frames::take(&mut copy.received, &mut |what, message| match what {
            DONE | LEAVES => (*piece, *leaves) = (None, what == LEAVES),
            _ => foreman.hear(CrewNews::Message(message)),
        });
    }

    /// Lets it end.
    fn dismiss(mut self) -> io::Result<()> {
        let _ = self.pieces.write_all(&NO_MORE.to_le_bytes());
        loop {
            let copies = [&self.copy];
            if wait(&copies)?[0] && !self.copy.receive() {
                return self.copy.end().map(drop);
            }
        }
    }
}

/// Does the pieces that are given, in a copy.
fn work_on(crew: &Crew<'_>, given: &PipeReader, output: &mut PipeWriter) -> io::Result<()> {
    let mut given = given;
    loop {
        let mut len = [0; size_of::<u32>()];
        given.read_exact(&mut len)?;
        let len = u32::from_le_bytes(len);
        if len == NO_MORE {
            (crew.end)();
            return Ok(());
        }
        let mut piece = vec![0; len as usize];
        given.read_exact(&mut piece)?;
        (crew.work)(&piece, &mut |message| frames::write(output, MESSAGE, message))?;
        let leaves = resident().is_some_and(|bytes| bytes > crew.fresh_above);
        frames::write(output, if leaves { LEAVES } else { DONE }, &[])?;
        if leaves {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// Gives out numbers, and notes what is told.
    #[derive(Default)]
    struct Notes {
        left: Vec<u8>,
        told: Vec<String>,
    }

    impl Foreman for Notes {
        fn next(&mut self) -> Option<Vec<u8>> {
            self.left.pop().map(|piece| vec![piece])
        }

        fn hear(&mut self, news: CrewNews<'_>) {
            match news {
                CrewNews::Message(message) => {
                    // A piece may make another one.
                    if let [b'+', piece] = message {
                        self.left.push(*piece);
                    }
                    self.told.push(String::from_utf8_lossy(message).chars().take(9).collect());
                }
                CrewNews::Lost(piece, end) => self.told.push(format!("lost {piece:?}: {end:?}")),
                CrewNews::Tick => {}
            }
        }
    }

    fn told(crew: &Crew<'_>, left: &[u8]) -> Vec<String> {
        let mut notes = Notes { left: left.to_vec(), told: Vec::new() };
        run(crew, &mut notes).expect("copies run");
        notes.told.sort();
        notes.told
    }

    fn crew<'a>(size: usize, work: &'a dyn Fn(&[u8], Say<'_>) -> io::Result<()>) -> Crew<'a> {
        Crew { size, limits: CopyLimits::default(), fresh_above: u64::MAX, work, end: &|| () }
    }

    #[test]
    fn a_lost_piece_takes_no_other_with_it() {
        let found = told(
            &crew(2, &|piece, say| match piece {
                [0] => std::process::abort(),
                [1] => say(&vec![b'x'; 1 << 20]),
                [2] => say(b"+4"),
                _ => say(format!("piece {}", piece[0]).as_bytes()),
            }),
            &[0, 1, 2, 3],
        );
        let lost = "lost [0]: Died(\"signal 6\")";
        assert_eq!(found, ["+4", lost, "piece 3", "piece 52", "xxxxxxxxx"]);
    }

    #[test]
    fn a_copy_keeps_what_it_has_until_it_is_replaced() {
        let seen = Cell::new(0);
        let count: &dyn Fn(&[u8], Say<'_>) -> io::Result<()> = &|_, say| {
            seen.set(seen.get() + 1);
            say(seen.get().to_string().as_bytes())
        };
        assert_eq!(told(&crew(1, count), &[0, 0, 0]), ["1", "2", "3"]);
        let replaced = Crew { fresh_above: 0, ..crew(1, count) };
        assert_eq!(told(&replaced, &[0, 0, 0]), ["1", "1", "1"]);
    }
}
