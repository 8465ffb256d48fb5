//! Lists: where each element is written.

use rnix::SyntaxKind::*;

use super::file::{File, Id, Piece};
use super::properties::{PropertyKind, property};

/// A list as it is written, which may be put together of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<'a> {
    /// Its parts, in the order of the list.
    pub parts: Vec<ListPart<'a>>,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListPart<'a> {
    /// Elements that are written one by one.
    Elements {
        /// The elements.
        elements: Vec<Piece<'a>>,
        /// The condition on which they are there, from `optional` or `optionals`.
        condition: Option<Piece<'a>>,
    },
    /// An expression that gives any number of elements.
    Computed(Piece<'a>),
}

impl<'a> ListPart<'a> {
    /// Its elements, if they are there on no condition.
    fn certain(&self) -> Option<&[Piece<'a>]> {
        match self {
            ListPart::Elements { elements, condition: None } => Some(elements),
            _ => None,
        }
    }
}

impl<'a> List<'a> {
    /// Where element `index` (from 0) of the list is written, if the list has `len` elements when it is evaluated.
    /// `None` if that is not certain.
    pub fn element(&self, index: usize, len: usize) -> Option<&Piece<'a>> {
        if index >= len {
            return None;
        }
        // Without computed parts, the length tells whether all conditions hold, or none.
        let mut any = Some(0);
        let mut sure = 0;
        for part in &self.parts {
            match part {
                ListPart::Elements { elements, condition } => {
                    any = any.map(|any| any + elements.len());
                    sure += if condition.is_none() { elements.len() } else { 0 };
                }
                ListPart::Computed(_) => any = None,
            }
        }
        if any == Some(len) {
            return self.elements().nth(index);
        }
        if any.is_some() && sure == len {
            return self.parts.iter().filter_map(ListPart::certain).flatten().nth(index);
        }
        if len < sure {
            return None;
        }
        let front = self.parts.iter().map_while(ListPart::certain).flatten().nth(index);
        let from_behind = len - 1 - index;
        let back = || self.parts.iter().rev().map_while(ListPart::certain);
        front.or_else(|| back().flat_map(|part| part.iter().rev()).nth(from_behind))
    }

    /// All elements that are written one by one, those on conditions too.
    pub fn elements(&self) -> impl Iterator<Item = &Piece<'a>> {
        self.parts.iter().flat_map(|part| match part {
            ListPart::Elements { elements, .. } => elements.as_slice(),
            ListPart::Computed(_) => &[],
        })
    }
}

/// The list that a node is; `None` if it is none at first sight.
pub(super) fn list(file: &File, node: Id) -> Option<List<'_>> {
    let node = file.body(node);
    let is_list = match file.kind(node) {
        NODE_LIST => true,
        NODE_BIN_OP => file.operator(node) == Some(TOKEN_CONCAT),
        _ => optional(file, node).is_some(),
    };
    is_list.then(|| List { parts: operands(file, node).map(|operand| part(file, operand)).collect() })
}

/// The operands of `++`, or the node alone.
fn operands(file: &File, node: Id) -> impl Iterator<Item = Id> {
    let mut open = vec![node];
    std::iter::from_fn(move || {
        loop {
            let node = file.body(open.pop()?);
            match (file.kind(node), file.operator(node), file.two(node)) {
                (NODE_BIN_OP, Some(TOKEN_CONCAT), Some((left, right))) => open.extend([right, left]),
                _ => return Some(node),
            }
        }
    })
}

fn part(file: &File, node: Id) -> ListPart<'_> {
    if file.kind(node) == NODE_LIST {
        return ListPart::Elements { elements: items(file, node), condition: None };
    }
    optional(file, node).unwrap_or_else(|| ListPart::Computed(file.piece(node)))
}

fn items(file: &File, list: Id) -> Vec<Piece<'_>> {
    file.children(list).map(|item| file.piece(item)).collect()
}

/// `optional condition element` or `optionals condition list`.
fn optional(file: &File, node: Id) -> Option<ListPart<'_>> {
    let (property, content) = property(file, node)?;
    let elements = match property.kind {
        PropertyKind::Optional => vec![file.piece(content)],
        PropertyKind::Optionals => {
            let mut elements = Vec::new();
            for operand in operands(file, content) {
                if file.kind(operand) != NODE_LIST {
                    return Some(ListPart::Computed(file.piece(node)));
                }
                elements.extend(items(file, operand));
            }
            elements
        }
        _ => return None,
    };
    Some(ListPart::Elements { elements, condition: property.argument })
}
