//! Compiled patterns, and where in a text their matches can begin.

use memchr::memmem;

use super::bytes::ByteSet;
use super::error::RegexError;
use super::program::{Node, Program};

/// Steps per byte of text after which the matcher starts to use its memo.
const EASY_STEPS: u64 = 32;

/// A compiled pattern. Compiling takes some microseconds, so cache it by its text.
#[derive(Debug)]
pub struct Regex {
    pub(super) program: Program,
    pub(super) start: Start,
    pub(super) easy_steps: u64,
}

impl Regex {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// [`RegexError::Invalid`] and [`RegexError::TooLarge`] in the same cases as Nix.
    pub fn new(pattern: &[u8]) -> Result<Self, RegexError> {
        let program = Program::compile(pattern)?;
        let start = Start::of(&program);
        Ok(Regex { program, start, easy_steps: EASY_STEPS })
    }
}

/// Where in a text a match can begin.
#[derive(Debug)]
pub(super) enum Start {
    /// Only at the start of the text.
    Anchored,
    Anywhere,
    One(u8),
    Two(u8, u8),
    Three(u8, u8, u8),
    Set(ByteSet),
    /// At these bytes; `whole` says that they are the entire pattern.
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

    /// The first position from `from` on where a match may begin.
    pub(super) fn find(&self, text: &[u8], from: usize) -> Option<usize> {
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

/// The bytes with which every match begins, and whether they are the entire pattern.
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
