//! The finished automaton, with lookahead data for each step of the matcher.

use std::collections::HashMap;

use super::bytes::ByteSet;
use super::error::RegexError;
use super::nfa::{NOWHERE, Nfa, Step};
use super::parse::parse;

/// One step of the matcher; numbers are indices into [`Program::nodes`] unless said otherwise.
#[derive(Clone, Copy, Debug)]
pub(super) enum Node {
    Byte {
        byte: u8,
        next: u32,
    },
    Set {
        set: u32,
        next: u32,
    },
    /// Greedy: the body first, then `next`. `guard` is set if the body may return here without consuming a byte: it
    /// is the index in the matcher's table of such loops.
    Repeat {
        body: u32,
        next: u32,
        guard: Option<u16>,
    },
    /// A repeat whose body is one set of bytes. `sole` says that none of these bytes can also begin what follows, so
    /// giving bytes back is pointless.
    Run {
        set: u32,
        body: u32,
        next: u32,
        sole: bool,
    },
    Either {
        left: u32,
        right: u32,
    },
    Begin {
        group: u16,
        next: u32,
    },
    End {
        group: u16,
        next: u32,
    },
    LineBegin {
        next: u32,
    },
    LineEnd {
        next: u32,
    },
    Accept,
}

/// What may come after a node: the bytes it can consume first, and whether the match may end without one
/// (assertions count as fulfilled).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Ahead {
    pub(super) bytes: ByteSet,
    pub(super) empty: bool,
}

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) nodes: Vec<Node>,
    pub(super) sets: Vec<ByteSet>,
    /// For each node an index into `aheads`.
    pub(super) ahead: Vec<u32>,
    pub(super) aheads: Vec<Ahead>,
    /// For each node whose outcome at a position is worth recording, its column in the memo.
    pub(super) memo: Vec<Option<u32>>,
    pub(super) memo_width: usize,
    pub(super) guards: usize,
    pub(super) start: u32,
    /// The number of groups in the pattern, not counting the whole match.
    pub(super) groups: usize,
    /// Whether every path begins with `^`.
    pub(super) anchored: bool,
}

impl Program {
    pub(super) fn compile(pattern: &[u8]) -> Result<Self, RegexError> {
        let (nfa, first) = parse(pattern)?;
        let mut program = lower(&nfa, first)?;
        program.look_ahead()?;
        Ok(program)
    }

    pub(super) fn ahead_of(&self, node: u32) -> &Ahead {
        &self.aheads[self.ahead[node as usize] as usize]
    }

    /// The nodes that `node` can reach next without consuming a byte.
    fn silent(&self, node: u32) -> [u32; 2] {
        match self.nodes[node as usize] {
            Node::Byte { .. } | Node::Set { .. } | Node::Accept => [NOWHERE; 2],
            Node::Repeat { body, next, .. } | Node::Run { body, next, .. } => [body, next],
            Node::Either { left, right } => [left, right],
            Node::Begin { next, .. } | Node::End { next, .. } => [next, NOWHERE],
            Node::LineBegin { next } | Node::LineEnd { next } => [next, NOWHERE],
        }
    }

    /// Fills in `ahead`, `memo`, the guards and the runs in one walk over the silent links: Tarjan's algorithm finds
    /// the components innermost first, so the successors of a node are known before the node.
    fn look_ahead(&mut self) -> Result<(), RegexError> {
        let count = self.nodes.len();
        let mut component = vec![NOWHERE; count];
        let mut interned: HashMap<Ahead, u32> = HashMap::new();
        let mut wary = vec![false; count];
        self.ahead = vec![0; count];
        for (number, members) in self.components().into_iter().enumerate() {
            let number = u32::try_from(number).map_err(|_| RegexError::TooLarge)?;
            members.iter().for_each(|&id| component[id as usize] = number);
            let mut ahead = Ahead::default();
            let mut guarded = false;
            for &id in &members {
                match self.nodes[id as usize] {
                    Node::Byte { byte, .. } => ahead.bytes.insert(byte),
                    Node::Set { set, .. } => ahead.bytes.add(&self.sets[set as usize]),
                    Node::Accept => ahead.empty = true,
                    _ => {}
                }
                for to in self.silent(id).into_iter().filter(|&to| to != NOWHERE) {
                    if component[to as usize] == number {
                        continue;
                    }
                    let beyond = *self.ahead_of(to);
                    ahead.bytes.add(&beyond.bytes);
                    ahead.empty |= beyond.empty;
                    guarded |= wary[to as usize];
                }
            }
            for &id in &members {
                if let Node::Repeat { body, guard, .. } = &mut self.nodes[id as usize]
                    && component[*body as usize] == number
                {
                    *guard = Some(u16::try_from(self.guards).map_err(|_| RegexError::TooLarge)?);
                    self.guards += 1;
                    guarded = true;
                }
            }
            let next = u32::try_from(self.aheads.len()).map_err(|_| RegexError::TooLarge)?;
            let place = *interned.entry(ahead).or_insert(next);
            if place == next {
                self.aheads.push(ahead);
            }
            for &id in &members {
                self.ahead[id as usize] = place;
                wary[id as usize] = guarded;
            }
        }
        self.mark_runs();
        self.mark_memo(&wary)
    }

    fn mark_runs(&mut self) {
        for id in 0..self.nodes.len() {
            let Node::Repeat { body, next, .. } = self.nodes[id] else { continue };
            let set = match self.nodes[body as usize] {
                Node::Set { set, next: back } if back as usize == id => set,
                Node::Byte { byte, next: back } if back as usize == id => {
                    self.sets.push(ByteSet::of(|other| other == byte));
                    // There is at most one set per node, and there are far fewer than 2³² nodes.
                    u32::try_from(self.sets.len() - 1).unwrap_or(NOWHERE)
                }
                _ => continue,
            };
            let sole = !self.ahead_of(next).bytes.meets(&self.sets[set as usize]);
            self.nodes[id] = Node::Run { set, body, next, sole };
        }
    }

