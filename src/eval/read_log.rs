//! What a run has read, remembered so that the next run prefetches it.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::ir::hints::{Hint, hints, push_hint, relative};
use crate::source::{Origin, Source};
use crate::syntax::normalise;

/// More paths than this are not remembered for one text.
const MAX_HINTS: usize = 1 << 14;
/// Folders that are listed after so many steps are not remembered: the same ones may be listed for ever.
const MAX_STEPS: usize = 1 << 16;

/// What was read, in that order.
#[derive(Default)]
pub(super) struct ReadLog {
    steps: RefCell<Vec<Step>>,
}

enum Step {
    /// A file with its folder; its code was cached already, or is added.
    File { file: Rc<[u8]>, folder: Rc<[u8]>, code: Code },
    /// A folder was listed.
    Folder(Rc<[u8]>),
}

/// Code of a text, by its number.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Code {
    Cached(usize),
    Added(usize),
}

impl ReadLog {
    /// Remembers that the code of a text was used.
    pub(super) fn note_code(&self, source: &Source, code: Code) {
        if let Origin::File(file) = &source.origin {
            let (file, folder) = (file.clone(), source.folder.clone());
            self.steps.borrow_mut().push(Step::File { file, folder, code });
        }
    }

    /// Remembers that a folder was listed.
    pub(super) fn note_folder(&self, path: &[u8]) {
        let mut steps = self.steps.borrow_mut();
        if steps.len() < MAX_STEPS {
            steps.push(Step::Folder(Rc::from(path)));
        }
    }

    /// What each text made the evaluation read, as hints for the next run. `known` gives the hints that there were,
    /// `resolved` the files that paths lead to.
    pub(super) fn hints<'k>(
        &self,
        known: impl Fn(Code) -> Vec<(Hint, &'k [u8])>,
        resolved: &hashbrown::HashMap<Rc<[u8]>, Rc<[u8]>>,
    ) -> HashMap<Code, Vec<u8>> {
        let steps = self.steps.borrow();
        let mut foreseen: HashSet<&[u8]> = HashSet::new();
        let mut lists: HashMap<Code, Vec<u8>> = HashMap::new();
        for step in steps.iter() {
            let Step::File { folder, code, .. } = step else {
                continue;
            };
            let list = lists.entry(*code).or_default();
            for (mut hint, path) in known(*code) {
                if matches!(hint, Hint::Wrong | Hint::Right)
                    && let Some(file) = resolved.get(&normalise(&[folder, &b"/"[..], path].concat())[..])
                {
                    foreseen.insert(file);
                    hint = Hint::Right;
                }
                push_hint(list, hint, path);
            }
        }
        // The first text is told of all the rest.
        if let Some((at, Step::File { folder, code, .. })) =
            steps.iter().enumerate().find(|(_, step)| matches!(step, Step::File { .. }))
        {
            let list = lists.entry(*code).or_default();
            let mut known: HashSet<(Hint, Vec<u8>)> = hints(list).map(|(h, p)| (h, p.to_vec())).collect();
            for step in &steps[at + 1..] {
                let (hint, path) = match step {
                    Step::File { file, .. } if foreseen.contains(&file[..]) => continue,
                    Step::File { file, .. } => (Hint::Read, file),
                    Step::Folder(path) => (Hint::Listed, path),
                };
                let path = relative(folder, path);
                if known.len() < MAX_HINTS && known.insert((hint, path.clone())) {
                    push_hint(list, hint, &path);
                }
            }
        }
        lists
    }
}
