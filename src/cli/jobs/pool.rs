//! Gives out attribute paths to the copies of a process that has already evaluated what jobs have in common.

use std::collections::BTreeSet;
use std::io;

use super::told::{Piece, Told};
use crate::host::{CrewNews, Foreman, Say};
use crate::report::Found;

/// The attribute paths that nobody has looked at.
pub struct Pool<'a, 'b> {
    /// The paths.
    pub todo: BTreeSet<Vec<String>>,
    /// Passes on what is found.
    pub say: Say<'a>,
    /// How a copy ended, in words.
    pub how: &'b dyn Fn(&crate::host::CopyEnd) -> String,
    /// Whether all could be passed on.
    pub passed_on: io::Result<()>,
}

impl Pool<'_, '_> {
    fn pass_on(&mut self, told: &[u8]) {
        if self.passed_on.is_ok() {
            self.passed_on = (self.say)(told);
        }
    }
}

impl Foreman for Pool<'_, '_> {
    fn next(&mut self) -> Option<Vec<u8>> {
        serde_json::to_vec(&Piece::Path(self.todo.pop_first()?)).ok()
    }

    fn hear(&mut self, news: CrewNews<'_>) {
        match news {
            CrewNews::Message(message) => {
                if let Ok(Told::Found(path, Found::Below(names))) = serde_json::from_slice(message) {
                    self.todo.extend(names.into_iter().map(|name| [&path[..], &[name]].concat()));
                }
                self.pass_on(message);
            }
            CrewNews::Lost(piece, end) => {
                if let Ok(Piece::Path(path)) = serde_json::from_slice(piece) {
                    let told = Told::lost(path, &(self.how)(&end));
                    self.pass_on(&serde_json::to_vec(&told).unwrap_or_default());
                }
            }
            CrewNews::Tick => {}
        }
    }
}
