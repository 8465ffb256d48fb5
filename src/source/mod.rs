//! Source texts and positions in them.
//!
//! Every text that is parsed gets a range of the global position space, so that a position is one 32-bit number in
//! nodes, shapes and errors. Lines and columns are computed on demand.

mod distance;
mod lines;
mod shown_paths;
mod text;

pub use distance::distance;

use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::rc::Rc;

pub use lines::{Lines, line_column};
use lines::{line_starts, place_among};
use shown_paths::ShownPaths;
pub use text::{INTERNAL_DERIVATION, NewSource, Origin, Reread, Text};

/// A position in a source text, or [`Pos::NONE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pos(pub u32);

impl Pos {
    /// No position is known.
    pub const NONE: Pos = Pos(0);

    /// Whether there is a position.
    pub fn is_some(self) -> bool {
        self != Pos::NONE
    }
}

/// One source text.
pub struct Source {
    /// Where it came from.
    pub origin: Origin,
    /// The folder that relative paths in it are relative to; absolute.
    pub folder: Rc<[u8]>,
    /// How messages name it, if not by its origin.
    shown: Option<Box<str>>,
    /// The first position of its range.
    base: u32,
    len: usize,
    text: RefCell<Option<Rc<[u8]>>>,
    lines: OnceCell<Box<[u32]>>,
    reread: OnceCell<Reread>,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("origin", &self.origin)
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

/// A position as people read it: lines and columns count from 1, columns in bytes, as in Nix.
#[derive(Debug, Clone)]
pub struct Place {
    /// The text the position is in.
    pub source: Rc<Source>,
    /// Line, from 1.
    pub line: u32,
    /// Column in bytes, from 1.
    pub column: u32,
}

/// More than 4 GiB of source text have been read.
#[derive(Debug, Clone, Copy)]
pub struct SourcesFull;

/// All source texts of one evaluation.
#[derive(Debug, Default)]
pub struct Sources {
    /// In the order of their positions.
    all: RefCell<Vec<Rc<Source>>>,
    shown: ShownPaths,
    /// First position that is free, less one.
    next: Cell<u32>,
}

impl Sources {
    /// Registers a text and returns it; its positions are [`Source::pos`].
    pub fn add(&self, new: NewSource) -> Result<Rc<Source>, SourcesFull> {
        let base = self.next.get() + 1;
        let len = u32::try_from(new.text.len()).map_err(|_| SourcesFull)?;
        base.checked_add(len).and_then(|end| end.checked_add(2)).ok_or(SourcesFull)?;
        let source = Rc::new(Source::new(new, base, &self.shown));
        self.next.set(source.end() - 1);
        self.all.borrow_mut().push(source.clone());
        Ok(source)
    }

    /// Reserves the positions before `next` for texts that are [added](Self::add_at) later.
    pub fn reserve(&self, next: u32) {
        self.next.set(self.next.get().max(next.saturating_sub(1)));
    }

    /// The first position that is neither used by a text nor [reserved](Self::reserve).
    pub fn next_pos(&self) -> u32 {
        self.next.get() + 1
    }

    /// Registers a text whose first position is reserved for it. `None` if a text already has it.
    pub fn add_at(&self, base: u32, new: NewSource) -> Option<Rc<Source>> {
        let mut all = self.all.borrow_mut();
        let i = all.partition_point(|s| s.base < base);
        if all.get(i).is_some_and(|s| s.base == base) {
            return None;
        }
        let source = Rc::new(Source::new(new, base, &self.shown));
        all.insert(i, source.clone());
        Some(source)
    }

    /// The paths of the texts that are files.
    pub fn files(&self) -> Vec<Vec<u8>> {
        self.all.borrow().iter().filter_map(|source| source.path().map(<[u8]>::to_vec)).collect()
    }

    /// Makes messages show a folder, and what is below it, in another way.
    pub fn show_folder(&self, folder: &[u8], shown: String) {
        self.shown.add(folder, shown);
    }

    /// A path as messages show it.
    pub fn show(&self, path: &[u8]) -> String {
        self.shown.show(path).unwrap_or_else(|| crate::host::shown(path).into_owned())
    }

    /// The text a position is in.
    pub fn source_of(&self, pos: Pos) -> Option<Rc<Source>> {
        if !pos.is_some() {
            return None;
        }
        let all = self.all.borrow();
        let i = all.partition_point(|s| s.base <= pos.0);
        i.checked_sub(1).map(|i| all[i].clone())
    }

    /// Line and column of a position.
    pub fn place(&self, pos: Pos) -> Option<Place> {
        let source = self.source_of(pos)?;
        let (line, column) = source.line_column(pos.0 - source.base);
        Some(Place { source, line, column })
    }
}

impl Source {
    fn new(new: NewSource, base: u32, shown: &ShownPaths) -> Source {
        let NewSource { origin, text, folder } = new;
        let shown = match &origin {
            Origin::File(path) => shown.show(path).map(String::into_boxed_str),
            _ => None,
        };
        let len = text.len();
        let (text, lines, reread) = match text {
            Text::Held(bytes) => (Some(bytes), OnceCell::new(), OnceCell::new()),
            Text::Known(lines, reread) => (None, OnceCell::from(lines.starts), OnceCell::from(reread)),
        };
        Source { origin, folder, shown, base, len, text: RefCell::new(text), lines, reread }
    }

