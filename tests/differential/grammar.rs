//! Grammars of programs (`testdata/differential/*.txt`), and programs made from them.
//!
//! A line that is not indented is the name of a symbol, in capitals; the indented lines below it are its productions.
//! Between backquotes, a production has parts that differ from program to program:
//!
//! - `` `S` ``: something of the symbol S; `` `S*` ``: up to four of them, with spaces between
//! - `` `x` ``: a new name, which is the same everywhere in the production
//! - `` `S x=I y=L` ``: something of S, in which the names x and y are variables of I and L
//! - `` `n` ``: a line break
//!
//! `3| ` before a production makes it three times as probable. The first production of a symbol is its simplest, which
//! minimising puts in the place of others. Where a symbol's name ends with `!`, nothing of another symbol comes in its place.

use std::collections::HashMap;

use fastrand::Rng;

/// How many times something may be repeated.
const REPEATED: usize = 4;
/// Once in how many places there is something of another symbol, so that programs also fail.
const WRONG: usize = 90;
/// The symbol of all that an expression can be.
const ANY: &str = "X";

/// A part of a production.
#[derive(Debug, Clone)]
enum Part {
    Text(String),
    /// A name that the production introduces.
    Name(String),
    Hole {
        symbol: String,
        repeated: bool,
        /// Names of the production, and of what they are variables.
        variables: Vec<(String, String)>,
    },
}

#[derive(Debug)]
struct Production {
    weight: usize,
    parts: Vec<Part>,
}

impl Production {
    fn is_leaf(&self) -> bool {
        self.parts.iter().all(|part| !matches!(part, Part::Hole { repeated: false, .. }))
    }
}

#[derive(Debug, Default)]
struct Symbol {
    exact: bool,
    productions: Vec<Production>,
}

/// A grammar.
#[derive(Debug)]
pub struct Grammar {
    symbols: HashMap<String, Symbol>,
}

/// A part of a program: text, and parts in it.
#[derive(Debug, Clone)]
pub struct Node {
    /// The symbol that asked for it.
    pub symbol: String,
    pub children: Vec<Child>,
}

/// A piece of a node.
#[derive(Debug, Clone)]
pub enum Child {
    Text(String),
    One(Node),
    Several(Vec<Node>),
}

impl Node {
    /// The text of the program.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        for child in &self.children {
            match child {
                Child::Text(text) => out.push_str(text),
                Child::One(node) => node.write(out),
                Child::Several(nodes) => {
                    for (i, node) in nodes.iter().enumerate() {
                        if i > 0 {
                            out.push(' ');
                        }
                        node.write(out);
                    }
                }
            }
        }
    }
}

impl Grammar {
    /// Reads a grammar.
    pub fn read(text: &str) -> Grammar {
        let mut symbols: HashMap<String, Symbol> = HashMap::new();
        let mut current = String::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let Some(production) = line.strip_prefix("    ") else {
                let name = line.trim_end_matches('!');
                current = name.to_owned();
                symbols.entry(current.clone()).or_default().exact = line.ends_with('!');
                continue;
            };
            let (weight, production) = match production.split_once("| ") {
                Some((weight, rest)) if weight.parse::<usize>().is_ok() => {
                    (weight.parse().unwrap_or(1), rest)
                }
                _ => (1, production),
            };
            let symbol = symbols.get_mut(&current).expect("a symbol comes first");
            symbol.productions.push(Production { weight, parts: parts(production) });
        }
        let grammar = Grammar { symbols };
        grammar.check();
        grammar
    }

    /// Every symbol that is asked for exists, and has a production that asks for none.
    fn check(&self) {
        for (name, symbol) in &self.symbols {
            assert!(symbol.productions.iter().any(Production::is_leaf), "{name} has no simple production");
            for part in symbol.productions.iter().flat_map(|production| &production.parts) {
                if let Part::Hole { symbol, variables, .. } = part {
                    for asked in variables.iter().map(|(_, asked)| asked).chain([symbol]) {
                        assert!(
                            self.symbols.contains_key(asked),
                            "{name} asks for {asked}, which is no symbol"
                        );
                    }
                }
            }
        }
    }

    /// A program.
    pub fn program(&self, rng: &mut Rng, start: &str) -> Node {
        let depth = rng.usize(1..8);
        let mut making = Making { grammar: self, rng, names: 0, left: 60, scope: Vec::new() };
        making.node(start, depth)
    }

    /// The simplest thing of a symbol.
    pub fn simplest(&self, symbol: &str) -> Option<Node> {
        let production = self.symbols[symbol].productions.first()?;
        let text = |part: &Part| match part {
            Part::Text(text) => Some(Child::Text(text.clone())),
            Part::Hole { repeated: true, .. } => Some(Child::Several(Vec::new())),
            Part::Name(_) | Part::Hole { .. } => None,
        };
        let children = production.parts.iter().map(text).collect::<Option<_>>()?;
        Some(Node { symbol: symbol.to_owned(), children })
    }
}

