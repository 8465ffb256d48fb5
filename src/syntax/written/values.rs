//! What a binding gives to its name.

use rnix::SyntaxKind::*;

use super::file::{File, Id, Piece};
use super::lists::{List, list};
use super::properties::{Property, PropertyKind, choice, property};

/// So deep `mkMerge` and `if` are followed.
const DEEPEST: usize = 32;

/// A value as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value<'a> {
    /// All of it.
    pub whole: Piece<'a>,
    /// The properties at its head, outermost first: `mkIf` and `mkForce` of `mkIf c (mkForce 1)`.
    pub properties: Vec<Property<'a>>,
    /// What is inside them: `1`.
    pub core: Piece<'a>,
    /// If the last property is `mkMerge`, the elements of its list; if it is an `if`, its two parts.
    pub parts: Vec<Value<'a>>,
    /// If the core is a list, where its elements are.
    pub list: Option<List<'a>>,
}

pub(super) fn value(file: &File, node: Id) -> Value<'_> {
    nested(file, node, 0)
}

fn nested(file: &File, node: Id, depth: usize) -> Value<'_> {
    let mut properties = Vec::new();
    let mut parts = Vec::new();
    let mut core = file.body(node);
    loop {
        if let Some((property, branches)) = choice(file, core) {
            properties.push(property);
            parts.extend(branches);
            break;
        }
        let Some((property, inner)) = property(file, core) else {
            break;
        };
        let kind = property.kind;
        properties.push(property);
        match kind {
            // As elements of a list they keep their condition.
            PropertyKind::Optional | PropertyKind::Optionals => break,
            PropertyKind::Merge => {
                core = file.body(inner);
                if file.kind(core) == NODE_LIST {
                    parts.extend(file.children(core));
                }
                break;
            }
            _ => core = file.body(inner),
        }
    }
    let whole_core =
        properties.last().is_none_or(|p| !matches!(p.kind, PropertyKind::Merge | PropertyKind::Choice));
    if depth == DEEPEST {
        parts.clear();
    }
    Value {
        whole: file.piece(node),
        core: file.piece(core),
        parts: parts.into_iter().map(|part| nested(file, part, depth + 1)).collect(),
        list: whole_core.then(|| list(file, core)).flatten(),
        properties,
    }
}
