//! What one line of a list says of an option. Nothing else about the option is evaluated.

use super::about::{OptionInfo, type_text};
use super::definitions::classify;
use super::evaluations::default_of;
use super::opened::{Definitions, Opened};
use super::plain::{Bounds, Failure, Plain};
use crate::eval::{Error, Res};
use crate::heap::Sym;
use crate::value::Value;

/// What a line says of an option.
#[derive(Debug, Clone)]
pub struct Line {
    /// The path as nixpkgs shows it.
    pub name: String,
    /// The type's description.
    pub kind: Option<String>,
    /// The name of the type.
    pub type_name: Option<String>,
    /// The value, as far as a line shows it.
    pub value: Plain,
    /// Whether anything besides its default counts, or cannot be evaluated and might.
    pub is_set: bool,
}

impl OptionInfo {
    /// What a line says of it.
    pub(crate) fn into_line(self) -> Line {
        let OptionInfo { name, type_description: kind, type_name, value, is_set, .. } = self;
        Line { name, kind, type_name, value, is_set }
    }
}

impl Opened<'_> {
    /// What a line says of the option at a path, if `wanted` says so of what is known before the value is.
    pub fn line(&self, path: &[Sym], option: Value, wanted: impl FnOnce(&Line) -> bool) -> Option<Line> {
        let ev = self.ev;
        let is_set = match self.is_set(path, option) {
            Ok(is_set) => is_set,
            Err(e) => return Some(self.failed_line(path, &e)),
        };
        let [kind, type_name] = ["description", "name"].map(|which| type_text(ev, option, which));
        let mut line = Line { name: self.show(path), kind, type_name, value: Plain::Cut, is_set };
        if !wanted(&line) {
            return None;
        }
        line.value = self.plain(path, Some(option), Bounds::LINE);
        Some(line)
    }

    /// The line of an option that cannot be evaluated at all.
    pub fn failed_line(&self, path: &[Sym], e: &Error) -> Line {
        let value = Plain::Failed(Failure::of(self.ev, e));
        Line { name: self.show(path), kind: None, type_name: None, value, is_set: false }
    }

    /// Whether anything besides the default of the option at a path counts, or cannot be evaluated and might.
    fn is_set(&self, path: &[Sym], option: Value) -> Res<bool> {
        let ev = self.ev;
        let raws = match self.root() {
            Some(root) => root.definitions(ev, path)?,
            None => Vec::new(),
        };
        if raws.is_empty() {
            return Ok(false);
        }
        let all = classify(ev, default_of(ev, option)?, &raws);
        Ok(Definitions { option: Some(option), names: path.len(), all }.is_set())
    }
}
