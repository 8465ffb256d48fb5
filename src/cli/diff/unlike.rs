//! Which answers of the file system are other ones in another revision: as long as an evaluation gets none of them, it gives
//! the same in both.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::cli::beside::host;
use crate::cli::console::Console;
use crate::cli::revisions::Revision;
use crate::host::{FileType, Host, Stat, Touch, changed_between};

/// Two revisions of the files, or a revision and the files as they are.
pub struct Revisions {
    /// The old one.
    pub old: Revision,
    /// The new one, if it is not the work tree.
    pub new: Option<Revision>,
}

/// What differs between two revisions.
pub struct Unlike {
    old: Arc<dyn Host>,
    new: Arc<dyn Host>,
    /// The files that git says have changed.
    changed: BTreeSet<Vec<u8>>,
    known: RefCell<BTreeSet<Touch>>,
}

impl Unlike {
    /// What differs between two revisions; `None` if git cannot say it.
    pub fn of(console: &Console, revisions: &Revisions) -> Option<Unlike> {
        let Revisions { old, new } = revisions;
        let changed = changed_between(&old.files, new.as_ref().map(|new| &*new.files)).ok()?;
        Some(Unlike {
            old: host(console, Some(old)),
            new: host(console, new.as_ref()),
            changed: changed.into_iter().collect(),
            known: RefCell::default(),
        })
    }

    /// Whether a question has another answer in the other revision. A question that was asked before has not.
    pub fn is(&self, touch: Touch) -> bool {
        if self.known.borrow().contains(&touch) {
            return false;
        }
        let (old, new) = (&*self.old, &*self.new);
        let is_unlike = match &touch {
            Touch::Contents(path) => self.has_other_contents(path),
            Touch::Listing(path) => old.read_dir(path).ok() != new.read_dir(path).ok(),
            Touch::Kind(path) => kind(old, path) != kind(new, path),
            Touch::Variable(_) => false,
        };
        self.known.borrow_mut().insert(touch);
        is_unlike
    }

    /// What git ignores has no contents in a revision.
    fn has_other_contents(&self, path: &[u8]) -> bool {
        let [old, new] = [&self.old, &self.new].map(|host| host.resolve(path).ok());
        let Some(real) = new.filter(|new| old.as_ref() == Some(new)) else {
            return true;
        };
        // A submodule is one file.
        let ends = (1..=real.len()).filter(|end| real.get(*end).is_none_or(|byte| *byte == b'/'));
        ends.into_iter().any(|end| self.changed.contains(&real[..end]))
    }
}

/// What is at a path, and where it is.
type Kind = (Option<(FileType, bool, Vec<u8>)>, Option<Vec<u8>>);

fn kind(host: &dyn Host, path: &[u8]) -> Kind {
    // Whether a folder is executable, a revision does not say.
    let is_executable = |stat: &Stat| stat.kind == FileType::Regular && stat.executable;
    let stat = host.stat(path).ok().map(|stat| (stat.kind, is_executable(&stat), stat.target));
    (stat, host.resolve(path).ok())
}
