//! A log of what a run reads, so that the next run can prefetch it.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::ir::hints::{Hint, hints, push_hint, relative};
use crate::source::{Origin, Source};
use crate::syntax::normalise;

/// The maximum number of hints for one text.
const MAX_HINTS: usize = 1 << 14;
/// After this many steps, listed folders are no longer recorded: a program may list the same ones forever.
const MAX_STEPS: usize = 1 << 16;

/// What was read, in order.
#[derive(Default)]
pub(super) struct ReadLog {
    steps: RefCell<Vec<Step>>,
}

enum Step {
    /// A file, its folder, and whether its code was cached or is new.
    File { file: Rc<[u8]>, folder: Rc<[u8]>, code: Code },
    /// A folder was listed.
    Folder(Rc<[u8]>),
}

/// The code of a text, by its index.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Code {
    Cached(usize),
    Added(usize),
}

impl ReadLog {
    /// Records that the code of a text was used.
    pub(super) fn note_code(&self, source: &Source, code: Code) {
        if let Origin::File(file) = &source.origin {
            let (file, folder) = (file.clone(), source.folder.clone());
            self.steps.borrow_mut().push(Step::File { file, folder, code });
        }
    }

    /// Records that a folder was listed.
    pub(super) fn note_folder(&self, path: &[u8]) {
        let mut steps = self.steps.borrow_mut();
        if steps.len() < MAX_STEPS {
            steps.push(Step::Folder(Rc::from(path)));
        }
    }

    /// The files that each text made the evaluation read, as hints for the next run. `known` returns the
    /// existing hints, `resolved` maps imported paths to files.
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
        // Reads that no other text foresees become hints of the first text.
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
