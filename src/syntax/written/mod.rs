//! What a person wrote about an attribute: its binding in the file, the comment beside it, the conditions around it.
//!
//! | file | what is in it |
//! |---|---|
//! | `file` | tokens and the tree of a file, by numbers |
//! | `calls` | which function is called with which arguments |
//! | `properties` | `mkIf`, `mkForce`, `optionalAttrs`, `if` and the like |
//! | `lists` | where the elements of a list are |
//! | `values` | what a binding gives to its name |
//! | `comments`, `docs` | comments above and beside, and documentation of functions |
//!
//! A file is parsed once and then asked about many attributes.

mod calls;
mod comments;
mod docs;
mod file;
mod lists;
mod properties;
#[cfg(test)]
mod tests;
mod values;

use std::fmt;
use std::rc::Rc;

use rnix::SyntaxKind::*;

pub use comments::Comment;
pub use file::Piece;
pub use properties::{Property, PropertyKind};
pub use values::Value;

use file::{File, Id};

/// The text of a file, ready to be asked about its attributes.
pub struct Written {
    file: File,
    /// All places of names, in the order of the text, with the node that each is in: a binding, or the name after
    /// `inherit`.
    names: Vec<(u32, Id)>,
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Written").field("names", &self.names.len()).finish_non_exhaustive()
    }
}

/// A binding as it is written: `a.b = value;`, or one name of an `inherit`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding<'a> {
    /// All of it, up to its semicolon. For an `inherit` this is the whole statement.
    pub whole: Piece<'a>,
    /// The attribute path: `a.b`.
    pub path: Piece<'a>,
    /// The names in the path, each as it is written: `a`, `"b c"`, `${d}`.
    pub names: Vec<Piece<'a>>,
    /// What stands behind `=`. An `inherit` has none.
    pub value: Option<Value<'a>>,
    /// The set of `inherit (set) name;`, without parentheses.
    pub inherited_from: Option<Piece<'a>>,
    /// The comment directly above.
    pub above: Option<Comment<'a>>,
    /// The comment in the same line.
    pub beside: Option<Comment<'a>>,
    /// The properties around the binding in the whole file, outermost first.
    pub around: Vec<Property<'a>>,
}

impl Written {
    /// Reads the text of a file. Of a text with syntax errors it knows what rnix makes of the rest; of one that nests too
    /// deep, what is before that.
    pub fn parse(text: impl Into<Rc<[u8]>>) -> Written {
        let text = text.into();
        let text = if text.len() > super::MAX_SOURCE_BYTES { Rc::default() } else { text };
        let file = File::parse(text);
        let mut names = Vec::new();
        for node in file.nodes() {
            match file.kind(node) {
                NODE_ATTRPATH_VALUE => {
                    let path = file.child(node).filter(|path| file.kind(*path) == NODE_ATTRPATH);
                    names.extend(path.map(|path| (file.start(path), node)));
                }
                NODE_INHERIT => {
                    let all = file.children(node).filter(|name| file.kind(*name) != NODE_INHERIT_FROM);
                    names.extend(all.map(|name| (file.start(name), name)));
                }
                _ => {}
            }
        }
        names.sort_unstable();
        Written { file, names }
    }

    /// The binding whose attribute path starts at a byte offset, or the name in an `inherit` that does. There Nix puts the
    /// attributes: all those of a path have the place of its first name.
    pub fn at(&self, offset: usize) -> Option<Binding<'_>> {
        let i = self.names.binary_search_by_key(&offset, |(start, _)| *start as usize).ok()?;
        let (_, node) = self.names[i];
        match self.file.kind(node) {
            NODE_ATTRPATH_VALUE => self.binding(node),
            _ => self.inherited(node),
        }
    }

    /// The condition of the `mkIf` whose call starts at a byte offset. There the evaluation puts calls.
    pub fn condition_at(&self, offset: usize) -> Option<Piece<'_>> {
        let starts = |node: &Id| self.file.start(*node) as usize == offset;
        let property = |node| properties::property(&self.file, node).map(|(property, _)| property);
        let found = self.file.nodes().filter(starts).filter_map(property);
        found.filter(|p| p.kind.is_condition()).find_map(|p| p.argument)
    }

    /// The documentation comment of the function that starts at a byte offset, without markers and indentation, as Nix's `:doc`
    /// shows it.
    pub fn documentation(&self, offset: usize) -> Option<Vec<u8>> {
        docs::of_function(&self.file, offset)
    }

    fn binding(&self, node: Id) -> Option<Binding<'_>> {
        let file = &self.file;
        let mut parts = file.children(node);
        let path = parts.next()?;
        let (first, last) = file.ends(node);
        Some(Binding {
            whole: file.piece(node),
            path: file.piece(path),
            names: file.children(path).map(|name| file.piece(name)).collect(),
            value: parts.next().map(|value| values::value(file, value)),
            inherited_from: None,
            above: comments::above(file, first),
            beside: comments::beside(file, first, last),
            around: properties::around(file, node),
        })
    }

    fn inherited(&self, name: Id) -> Option<Binding<'_>> {
        let file = &self.file;
        let statement = file.parent(name)?;
        let (start, last) = file.ends(statement);
        let (first, _) = file.ends(name);
        let from = file.child(statement).filter(|from| file.kind(*from) == NODE_INHERIT_FROM);
        let path = file.piece(name);
        Some(Binding {
            whole: file.piece(statement),
            path,
            names: vec![path],
            value: None,
            inherited_from: from.and_then(|from| file.child(from)).map(|set| file.piece(file.bare(set))),
            above: comments::above(file, first).or_else(|| comments::above(file, start)),
            beside: comments::beside_name(file, first, last),
            around: properties::around(file, statement),
        })
    }
}
