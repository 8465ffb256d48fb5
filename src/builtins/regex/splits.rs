//! Successive matches in a text, as `std::regex_iterator` finds them.

use memchr::memmem;

use super::bytes::ByteSet;
use super::exec::{Goal, Scratch, attempt};
use super::program::{Node, Program};
use super::{Regex, RegexError};

/// Where in a text a match can begin at all.
#[derive(Debug)]
pub(super) enum Start {
    /// Only at the start of the text.
    Anchored,
    Anywhere,
    One(u8),
    Two(u8, u8),
    Three(u8, u8, u8),
    Set(ByteSet),
    /// At these bytes; `whole` says that they are all of the pattern.
    Literal {
        finder: Box<memmem::Finder<'static>>,
        whole: bool,
    },
}

impl Start {
    pub(super) fn of(program: &Program) -> Self {
        if program.anchored {
            return Start::Anchored;
        }
        let (literal, whole) = literal(program);
        if literal.len() > 1 {
            return Start::Literal { finder: Box::new(memmem::Finder::new(&literal).into_owned()), whole };
        }
        let ahead = program.ahead_of(program.start);
        let few: Vec<u8> = ahead.bytes.iter().take(4).collect();
        match few.as_slice() {
            _ if ahead.empty => Start::Anywhere,
            [a] => Start::One(*a),
            [a, b] => Start::Two(*a, *b),
            [a, b, c] => Start::Three(*a, *b, *c),
            _ => Start::Set(ahead.bytes),
        }
    }

    /// The first place from `from` on where a match may begin.
    fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        let rest = text.get(from..)?;
        let found = match self {
            Start::Anchored => (from == 0).then_some(0),
            Start::Anywhere => Some(0),
            Start::One(a) => memchr::memchr(*a, rest),
            Start::Two(a, b) => memchr::memchr2(*a, *b, rest),
            Start::Three(a, b, c) => memchr::memchr3(*a, *b, *c, rest),
            Start::Set(set) => rest.iter().position(|&byte| set.has(byte)),
            Start::Literal { finder, .. } => finder.find(rest),
        };
        found.map(|offset| from + offset)
    }
}

/// The bytes every match begins with, and whether the pattern is nothing else.
fn literal(program: &Program) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    let mut node = program.start;
    loop {
        node = match program.nodes[node as usize] {
            Node::Byte { byte, next } => {
                bytes.push(byte);
                next
            }
            Node::Begin { next, .. } | Node::End { next, .. } => next,
            Node::Accept => return (bytes, program.groups == 0),
            _ => return (bytes, false),
        };
    }
}

/// One match; its groups are in [`Splits::groups`] until the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// Where the match before ended: the text from here to `start` lies between the two.
    pub after: usize,
    /// Where the match begins.
    pub start: usize,
    /// Where the match ends.
    pub end: usize,
}

/// The matches of a pattern in a text, one after the other.
#[derive(Debug)]
pub struct Splits<'r> {
    regex: &'r Regex,
    scratch: &'r mut Scratch,
    text: &'r [u8],
    last: Option<Match>,
}

impl<'r> Splits<'r> {
    pub(super) fn new(regex: &'r Regex, scratch: &'r mut Scratch, text: &'r [u8]) -> Self {
        scratch.clear();
        Splits { regex, scratch, text, last: None }
    }

    /// The spans of the groups of the match found last.
    pub fn groups(&self) -> &[Option<(usize, usize)>] {
        self.scratch.groups()
    }

    /// The next match. After an empty one, a match at the same place is looked for first that is not empty; so
    /// `builtins.split "x*" "ax"` finds the empty string at 0, then `x`, then the empty string at the end.
    ///
    /// # Errors
    /// [`RegexError::TooComplex`]
    pub fn find_next(&mut self) -> Result<Option<Match>, RegexError> {
        let mut from = 0;
        let mut after = 0;
        if let Some(Match { start, end, .. }) = self.last {
            (from, after) = (end, end);
            if start == end {
                if end == self.text.len() {
                    return Ok(None);
                }
                if let Some(longer) =
                    attempt(self.regex, self.scratch, self.text, end, Goal::LongestNotEmpty)?
                {
                    return Ok(self.found(after, end, longer));
                }
                from = end + 1;
            }
        }
        while let Some(start) = self.regex.start.find(self.text, from) {
            if let Start::Literal { finder, whole: true } = &self.regex.start {
                return Ok(self.found(after, start, start + finder.needle().len()));
            }
            if let Some(end) = attempt(self.regex, self.scratch, self.text, start, Goal::Longest)? {
                return Ok(self.found(after, start, end));
            }
            from = start + 1;
        }
        Ok(None)
    }

    fn found(&mut self, after: usize, start: usize, end: usize) -> Option<Match> {
        self.last = Some(Match { after, start, end });
        self.last
    }
}
