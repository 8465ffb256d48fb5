//! The matcher: libstdc++'s depth-first search with an explicit stack and without its exponential cases.
//!
//! The search order is visible in the groups. A loop tries its body first, and its exit only if the body led to no
//! match. An alternation tries both branches, and a match found later wins only if it is longer. So
//! `builtins.split "a*(ab)?"` finds `aa` in `aab`, not `aab`, but `(a|ab)(c|bcd)?` finds all of `abcd`.

use super::error::RegexError;
use super::memo::{Known, Memo};
use super::pattern::Regex;
use super::program::{Node, Program};

/// The number of steps on one text after which a pattern counts as too complex; Nix continues for minutes or years.
const STEP_LIMIT: u64 = 1 << 28;

/// The position of a group that took no part in the match.
const UNSET: usize = usize::MAX;

/// An alternative to try when the current path ends.
#[derive(Debug)]
enum Frame {
    /// The exit of a loop, unless there was a match.
    Leave {
        node: u32,
        at: usize,
    },
    /// The right branch of an alternation.
    Other {
        node: u32,
        at: usize,
    },
    /// There was a match in the left branch.
    Solved,
    /// Give back bytes of a run, down to `least`, unless there was a match.
    GiveBack {
        node: u32,
        least: usize,
        at: usize,
    },
    Begin {
        group: u16,
        old: usize,
    },
    End {
        group: u16,
        old: usize,
    },
    Guard {
        guard: u16,
        times: u8,
        at: usize,
    },
    Remember {
        column: u32,
        at: usize,
    },
}

/// The matcher's memory, reused between calls; after a match it holds the groups.
#[derive(Debug, Default)]
pub struct Scratch {
    stack: Vec<Frame>,
    begins: Vec<usize>,
    ends: Vec<usize>,
    best: Vec<Option<(usize, usize)>>,
    /// For each guarded loop, its last position and how often it was entered there.
    guards: Vec<(usize, u8)>,
    pub(super) memo: Option<Memo>,
    pub(super) steps: u64,
}

/// How a search is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// The match must end at the end of the text.
    Whole,
    /// The longest match that the search order finds.
    Longest,
    /// The same, but not the empty one.
    LongestNotEmpty,
}

impl Scratch {
    /// The spans of the pattern's groups in the last match; `None` for a group that took no part in it.
    pub fn groups(&self) -> &[Option<(usize, usize)>] {
        &self.best
    }

    /// Prepares for a new text.
    pub(super) fn clear(&mut self) {
        self.memo = None;
        self.steps = 0;
        self.best.clear();
    }

    fn reset(&mut self, program: &Program) {
        self.stack.clear();
        self.begins.clear();
        self.begins.resize(program.groups, UNSET);
        self.ends.clear();
        self.ends.resize(program.groups, UNSET);
        self.guards.clear();
        self.guards.resize(program.guards, (UNSET, 0));
        if let Some(memo) = &mut self.memo {
            memo.next_attempt();
        }
    }

    /// Ends the search early: the paths still being tried have not failed.
    fn leave_early(&mut self) {
        let Some(memo) = &mut self.memo else { return };
        for frame in self.stack.drain(..) {
            if let Frame::Remember { column, at } = frame {
                memo.solve(column, at);
            }
        }
    }

    fn keep_groups(&mut self) {
        let spans = self.begins.iter().zip(&self.ends);
        self.best.clear();
        self.best.extend(spans.map(|(&begin, &end)| (end != UNSET).then_some((begin, end))));
    }
}

impl Regex {
    /// `builtins.match`: whether the whole text matches; the groups are then in [`Scratch::groups`].
    ///
    /// # Errors
    /// [`RegexError::TooComplex`]
    pub fn full_match(&self, scratch: &mut Scratch, text: &[u8]) -> Result<bool, RegexError> {
        scratch.clear();
        Ok(attempt(self, scratch, text, 0, Goal::Whole)?.is_some())
    }
}

