//! The functions around and inside a definition that say whether, with which priority and in which order it counts.

use rnix::SyntaxKind::*;

use super::calls::{application, call};
use super::file::{File, Id, Piece};

/// A function or `if` that decides what becomes of what it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property<'a> {
    /// Which one.
    pub kind: PropertyKind,
    /// The function as it is written, such as `lib.mkIf`; for `if` the condition.
    pub function: Piece<'a>,
    /// The condition, priority or order that it is given, without parentheses.
    pub argument: Option<Piece<'a>>,
}

/// A function or `if` that decides what becomes of what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PropertyKind {
    /// `mkIf condition`.
    If,
    /// `mkAssert condition message`.
    Assert,
    /// `mkMerge`.
    Merge,
    /// `mkOverride priority`.
    Override,
    /// `mkForce`.
    Force,
    /// `mkDefault`.
    Default,
    /// `mkOptionDefault`.
    OptionDefault,
    /// `mkImageMediaOverride`.
    ImageMediaOverride,
    /// `mkVMOverride`.
    VmOverride,
    /// `mkOrder order`.
    Order,
    /// `mkBefore`.
    Before,
    /// `mkAfter`.
    After,
    /// `optionalAttrs condition`.
    OptionalAttrs,
    /// `optional condition`, with a list of one element.
    Optional,
    /// `optionals condition`.
    Optionals,
    /// `optionalString condition`.
    OptionalString,
    /// The part of an `if` that holds if its condition does.
    Then,
    /// The part of an `if` that holds if its condition does not.
    Else,
    /// An `if`, of which either part may hold.
    Choice,
}

impl PropertyKind {
    /// Whether it is a condition that the module system decides about.
    pub fn is_condition(self) -> bool {
        matches!(self, PropertyKind::If | PropertyKind::Assert)
    }
}

/// The function of that name, and which of its arguments (from 0) is the one it decides about.
fn named(name: &[u8]) -> Option<(PropertyKind, usize)> {
    Some(match name {
        b"mkIf" => (PropertyKind::If, 1),
        b"mkAssert" => (PropertyKind::Assert, 2),
        b"mkMerge" => (PropertyKind::Merge, 0),
        b"mkOverride" => (PropertyKind::Override, 1),
        b"mkForce" => (PropertyKind::Force, 0),
        b"mkDefault" => (PropertyKind::Default, 0),
        b"mkOptionDefault" => (PropertyKind::OptionDefault, 0),
        b"mkImageMediaOverride" => (PropertyKind::ImageMediaOverride, 0),
        b"mkVMOverride" => (PropertyKind::VmOverride, 0),
        b"mkOrder" => (PropertyKind::Order, 1),
        b"mkBefore" => (PropertyKind::Before, 0),
        b"mkAfter" => (PropertyKind::After, 0),
        b"optionalAttrs" => (PropertyKind::OptionalAttrs, 1),
        b"optional" => (PropertyKind::Optional, 1),
        b"optionals" => (PropertyKind::Optionals, 1),
        b"optionalString" => (PropertyKind::OptionalString, 1),
        _ => return None,
    })
}

/// The properties around a node, outermost first.
pub(super) fn around(file: &File, node: Id) -> Vec<Property<'_>> {
    let mut found = Vec::new();
    let mut inside = node;
    while let Some(parent) = file.parent(inside) {
        let property = match file.kind(parent) {
            NODE_APPLY | NODE_BIN_OP => given(file, parent, inside),
            NODE_IF_ELSE => branch(file, parent, inside),
            _ => None,
        };
        found.extend(property);
        inside = parent;
    }
    found.reverse();
    found
}

/// The property that gets `inside` as the argument it decides about.
fn given(file: &File, node: Id, inside: Id) -> Option<Property<'_>> {
    let (function, arg) = application(file, node)?;
    if arg != inside {
        return None;
    }
    let call = call(file, function)?;
    let (kind, decided) = named(call.name)?;
    (call.args.len() == decided).then(|| Property {
        kind,
        function: file.piece(call.function),
        argument: call.args.first().map(|first| file.piece(file.bare(*first))),
    })
}

/// Which part of an `if` a node is.
fn branch(file: &File, node: Id, inside: Id) -> Option<Property<'_>> {
    let condition = file.child(node)?;
    let kind = match file.children(node).position(|part| part == inside)? {
        1 => PropertyKind::Then,
        2 => PropertyKind::Else,
        _ => return None,
    };
    Some(deciding(file, kind, condition))
}

/// The property of an `if` with that condition.
fn deciding(file: &File, kind: PropertyKind, condition: Id) -> Property<'_> {
    let condition = file.piece(file.bare(condition));
    Property { kind, function: condition, argument: Some(condition) }
}

/// An `if` as a property, with its two parts.
pub(super) fn choice(file: &File, node: Id) -> Option<(Property<'_>, [Id; 2])> {
    if file.kind(node) != NODE_IF_ELSE {
        return None;
    }
    let mut parts = file.children(node);
    let (condition, yes, no) = (parts.next()?, parts.next()?, parts.next()?);
    Some((deciding(file, PropertyKind::Choice, condition), [yes, no]))
}

/// The property that a node is, with what it decides about.
pub(super) fn property(file: &File, node: Id) -> Option<(Property<'_>, Id)> {
    let call = call(file, node)?;
    let (kind, decided) = named(call.name)?;
    if call.args.len() != decided + 1 {
        return None;
    }
    let argument = (decided > 0).then(|| file.piece(file.bare(call.args[0])));
    Some((Property { kind, function: file.piece(call.function), argument }, call.args[decided]))
}
