//! The texts of the files that definitions are in.

use std::cell::RefCell;
use std::rc::Rc;

use hashbrown::HashMap;

use crate::eval::Evaluator;
use crate::source::{Pos, Source};
use crate::syntax::written::{Binding, Piece, Written};

/// The texts that have been asked for, by the first positions of their files.
#[derive(Debug, Default)]
pub struct Texts(RefCell<HashMap<u32, Option<Rc<Written>>>>);

/// A place in a file whose text is known.
pub struct Spot {
    /// The file.
    pub source: Rc<Source>,
    /// What is written in it.
    pub written: Rc<Written>,
    /// The offset of the place.
    pub offset: usize,
}

impl Texts {
    /// A position in its text. `None` if there is none, or if the file has changed since the evaluation read it.
    pub fn spot(&self, ev: &Evaluator, pos: Pos) -> Option<Spot> {
        let source = ev.sources.source_of(pos)?;
        let mut known = self.0.borrow_mut();
        let read = || source.text().map(|text| Rc::new(Written::parse(text)));
        let written = known.entry(source.base()).or_insert_with(read).clone()?;
        let offset = (pos.0 - source.base()) as usize;
        Some(Spot { source, written, offset })
    }
}

impl Spot {
    /// The attribute that is written there.
    pub fn binding(&self) -> Option<Binding<'_>> {
        self.written.at(self.offset)
    }

    /// The condition of a `mkIf` that is called there, or that is the attribute there.
    pub fn condition(&self) -> Option<Piece<'_>> {
        self.written.condition_at(self.offset).or_else(|| self.binding()?.value.map(|value| value.whole))
    }
}

/// How many names of a binding's path lead to the attribute at the end of `path`; the others lead into its value. `None`
/// if the binding is about something else. In a module, `config` may come first.
pub fn names_to(binding: &Binding<'_>, path: &[&[u8]]) -> Option<usize> {
    let names = |from: usize| {
        let names = &binding.names[from..];
        let fits = |count: usize| {
            let end = &path[path.len() - count..];
            names.iter().zip(end).all(|(written, name)| may_be(written.text, name))
        };
        (1..=names.len().min(path.len())).rev().find(|count| fits(*count)).map(|count| from + count)
    };
    let in_config = || binding.names.first().is_some_and(|first| first.text == b"config");
    names(0).or_else(|| in_config().then(|| names(1)).flatten())
}

/// Whether a name as it is written, perhaps in quotes or computed, may be this name.
fn may_be(written: &[u8], name: &[u8]) -> bool {
    match written {
        [b'$', ..] => true,
        [b'"', inside @ .., b'"'] => inside == name || inside.iter().any(|byte| matches!(byte, b'\\' | b'$')),
        plain => plain == name,
    }
}
