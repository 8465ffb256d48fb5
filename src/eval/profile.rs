//! Profiles: samples of the stack of calls.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use hashbrown::HashMap;

use crate::heap::CodeRef;
use crate::source::Pos;

/// A call, with its position.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Frame {
    /// A function; for curried functions, the one that takes that argument.
    Function { code: CodeRef, argument: u32, pos: Pos },
    /// A built-in or a function of the native library.
    Builtin { name: &'static str, library: bool, pos: Pos },
    /// `derivationStrict`, for the derivation of that name.
    Derivation { name: Box<str>, pos: Pos },
    /// A set with a `__functor`.
    Functor { pos: Pos },
    /// A value that is not a function, or not yet known to be one.
    Other { pos: Pos },
}

/// The stack of calls, and how often each stack was sampled.
///
/// Stacks are stored as a tree, because most of them share a prefix.
pub(super) struct Profile {
    period: Duration,
    last: Instant,
    stack: Vec<Frame>,
    nodes: Vec<Node>,
    children: HashMap<(usize, Frame), usize>,
}

/// The calls of a stack up to this one.
struct Node {
    parent: usize,
    frame: Frame,
    count: u64,
}

/// The parent of the first call of a stack.
const ROOT: usize = usize::MAX;

impl Profile {
    /// A profile that samples the stack each `period`, or at each call if that is zero.
    pub(super) fn new(period: Duration) -> Profile {
        Profile {
            period,
            last: Instant::now(),
            stack: Vec::new(),
            nodes: Vec::new(),
            children: HashMap::new(),
        }
    }

    /// Records that a call begins.
    pub(super) fn enter(&mut self, frame: Frame) {
        self.stack.push(frame);
        let now = Instant::now();
        if self.period.is_zero() || now - self.last > self.period {
            self.take();
            self.last = now;
        }
    }

    /// Records that the innermost call has ended.
    pub(super) fn leave(&mut self) {
        self.stack.pop();
    }

    fn take(&mut self) {
        let mut at = ROOT;
        for frame in &self.stack {
            let next = self.nodes.len();
            at = match self.children.get(&(at, frame.clone())) {
                Some(known) => *known,
                None => {
                    self.children.insert((at, frame.clone()), next);
                    self.nodes.push(Node { parent: at, frame: frame.clone(), count: 0 });
                    next
                }
            };
        }
        if let Some(node) = self.nodes.get_mut(at) {
            node.count += 1;
        }
    }

    /// One line for each sampled stack: its calls, outermost first, and the number of samples.
    pub(super) fn folded(&self, show: impl Fn(&Frame) -> String) -> Vec<u8> {
        let mut names: HashMap<&Frame, String> = HashMap::new();
        let mut lines: BTreeMap<String, u64> = BTreeMap::new();
        for node in self.nodes.iter().filter(|node| node.count > 0) {
            let mut path = vec![&node.frame];
            let mut parent = node.parent;
            while let Some(node) = self.nodes.get(parent) {
                path.push(&node.frame);
                parent = node.parent;
            }
            let mut line = String::new();
            for (i, frame) in path.into_iter().rev().enumerate() {
                if i > 0 {
                    line.push(';');
                }
                line.push_str(names.entry(frame).or_insert_with(|| show(frame)));
            }
            *lines.entry(line).or_default() += node.count;
        }
        lines.into_iter().flat_map(|(line, count)| format!("{line} {count}\n").into_bytes()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_are_folded() {
        let mut profile = Profile::new(Duration::ZERO);
        let call = |name| Frame::Builtin { name, library: false, pos: Pos::NONE };
        for name in ["b", "c", "b"] {
            profile.enter(call("a"));
            profile.enter(call(name));
            profile.leave();
            profile.leave();
        }
        let show = |frame: &Frame| match frame {
            Frame::Builtin { name, .. } => (*name).to_owned(),
            _ => String::new(),
        };
        assert_eq!(String::from_utf8(profile.folded(show)).as_deref(), Ok("a 3\na;b 2\na;c 1\n"));
    }

    #[test]
    fn stacks_are_taken_in_intervals() {
        let mut profile = Profile::new(Duration::from_secs(3600));
        profile.enter(Frame::Other { pos: Pos::NONE });
        assert!(profile.folded(|_| String::new()).is_empty());
    }
}