fn parts(production: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for (i, piece) in production.split('`').enumerate() {
        let part = if i % 2 == 0 {
            Part::Text(piece.to_owned())
        } else if piece == "n" {
            Part::Text("\n".to_owned())
        } else if piece.starts_with(|c: char| c.is_lowercase()) {
            Part::Name(piece.to_owned())
        } else {
            let mut words = piece.split(' ');
            let symbol = words.next().unwrap_or_default();
            let variable = |word: &str| {
                let (name, symbol) = word.split_once('=').expect("name=SYMBOL");
                (name.to_owned(), symbol.to_owned())
            };
            Part::Hole {
                symbol: symbol.trim_end_matches('*').to_owned(),
                repeated: symbol.ends_with('*'),
                variables: words.map(variable).collect(),
            }
        };
        parts.push(part);
    }
    parts
}

/// A program that is being made.
struct Making<'a> {
    grammar: &'a Grammar,
    rng: &'a mut Rng,
    names: usize,
    /// How many more productions are worth their length.
    left: usize,
    /// The variables and their symbols.
    scope: Vec<(String, String)>,
}

impl Making<'_> {
    fn node(&mut self, symbol: &str, depth: usize) -> Node {
        let other = !self.grammar.symbols[symbol].exact && self.rng.usize(..WRONG) == 0;
        let wanted = if other { ANY } else { symbol };
        self.left = self.left.saturating_sub(1);
        let known: Vec<&String> =
            self.scope.iter().filter(|(_, of)| of == wanted).map(|(name, _)| name).collect();
        if !known.is_empty() && self.rng.usize(..3) == 0 {
            let name = known[self.rng.usize(..known.len())].clone();
            return Node { symbol: symbol.to_owned(), children: vec![Child::Text(name)] };
        }
        let simple = depth == 0 || self.left == 0;
        let productions = &self.grammar.symbols[wanted].productions;
        let fitting: Vec<&Production> =
            productions.iter().filter(|production| !simple || production.is_leaf()).collect();
        let total: usize = fitting.iter().map(|production| production.weight).sum();
        let mut at = self.rng.usize(..total);
        let chosen = fitting.iter().find(|production| {
            let here = at < production.weight;
            at = at.saturating_sub(production.weight);
            here
        });
        let parts = &chosen.expect("a production").parts;
        Node { symbol: symbol.to_owned(), children: self.children(parts, depth.saturating_sub(1)) }
    }

    fn children(&mut self, parts: &[Part], depth: usize) -> Vec<Child> {
        let mut names: HashMap<&str, String> = HashMap::new();
        let mut children = Vec::new();
        for part in parts {
            children.push(match part {
                Part::Text(text) => Child::Text(text.clone()),
                Part::Name(name) => Child::Text(self.name(&mut names, name)),
                Part::Hole { symbol, repeated, variables } => {
                    let before = self.scope.len();
                    for (name, of) in variables {
                        let name = self.name(&mut names, name);
                        self.scope.push((name, of.clone()));
                    }
                    let child = if *repeated {
                        let most = if depth == 0 || self.left == 0 { 0 } else { REPEATED };
                        let count = self.rng.usize(..=most);
                        Child::Several((0..count).map(|_| self.node(symbol, depth)).collect())
                    } else {
                        Child::One(self.node(symbol, depth))
                    };
                    self.scope.truncate(before);
                    child
                }
            });
        }
        children
    }

    /// The name that stands for one of a production's.
    fn name<'a>(&mut self, names: &mut HashMap<&'a str, String>, name: &'a str) -> String {
        let number = &mut self.names;
        let new = || {
            *number += 1;
            format!("v{number}")
        };
        names.entry(name).or_insert_with(new).clone()
    }
}
