//! Relative and home path literals.

use super::{Evaluator, Res};
use crate::heap::CodeRef;
use crate::source::Pos;
use crate::syntax::ast::PathBase;
use crate::syntax::{normalise_literal, resolve};
use crate::value::Value;

impl Evaluator {
    /// The path that a literal which is not absolute stands for.
    pub(super) fn literal_path(&self, base: PathBase, literal: &[u8], pos: Pos) -> Vec<u8> {
        if base == PathBase::Home {
            return [&self.host.home().unwrap_or_default(), literal].concat();
        }
        let folder = self.sources.source_of(pos).map(|s| s.folder.clone());
        let folder = folder.as_deref().unwrap_or_default();
        normalise_literal(&[folder, b"/", literal].concat())
    }

    /// Completes the relative paths in code that [`show`](crate::syntax::show) printed, for the text at
    /// `pos`.
    pub fn show_code(&self, shown: &[u8], pos: Pos) -> Vec<u8> {
        resolve(shown, |base, literal| self.literal_path(base, literal, pos))
    }

    /// The value of a `PATH_FROM`.
    pub(super) fn path_from(&self, code: CodeRef) -> Res<Value> {
        if let Some(known) = self.loaded_files.literals.borrow().get(&code) {
            return Ok(*known);
        }
        let unit = self.mem.heap.code4(code);
        let base = if unit[0] >> 8 == 0 { PathBase::Folder } else { PathBase::Home };
        let path = self.literal_path(base, self.mem.heap.code_text(unit[1]).1, Pos(unit[2]));
        let path = self.mem.path(&path)?;
        self.loaded_files.literals.borrow_mut().insert(code, path);
        Ok(path)
    }
}
