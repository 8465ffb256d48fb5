//! Makes a program that differs as short as possible.

use super::grammar::{Child, Grammar, Node};

/// How many shorter programs are tried.
const TRIES: usize = 400;

/// The shortest program found, starting from one for which `differs` holds.
pub fn minimise(grammar: &Grammar, program: &Node, differs: impl Fn(&Node) -> bool) -> Node {
    let mut best = program.clone();
    let mut tries = 0;
    'shorter: loop {
        let mut candidates = Vec::new();
        for place in 0..count(&best) {
            candidates.extend(replacements(grammar, &best, place));
        }
        candidates.sort_by_key(|candidate| candidate.text().len());
        let length = best.text().len();
        for candidate in candidates.into_iter().filter(|candidate| candidate.text().len() < length) {
            tries += 1;
            if tries > TRIES {
                return best;
            }
            if differs(&candidate) {
                best = candidate;
                continue 'shorter;
            }
        }
        return best;
    }
}

/// The nodes of a program, in the order of its text.
fn count(node: &Node) -> usize {
    1 + inside(node).map(count).sum::<usize>()
}

fn inside(node: &Node) -> impl Iterator<Item = &Node> {
    node.children.iter().flat_map(|child| match child {
        Child::Text(_) => &[][..],
        Child::One(node) => std::slice::from_ref(node),
        Child::Several(nodes) => &nodes[..],
    })
}

/// The node with a number.
fn at(node: &Node, place: usize) -> Option<&Node> {
    if place == 0 {
        return Some(node);
    }
    let mut left = place - 1;
    for child in inside(node) {
        let size = count(child);
        if left < size {
            return at(child, left);
        }
        left -= size;
    }
    None
}

/// The program with another node in the place of the one with a number.
fn with(node: &Node, place: usize, new: &Node) -> Node {
    if place == 0 {
        return new.clone();
    }
    let mut left = place - 1;
    let mut replace = |child: &Node| {
        let size = count(child);
        let here = left < size;
        let out = if here { with(child, left, new) } else { child.clone() };
        left = if here { usize::MAX } else { left.saturating_sub(size) };
        out
    };
    let children = node.children.iter().map(|child| match child {
        Child::Text(text) => Child::Text(text.clone()),
        Child::One(node) => Child::One(replace(node)),
        Child::Several(nodes) => Child::Several(nodes.iter().map(&mut replace).collect()),
    });
    Node { symbol: node.symbol.clone(), children: children.collect() }
}

/// The programs that are simpler in one place: what is further in comes in the place of what is around it, the simplest of a
/// symbol in the place of another, and what is repeated is left out.
fn replacements(grammar: &Grammar, program: &Node, place: usize) -> Vec<Node> {
    let Some(here) = at(program, place) else {
        return Vec::new();
    };
    let mut found: Vec<Node> = grammar.simplest(&here.symbol).into_iter().collect();
    let descendants = (1..count(here)).filter_map(|inner| at(here, inner));
    found.extend(descendants.filter(|inner| inner.symbol == here.symbol).cloned());
    for (i, child) in here.children.iter().enumerate() {
        let Child::Several(nodes) = child else {
            continue;
        };
        for left_out in 0..nodes.len() {
            let mut fewer = nodes.clone();
            fewer.remove(left_out);
            let mut node = here.clone();
            node.children[i] = Child::Several(fewer);
            found.push(node);
        }
    }
    found.iter().map(|new| with(program, place, new)).collect()
}
