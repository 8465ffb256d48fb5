//! The automaton under construction. It has exactly as many states as in libstdc++, because their number decides when
//! a pattern fails with "memory limit exceeded".

use super::bytes::ByteSet;
use super::error::RegexError;

/// libstdc++ refuses an automaton with more states.
const STATE_LIMIT: usize = 100_000;

/// A link that is not set yet.
pub(super) const NOWHERE: u32 = u32::MAX;

/// What a state does before it continues to its `next`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing: a joint, removed at the end.
    Joint,
    /// Consumes one byte of this set (an index into [`Nfa::sets`]).
    Byte(u32),
    /// A greedy loop or option: `.0` is the body, tried first, `next` the exit.
    Repeat(u32),
    /// `.0` is the left branch, tried first, `next` the right one.
    Either(u32),
    Begin(u32),
    End(u32),
    LineBegin,
    LineEnd,
    Accept,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    pub(super) step: Step,
    pub(super) next: u32,
}

/// A piece of an automaton with one entry and one exit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) start: u32,
    pub(super) end: u32,
}

#[derive(Debug, Default)]
pub(super) struct Nfa {
    pub(super) states: Vec<State>,
    pub(super) sets: Vec<ByteSet>,
    pub(super) groups: u32,
    /// For each state its copy while a piece is copied; [`NOWHERE`] otherwise.
    copies: Vec<u32>,
}

impl Nfa {
    /// Adds a state as a piece of its own.
    pub(super) fn state(&mut self, step: Step) -> Result<Piece, RegexError> {
        self.states.push(State { step, next: NOWHERE });
        match u32::try_from(self.states.len() - 1) {
            Ok(id) if self.states.len() <= STATE_LIMIT => Ok(Piece { start: id, end: id }),
            _ => Err(RegexError::TooLarge),
        }
    }

    pub(super) fn set(&mut self, set: ByteSet) -> Result<Piece, RegexError> {
        let id = u32::try_from(self.sets.len()).map_err(|_| RegexError::TooLarge)?;
        self.sets.push(set);
        self.state(Step::Byte(id))
    }

    fn at(&mut self, id: u32) -> &mut State {
        &mut self.states[id as usize]
    }

    /// Links `first` to `second`.
    pub(super) fn chain(&mut self, first: &mut Piece, second: Piece) {
        self.at(first.end).next = second.start;
        first.end = second.end;
    }

    /// `left|right`
    pub(super) fn either(&mut self, mut left: Piece, mut right: Piece) -> Result<Piece, RegexError> {
        let joint = self.state(Step::Joint)?;
        self.chain(&mut left, joint);
        self.chain(&mut right, joint);
        let fork = self.state(Step::Either(left.start))?;
        self.at(fork.start).next = right.start;
        Ok(Piece { start: fork.start, end: joint.end })
    }

    /// `body*`
    pub(super) fn star(&mut self, mut body: Piece) -> Result<Piece, RegexError> {
        let repeat = self.state(Step::Repeat(body.start))?;
        self.chain(&mut body, repeat);
        Ok(repeat)
    }

    /// `body+`
    pub(super) fn plus(&mut self, mut body: Piece) -> Result<Piece, RegexError> {
        let repeat = self.state(Step::Repeat(body.start))?;
        self.chain(&mut body, repeat);
        Ok(body)
    }

    /// `body?`
    pub(super) fn optional(&mut self, mut body: Piece) -> Result<Piece, RegexError> {
        let joint = self.state(Step::Joint)?;
        let mut repeat = self.state(Step::Repeat(body.start))?;
        self.chain(&mut body, joint);
        self.chain(&mut repeat, joint);
        Ok(repeat)
    }

    /// `body{least,…}`: copies of the body. Each optional copy also leads directly to the end; without an upper
    /// bound, the last one loops.
    pub(super) fn interval(
        &mut self,
        body: Piece,
        least: i64,
        more: Option<i64>,
    ) -> Result<Piece, RegexError> {
        let mut whole = self.state(Step::Joint)?;
        for _ in 0..least {
            let copy = self.copy(body)?;
            self.chain(&mut whole, copy);
        }
        let Some(more) = more else {
            let copy = self.copy(body)?;
            let looping = self.star(copy)?;
            self.chain(&mut whole, looping);
            return Ok(whole);
        };
        if more < 0 {
            return Err(RegexError::Invalid);
        }
        let joint = self.state(Step::Joint)?;
        for _ in 0..more {
            let copy = self.copy(body)?;
            let repeat = self.state(Step::Repeat(copy.start))?;
            self.at(repeat.start).next = joint.start;
            self.at(whole.end).next = repeat.start;
            whole.end = copy.end;
        }
        self.chain(&mut whole, joint);
        Ok(whole)
    }

    /// Copies a finished piece. The walk may copy a state twice if two paths reach it; one copy stays unused but
    /// counts, as in libstdc++.
    fn copy(&mut self, piece: Piece) -> Result<Piece, RegexError> {
        let first_copy = self.states.len();
        self.copies.resize(first_copy, NOWHERE);
        let mut waiting = vec![piece.start];
        let mut walked = Vec::new();
        while let Some(id) = waiting.pop() {
            let State { step, next } = self.states[id as usize];
            let copy = self.state(step)?.start;
            self.at(copy).next = next;
            self.copies[id as usize] = copy;
            walked.push(id);
            let mut visit = |to: u32| {
                if to != NOWHERE && self.copies[to as usize] == NOWHERE {
                    waiting.push(to);
                }
            };
            if let Step::Repeat(to) | Step::Either(to) = step {
                visit(to);
            }
            if id != piece.end {
                visit(next);
            }
        }
        let copied = |id: u32| if id == NOWHERE { NOWHERE } else { self.copies[id as usize] };
        for state in &mut self.states[first_copy..] {
            state.next = copied(state.next);
            if let Step::Repeat(to) | Step::Either(to) = &mut state.step {
                *to = copied(*to);
            }
        }
        let copy = Piece { start: copied(piece.start), end: copied(piece.end) };
        walked.iter().for_each(|&id| self.copies[id as usize] = NOWHERE);
        Ok(copy)
    }

    /// Where a link leads once the joints are removed.
    pub(super) fn past_joints(&self, mut id: u32) -> u32 {
        while let Some(State { step: Step::Joint, next }) = self.states.get(id as usize) {
            id = *next;
        }
        id
    }
}