    /// Chooses the nodes for the memo. A node's outcome depends only on the position, unless a guarded loop can be
    /// reached before the next byte. Of these nodes, it suffices to record those that consume a byte or have several
    /// predecessors.
    fn mark_memo(&mut self, wary: &[bool]) -> Result<(), RegexError> {
        let mut ways_in = vec![0_u8; self.nodes.len()];
        for id in 0..self.nodes.len() {
            let links = match self.nodes[id] {
                Node::Byte { next, .. } | Node::Set { next, .. } => [next, NOWHERE],
                _ => self.silent(u32::try_from(id).map_err(|_| RegexError::TooLarge)?),
            };
            for to in links.into_iter().filter(|&to| to != NOWHERE) {
                ways_in[to as usize] = ways_in[to as usize].saturating_add(1);
            }
        }
        self.memo = vec![None; self.nodes.len()];
        for id in 0..self.nodes.len() {
            let worth = match self.nodes[id] {
                Node::Byte { .. } | Node::Set { .. } => true,
                Node::Accept => false,
                _ => ways_in[id] > 1 && !wary[id],
            };
            if worth {
                self.memo[id] = Some(u32::try_from(self.memo_width).map_err(|_| RegexError::TooLarge)?);
                self.memo_width += 1;
            }
        }
        Ok(())
    }

    /// The strongly connected components of the silent links, each after those it leads to.
    fn components(&self) -> Vec<Vec<u32>> {
        let count = self.nodes.len();
        let mut found = Vec::new();
        let mut order = vec![0_usize; count];
        let mut low = vec![0_usize; count];
        let mut on_path = vec![false; count];
        let mut path: Vec<u32> = Vec::new();
        let mut walk: Vec<(u32, u8)> = Vec::new();
        let mut clock = 0;
        for root in (0..count).filter_map(|id| u32::try_from(id).ok()) {
            if order[root as usize] != 0 {
                continue;
            }
            walk.push((root, 0));
            while let Some((id, done)) = walk.last_mut() {
                let (node, place) = (*id, *id as usize);
                if *done == 0 && order[place] == 0 {
                    clock += 1;
                    order[place] = clock;
                    low[place] = clock;
                    path.push(node);
                    on_path[place] = true;
                }
                if let Some(&to) = self.silent(node).get(usize::from(*done)) {
                    *done += 1;
                    match order.get(to as usize) {
                        Some(0) => walk.push((to, 0)),
                        Some(&reached) if on_path[to as usize] => low[place] = low[place].min(reached),
                        _ => {}
                    }
                    continue;
                }
                walk.pop();
                if let Some(&(parent, _)) = walk.last() {
                    low[parent as usize] = low[parent as usize].min(low[place]);
                }
                if low[place] == order[place] {
                    let from = path.iter().rposition(|&member| member == node).unwrap_or(0);
                    let members = path.split_off(from);
                    members.iter().for_each(|&member| on_path[member as usize] = false);
                    found.push(members);
                }
            }
        }
        found
    }
}

/// Keeps the reachable states, without joints and the group marks of the whole match.
fn lower(nfa: &Nfa, first: u32) -> Result<Program, RegexError> {
    let resolve = |mut id: u32| loop {
        id = nfa.past_joints(id);
        match nfa.states.get(id as usize).map(|state| (state.step, state.next)) {
            Some((Step::Begin(0) | Step::End(0), next)) => id = next,
            _ => return id,
        }
    };
    let mut places: Vec<u32> = vec![NOWHERE; nfa.states.len()];
    let mut kept: Vec<u32> = Vec::new();
    let mut place = |id: u32, kept: &mut Vec<u32>| -> Result<u32, RegexError> {
        let id = resolve(id);
        let known = places.get_mut(id as usize).ok_or(RegexError::Invalid)?;
        if *known == NOWHERE {
            *known = u32::try_from(kept.len()).map_err(|_| RegexError::TooLarge)?;
            kept.push(id);
        }
        Ok(*known)
    };
    let start = place(first, &mut kept)?;
    let mut nodes = Vec::new();
    while let Some(&id) = kept.get(nodes.len()) {
        let state = nfa.states[id as usize];
        let next = if state.step == Step::Accept { NOWHERE } else { place(state.next, &mut kept)? };
        let group = |number: u32| u16::try_from(number).map_err(|_| RegexError::TooLarge);
        nodes.push(match state.step {
            Step::Byte(set) => {
                let mut bytes = nfa.sets[set as usize].iter();
                match (bytes.next(), bytes.next()) {
                    (Some(byte), None) => Node::Byte { byte, next },
                    _ => Node::Set { set, next },
                }
            }
            Step::Repeat(body) => Node::Repeat { body: place(body, &mut kept)?, next, guard: None },
            Step::Either(left) => Node::Either { left: place(left, &mut kept)?, right: next },
            Step::Begin(number) => Node::Begin { group: group(number - 1)?, next },
            Step::End(number) => Node::End { group: group(number - 1)?, next },
            Step::LineBegin => Node::LineBegin { next },
            Step::LineEnd => Node::LineEnd { next },
            Step::Joint | Step::Accept => Node::Accept,
        });
    }
    let anchored = matches!(nodes.get(start as usize), Some(Node::LineBegin { .. }));
    Ok(Program {
        nodes,
        sets: nfa.sets.clone(),
        ahead: Vec::new(),
        aheads: Vec::new(),
        memo: Vec::new(),
        memo_width: 0,
        guards: 0,
        start,
        groups: nfa.groups as usize - 1,
        anchored,
    })
}