    /// Its bytes, which need not be UTF-8; `None` if they are not held and the file has changed.
    pub fn text(&self) -> Option<Rc<[u8]>> {
        if let Some(text) = &*self.text.borrow() {
            return Some(text.clone());
        }
        let text: Rc<[u8]> = self.reread.get()?(self.path()?)?.into();
        let same = text.len() == self.len && self.lines.get().is_some_and(|l| l[..] == line_starts(&text));
        same.then(|| self.text.borrow_mut().insert(text).clone())
    }

    /// Stops holding the text of a file.
    pub fn release(&self, reread: Reread) {
        if self.path().is_some() {
            self.lines();
            self.reread.get_or_init(|| reread);
            *self.text.borrow_mut() = None;
        }
    }

    /// Bytes of the text.
    pub fn len(&self) -> usize {
        self.len
    }

    fn lines(&self) -> &[u32] {
        let of_text = || line_starts(self.told(self.text.borrow().as_deref().unwrap_or_default())).into();
        self.lines.get_or_init(of_text)
    }

    /// The part of the text that messages can show: as in Nix, standard input ends at a zero byte.
    fn told<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        match self.origin {
            Origin::Stdin => text.split(|c| *c == 0).next().unwrap_or_default(),
            _ => text,
        }
    }

    /// The global position of a byte offset in this text.
    pub fn pos(&self, offset: usize) -> Pos {
        Pos(self.base + offset as u32)
    }

    /// The global position of a position relative to this text: relative ones count from 1.
    pub fn absolute(&self, relative: Pos) -> Pos {
        if relative.is_some() { Pos(self.base + relative.0 - 1) } else { Pos::NONE }
    }

    /// The first position of its range.
    pub fn base(&self) -> u32 {
        self.base
    }

    fn end(&self) -> u32 {
        // One more than the length: "unexpected end of file" is located after the last byte.
        self.base + self.len as u32 + 1
    }

    /// The file's path, if the text came from a file.
    pub fn path(&self) -> Option<&[u8]> {
        match &self.origin {
            Origin::File(path) => Some(path),
            _ => None,
        }
    }

    /// The path that positions in the text carry as a value: the file's; of code that is part of the evaluator, the
    /// one that Nix has for it.
    pub fn position_path(&self) -> Option<&[u8]> {
        match &self.origin {
            Origin::File(path) => Some(path),
            Origin::Internal(INTERNAL_DERIVATION) => Some(b"/derivation-internal.nix"),
            Origin::Internal("<nix/fetchurl.nix>") => Some(b"/fetchurl.nix"),
            _ => None,
        }
    }

    /// How messages name the text: the path, `«string»` or `«stdin»`.
    pub fn origin_name(&self) -> String {
        self.origin.name()
    }

    /// The same with the names of folders that messages show in another way.
    pub fn shown_name(&self) -> String {
        self.shown.as_ref().map_or_else(|| self.origin.name(), |shown| shown.to_string())
    }

    /// Line and column (both from 1, columns in bytes) of a byte offset.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        place_among(self.lines(), offset)
    }

    /// The text of line `number` (from 1) without its line break; `None` if there is no such line, or no
    /// [text](Self::text).
    pub fn line(&self, number: u32) -> Option<Vec<u8>> {
        let text = self.text()?;
        let text = Some(self.told(&text)).filter(|text| !text.is_empty())?;
        let start = *self.lines().get((number as usize).checked_sub(1)?)? as usize;
        let rest = &text[start..];
        let end = rest.iter().position(|&b| b == b'\n' || b == b'\r').unwrap_or(rest.len());
        Some(rest[..end].to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_in_nix() {
        let sources = Sources::default();
        let new = |text: &[u8]| {
            let folder = Rc::from(&b"/"[..]);
            sources
                .add(NewSource { origin: Origin::Text, text: Text::Held(Rc::from(text)), folder })
                .expect("room")
        };
        let first = new(b"a\rb\r\ncd\n");
        let second = new(b"x");
        let at = |pos| sources.place(pos).map(|p| (p.line, p.column));
        assert_eq!(at(first.pos(0)), Some((1, 1)));
        assert_eq!(at(first.pos(2)), Some((2, 1)));
        assert_eq!(at(first.pos(6)), Some((3, 2)));
        assert_eq!(at(second.pos(0)), Some((1, 1)));
        assert_eq!(at(Pos::NONE), None);
        assert_eq!(first.line(3).as_deref(), Some(&b"cd"[..]));
    }

    #[test]
    fn texts_are_read_again_if_they_are_the_same() {
        let sources = Sources::default();
        let now = Rc::new(RefCell::new(Some(b"a\nbc".to_vec())));
        let reread: Reread = {
            let now = now.clone();
            Rc::new(move |_| now.borrow().clone())
        };
        let new = |text| NewSource {
            origin: Origin::File(Rc::from(&b"/f"[..])),
            text,
            folder: Rc::from(&b"/"[..]),
        };
        let held = sources.add(new(Text::Held(Rc::from(&b"a\nbc"[..])))).expect("room");
        held.release(reread.clone());
        let known = sources.add(new(Text::Known(Lines::of(b"a\nbc"), reread.clone()))).expect("room");
        for source in [held, known] {
            *now.borrow_mut() = Some(b"a\nb".to_vec());
            assert_eq!(source.line(2), None, "another text");
            *now.borrow_mut() = None;
            assert_eq!(source.line(2), None, "no text");
            assert_eq!(source.line_column(3), (2, 2));
            *now.borrow_mut() = Some(b"a\nbc".to_vec());
            assert_eq!(source.line(2).as_deref(), Some(&b"bc"[..]));
            assert_eq!(source.len(), 4);
        }
    }
}
