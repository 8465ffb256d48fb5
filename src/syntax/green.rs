//! rnix's tree with places: its nodes know only how long they are.

use rnix::{NixLanguage, SyntaxKind, SyntaxKind::TOKEN_WHITESPACE};
use rowan::{GreenNodeData, Language, NodeOrToken};

/// A node of rnix's tree with the offset of its first byte in the skeleton.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    pub(super) green: &'a GreenNodeData,
    pub(super) start: usize,
}

#[derive(Clone, Copy)]
pub(super) enum Child<'a> {
    Node(SyntaxKind, Node<'a>),
    Token(SyntaxKind, usize),
}

impl<'a> Node<'a> {
    pub(super) fn kind(self) -> SyntaxKind {
        NixLanguage::kind_from_raw(self.green.kind())
    }

    /// Children but white space.
    pub(super) fn children(self) -> impl Iterator<Item = Child<'a>> {
        let mut at = self.start;
        self.green.children().filter_map(move |child| {
            let start = at;
            let kind = NixLanguage::kind_from_raw(child.kind());
            match child {
                NodeOrToken::Node(green) => {
                    at += usize::from(green.text_len());
                    Some(Child::Node(kind, Node { green, start }))
                }
                NodeOrToken::Token(token) => {
                    at += usize::from(token.text_len());
                    (kind != TOKEN_WHITESPACE).then_some(Child::Token(kind, start))
                }
            }
        })
    }

    pub(super) fn nodes(self) -> impl Iterator<Item = Node<'a>> {
        self.children().filter_map(|c| match c {
            Child::Node(_, node) => Some(node),
            Child::Token(..) => None,
        })
    }
}