/// Tries to match at `start` and returns the end of the match. First searches without a memo, which is fastest for
/// ordinary patterns; once the steps are out of proportion to the text, with one.
pub(super) fn attempt(
    regex: &Regex,
    scratch: &mut Scratch,
    text: &[u8],
    start: usize,
    goal: Goal,
) -> Result<Option<usize>, RegexError> {
    let program = &regex.program;
    if scratch.memo.is_none() {
        let budget = regex.easy_steps.saturating_mul(128 + text.len() as u64);
        if let Ok(found) = search::<false>(program, scratch, text, start, goal, budget) {
            return Ok(found);
        }
        scratch.memo = Some(Memo::new(program.memo_width));
        scratch.steps = 0;
    }
    let cells = (program.memo_width as u64).saturating_mul(text.len() as u64 + 1);
    let budget = STEP_LIMIT.saturating_add(cells.saturating_mul(64));
    search::<true>(program, scratch, text, start, goal, budget)
}

/// Makes one attempt within a limit of steps that all attempts on the text share; fails with
/// [`RegexError::TooComplex`] beyond it.
fn search<const REMEMBER: bool>(
    program: &Program,
    scratch: &mut Scratch,
    text: &[u8],
    start: usize,
    goal: Goal,
    budget: u64,
) -> Result<Option<usize>, RegexError> {
    scratch.reset(program);
    let whole = goal == Goal::Whole;
    let possible = |node: u32, at: usize| {
        let ahead = program.ahead_of(node);
        match text.get(at) {
            Some(&byte) => ahead.bytes.has(byte) || (ahead.empty && !whole),
            None => ahead.empty,
        }
    };
    let mut longest: Option<usize> = None;
    let mut solved = false;
    // The number of frames with alternatives: while it is zero, nothing needs to be restored.
    let mut choices = 0_usize;
    let (mut node, mut at) = (program.start, start);
    loop {
        scratch.steps += 1;
        if scratch.steps > budget {
            return Err(RegexError::TooComplex);
        }
        let mut way = None;
        let remembered = if REMEMBER { program.memo[node as usize] } else { None };
        let known = match (remembered, &mut scratch.memo) {
            (Some(column), Some(memo)) => {
                let known = memo.enter(column, at)?;
                if !whole && matches!(known, Known::Nothing) {
                    scratch.stack.push(Frame::Remember { column, at });
                }
                known
            }
            _ => Known::Nothing,
        };
        match known {
            Known::Failed => {}
            Known::Solved => solved = true,
            Known::Nothing => match program.nodes[node as usize] {
                Node::Byte { byte, next } => {
                    if text.get(at) == Some(&byte) {
                        way = Some((next, at + 1));
                    }
                }
                Node::Set { set, next } => {
                    if text.get(at).is_some_and(|&byte| program.sets[set as usize].has(byte)) {
                        way = Some((next, at + 1));
                    }
                }
                Node::Run { set, next, sole, .. } if !REMEMBER => {
                    let set = &program.sets[set as usize];
                    let rest = text.get(at..).unwrap_or_default();
                    let end = at + rest.iter().position(|&byte| !set.has(byte)).unwrap_or(rest.len());
                    scratch.steps += (end - at) as u64 / 8;
                    if end > at && !(sole && (whole || !program.ahead_of(next).empty)) {
                        scratch.stack.push(Frame::GiveBack { node, least: at, at: end });
                        choices += 1;
                    }
                    if possible(next, end) {
                        way = Some((next, end));
                    }
                }
                Node::Run { body, next, .. } => {
                    let (enter, leave) = (possible(body, at), possible(next, at));
                    if enter && leave {
                        scratch.stack.push(Frame::Leave { node: next, at });
                        choices += 1;
                    }
                    way = enter.then_some((body, at)).or(leave.then_some((next, at)));
                }
                Node::Repeat { body, next, guard } => {
                    // libstdc++ enters a loop at most twice at one position, the second time only to set the
                    // groups in it.
                    let times = match guard.map(|guard| scratch.guards[usize::from(guard)]) {
                        Some((place, times)) if place == at => times,
                        _ => 0,
                    };
                    let (enter, leave) = (times < 2 && possible(body, at), possible(next, at));
                    if enter && leave {
                        scratch.stack.push(Frame::Leave { node: next, at });
                        choices += 1;
                    }
                    if let (Some(guard), true) = (guard, enter) {
                        let entry = &mut scratch.guards[usize::from(guard)];
                        if choices > 0 {
                            scratch.stack.push(Frame::Guard { guard, times: entry.1, at: entry.0 });
                        }
                        *entry = (at, times + 1);
                    }
                    way = enter.then_some((body, at)).or(leave.then_some((next, at)));
                }
                Node::Either { left, right } => {
                    way = match (possible(left, at), possible(right, at)) {
                        (true, true) => {
                            scratch.stack.push(Frame::Other { node: right, at });
                            choices += 1;
                            Some((left, at))
                        }
                        (true, false) => Some((left, at)),
                        (false, true) => Some((right, at)),
                        (false, false) => None,
                    };
                }
                Node::Begin { group, next } => {
                    let begin = &mut scratch.begins[usize::from(group)];
                    if choices > 0 {
                        scratch.stack.push(Frame::Begin { group, old: *begin });
                    }
                    *begin = at;
                    way = Some((next, at));
                }
                Node::End { group, next } => {
                    let end = &mut scratch.ends[usize::from(group)];
                    if choices > 0 {
                        scratch.stack.push(Frame::End { group, old: *end });
                    }
                    *end = at;
                    way = Some((next, at));
                }
                Node::LineBegin { next } => way = (at == 0).then_some((next, at)),
                Node::LineEnd { next } => way = (at == text.len()).then_some((next, at)),
                Node::Accept => {
                    solved = match goal {
                        Goal::Whole => at == text.len(),
                        Goal::Longest => true,
                        Goal::LongestNotEmpty => at > start,
                    };
                    if solved && longest.is_none_or(|end| end < at) {
                        longest = Some(at);
                        scratch.keep_groups();
                        if at == text.len() {
                            scratch.leave_early();
                            return Ok(longest);
                        }
                    }
                }
            },
        }
        while way.is_none() {
            match scratch.stack.pop() {
                None => return Ok(longest),
                Some(Frame::Leave { node, at }) => {
                    choices -= 1;
                    way = (!solved).then_some((node, at));
                }
                Some(Frame::Other { node, at }) => {
                    choices -= 1;
                    if solved {
                        scratch.stack.push(Frame::Solved);
                        solved = false;
                    }
                    way = Some((node, at));
                }
                Some(Frame::Solved) => solved = true,
                Some(Frame::GiveBack { node, least, at }) => {
                    choices -= 1;
                    let Node::Run { next, .. } = program.nodes[node as usize] else { continue };
                    if !solved && let Some(place) = (least..at).rev().find(|&place| possible(next, place)) {
                        scratch.steps += (at - place) as u64 / 8;
                        if place > least {
                            scratch.stack.push(Frame::GiveBack { node, least, at: place });
                            choices += 1;
                        }
                        way = Some((next, place));
                    }
                }
                Some(Frame::Begin { group, old }) => scratch.begins[usize::from(group)] = old,
                Some(Frame::End { group, old }) => scratch.ends[usize::from(group)] = old,
                Some(Frame::Guard { guard, times, at }) => scratch.guards[usize::from(guard)] = (at, times),
                Some(Frame::Remember { column, at }) => {
                    if solved && let Some(memo) = &mut scratch.memo {
                        memo.solve(column, at);
                    }
                }
            }
        }
        if let Some((next_node, next_at)) = way {
            (node, at) = (next_node, next_at);
        }
    }
}
