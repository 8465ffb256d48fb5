//! Declarations of options.

use rnix::SyntaxKind::*;

use super::calls::{Call, call};
use super::file::{File, Id, Piece};

/// A declaration of an option: `mkOption { … }` and the like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration<'a> {
    /// The function as it is written, such as `lib.mkOption`.
    pub function: Piece<'a>,
    /// What it says, in the order of the text.
    pub fields: Vec<Field<'a>>,
}

/// One thing that a declaration says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field<'a> {
    /// What it is about: `default`, `type`, `description`, `example` and so on.
    pub name: &'a [u8],
    /// What it says about that.
    pub value: Piece<'a>,
}

impl<'a> Declaration<'a> {
    /// What the declaration says about something, such as `default`.
    pub fn get(&self, name: &[u8]) -> Option<&Piece<'a>> {
        // Behind `//` there may be another value, which wins.
        self.fields.iter().rev().find(|field| field.name == name).map(|field| &field.value)
    }
}

/// The declaration that a node is.
pub(super) fn declaration(file: &File, node: Id) -> Option<Declaration<'_>> {
    let mut function = None;
    let mut fields = Vec::new();
    for operand in updates(file, node) {
        if file.kind(operand) == NODE_ATTR_SET {
            add_fields(file, operand, &mut fields);
        } else if let Some(call) = call(file, operand)
            && declare(file, &call, &mut fields).is_some()
        {
            function.get_or_insert(file.piece(call.function));
        }
    }
    function.map(|function| Declaration { function, fields })
}

/// The operands of `//`, or the node alone.
fn updates(file: &File, node: Id) -> impl Iterator<Item = Id> {
    let mut open = vec![node];
    std::iter::from_fn(move || {
        loop {
            let node = file.body(open.pop()?);
            match (file.kind(node), file.operator(node), file.two(node)) {
                (NODE_BIN_OP, Some(TOKEN_UPDATE), Some((left, right))) => open.extend([right, left]),
                _ => return Some(node),
            }
        }
    })
}

/// Adds what a call declares; `None` if it declares nothing.
fn declare<'a>(file: &'a File, call: &Call<'_>, fields: &mut Vec<Field<'a>>) -> Option<()> {
    match (call.name, call.args.as_slice()) {
        (b"mkOption", [set]) => add_sets(file, *set, fields),
        (b"mkEnableOption" | b"mkEnableOptionMD", [what]) => {
            fields.push(Field { name: b"description", value: file.piece(file.bare(*what)) });
        }
        (b"mkPackageOption" | b"mkPackageOptionMD", [_, _, set]) => add_sets(file, *set, fields),
        _ => return None,
    }
    Some(())
}

fn add_sets<'a>(file: &'a File, node: Id, fields: &mut Vec<Field<'a>>) {
    for operand in updates(file, node) {
        add_fields(file, operand, fields);
    }
}

/// Adds the attributes of a set, if the node is one.
fn add_fields<'a>(file: &'a File, node: Id, fields: &mut Vec<Field<'a>>) {
    if file.kind(node) != NODE_ATTR_SET {
        return;
    }
    for binding in file.children(node) {
        if file.kind(binding) == NODE_ATTRPATH_VALUE
            && let Some((path, value)) = file.two(binding)
            && let mut names = file.children(path)
            && let (Some(name), None) = (names.next().and_then(|name| file.name(name)), names.next())
        {
            fields.push(Field { name, value: file.piece(value) });
        }
    }
}
