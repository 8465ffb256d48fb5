//! A file's tokens and the tree that rnix makes of them, in a compact form.

use std::rc::Rc;

use rnix::SyntaxKind::{self, *};

use crate::source::Lines;
use crate::syntax::green::Node;
use crate::syntax::lex::{Token, tokenize_for_rnix};

/// From this many tokens side by side on a text is given up: rnix recurses on chains of operators, and frees chains of
/// arguments recursively. No file that a person wrote has a tenth of it.
const LONGEST_CHAIN: u32 = 4000;

/// A stretch of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Its text, which may be any bytes.
    pub text: &'a [u8],
    /// The offset of its first byte in the file.
    pub start: usize,
    /// The line in which it starts, from 1.
    pub line: u32,
    /// The column in bytes in which it starts, from 1.
    pub column: u32,
}

impl Piece<'_> {
    /// The offset behind its last byte.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The number of a node. Nodes are numbered in the order of the text, each before those inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Id(u32);

struct Entry {
    kind: SyntaxKind,
    /// The first token.
    first: u32,
    /// The last token.
    last: u32,
    parent: u32,
    /// The first node behind those inside this one.
    next: u32,
}

/// What is known of a file.
pub(super) struct File {
    text: Rc<[u8]>,
    lines: Lines,
    tokens: Vec<Token>,
    /// Without errors and what is inside them.
    nodes: Vec<Entry>,
}

impl File {
    pub(super) fn parse(text: Rc<[u8]>) -> File {
        let (lexed, skeleton) = tokenize_for_rnix(&text, true);
        let mut nodes = Vec::new();
        if longest_chain(&lexed.tokens) <= LONGEST_CHAIN {
            let tree = rnix::Root::parse(&skeleton.text).syntax();
            nodes = entries(Node { green: tree.green(), start: 0 }, &skeleton.token_at);
        }
        File { lines: Lines::of(&text), tokens: lexed.tokens, nodes, text }
    }

    /// The text of the file.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    pub(super) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    pub(super) fn nodes(&self) -> impl Iterator<Item = Id> {
        (0..self.nodes.len() as u32).map(Id)
    }

    fn entry(&self, id: Id) -> &Entry {
        &self.nodes[id.0 as usize]
    }

    pub(super) fn kind(&self, id: Id) -> SyntaxKind {
        self.entry(id).kind
    }

    /// The node around a node.
    pub(super) fn parent(&self, id: Id) -> Option<Id> {
        (id.0 > 0).then(|| Id(self.entry(id).parent))
    }

    /// The nodes directly inside a node.
    pub(super) fn children(&self, id: Id) -> impl Iterator<Item = Id> {
        let end = self.entry(id).next;
        let first = (id.0 + 1 < end).then_some(Id(id.0 + 1));
        std::iter::successors(first, move |&Id(child)| {
            let next = self.nodes[child as usize].next;
            (next < end).then_some(Id(next))
        })
    }

    /// The only or first node inside a node.
    pub(super) fn child(&self, id: Id) -> Option<Id> {
        self.children(id).next()
    }

    /// The first two nodes inside a node.
    pub(super) fn two(&self, id: Id) -> Option<(Id, Id)> {
        let mut children = self.children(id);
        Some((children.next()?, children.next()?))
    }

    /// The operator between the two operands of a node.
    pub(super) fn operator(&self, id: Id) -> Option<SyntaxKind> {
        let (left, right) = self.two(id)?;
        let between = self.entry(left).last as usize + 1..self.entry(right).first as usize;
        self.tokens.get(between)?.first().map(|token| token.kind)
    }

    /// The numbers of a node's first and last token.
    pub(super) fn ends(&self, id: Id) -> (usize, usize) {
        let entry = self.entry(id);
        (entry.first as usize, entry.last as usize)
    }

    /// Where a node starts.
    pub(super) fn start(&self, id: Id) -> u32 {
        self.tokens[self.entry(id).first as usize].start
    }

    /// A node as it is written.
    pub(super) fn piece(&self, id: Id) -> Piece<'_> {
        let (first, last) = self.ends(id);
        self.stretch(self.tokens[first].start as usize, self.tokens[last].end as usize)
    }

    /// A stretch of the text.
    pub(super) fn stretch(&self, start: usize, end: usize) -> Piece<'_> {
        let (line, column) = self.lines.line_column(start as u32);
        Piece { text: &self.text[start..end], start, line, column }
    }

    /// The text of a node that is one name without quotes.
    pub(super) fn name(&self, id: Id) -> Option<&[u8]> {
        let token = self.tokens[self.entry(id).first as usize];
        (self.kind(id) == NODE_IDENT).then(|| &self.text[token.start as usize..token.end as usize])
    }

    /// The expression inside parentheses, if there are any.
    pub(super) fn bare(&self, mut id: Id) -> Id {
        while self.kind(id) == NODE_PAREN
            && let Some(inner) = self.child(id)
        {
            id = inner;
        }
        id
    }

    /// The expression that an expression has as its value: without parentheses, and the body of `let`, `with` and
    /// `assert`.
    pub(super) fn body(&self, mut id: Id) -> Id {
        loop {
            let inner = match self.kind(id) {
                NODE_PAREN => self.child(id),
                NODE_WITH | NODE_ASSERT => self.children(id).nth(1),
                NODE_LET_IN => self
                    .children(id)
                    .last()
                    .filter(|last| !matches!(self.kind(*last), NODE_ATTRPATH_VALUE | NODE_INHERIT)),
                _ => None,
            };
            match inner {
                Some(inner) => id = inner,
                None => return id,
            }
        }
    }
}

/// The nodes of a tree.
fn entries(root: Node<'_>, token_at: &[u32]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::with_capacity(token_at.len() / 4);
    let entry = |node: Node<'_>, parent| {
        let len = usize::from(node.green.text_len());
        let first = *token_at.get(node.start)?;
        let last = *token_at.get((node.start + len).checked_sub(1)?)?;
        let usable = len > 0 && node.kind() != NODE_ERROR;
        usable.then(|| Entry { kind: node.kind(), first, last, parent, next: 0 })
    };
    let Some(first) = entry(root, 0) else {
        return entries;
    };
    entries.push(first);
    let mut open = vec![(0, root.nodes())];
    while let Some((number, inside)) = open.last_mut() {
        let number = *number;
        match inside.next() {
            Some(node) => {
                if let Some(new) = entry(node, number) {
                    open.push((entries.len() as u32, node.nodes()));
                    entries.push(new);
                }
            }
            None => {
                entries[number as usize].next = entries.len() as u32;
                open.pop();
            }
        }
    }
    entries
}

/// How many tokens that may be one chain of operators or arguments stand side by side.
fn longest_chain(tokens: &[Token]) -> u32 {
    let mut longest = 0;
    // For each open bracket, whether it is that of a list, and the length of the chain so far.
    let mut open = vec![(false, 0)];
    for token in tokens {
        match token.kind {
            TOKEN_L_BRACK => open.push((true, 0)),
            TOKEN_L_PAREN | TOKEN_L_BRACE | TOKEN_INTERPOL_START => open.push((false, 0)),
            TOKEN_R_BRACK | TOKEN_R_PAREN | TOKEN_R_BRACE | TOKEN_INTERPOL_END if open.len() > 1 => {
                open.pop();
            }
            TOKEN_SEMICOLON | TOKEN_COMMA | TOKEN_COLON | TOKEN_ASSIGN => {
                if let Some((_, length)) = open.last_mut() {
                    *length = 0;
                }
                continue;
            }
            TOKEN_STRING_CONTENT => continue,
            _ => {}
        }
        if let Some((false, length)) = open.last_mut() {
            *length += 1;
            longest = longest.max(*length);
        }
    }
    longest
}
