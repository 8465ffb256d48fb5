//! Which options of a configuration differ from their defaults.

use super::opened::Opened;
use super::plain::Bounds;
use super::tree::{Found, Item};
use crate::eval::Res;
use crate::heap::Sym;

/// The path of an option, or of a part of its value, as bytes.
type Path = Vec<Vec<u8>>;

impl Opened<'_> {
    /// The paths of the options at and below `paths` (everywhere, if there are none) whose value is not their default, or
    /// cannot be evaluated. A path into an option's value, and one that leads nowhere, remain as they are.
    ///
    /// # Errors
    /// An error in the declarations on the way to a path.
    pub fn changed(&self, paths: &[Path]) -> Res<Vec<Path>> {
        let everywhere = [Path::new()];
        let paths = if paths.is_empty() { &everywhere[..] } else { paths };
        let mut changed = Vec::new();
        for path in paths {
            let mut names = Vec::with_capacity(path.len());
            for name in path {
                names.push(self.ev.mem.heap.intern(name)?);
            }
            match self.find(&names) {
                Found::Set(level) => self.each(level, &names, true, &mut |at, item| {
                    if match item {
                        Item::Option(option) => self.is_visible(option) && self.differs(at),
                        Item::Level => false,
                        Item::Failed(_) => true,
                    } {
                        changed.push(self.bytes(at));
                    }
                    Ok(())
                })?,
                Found::Option { names: depth, .. } if self.differs(&names[..depth]) => {
                    changed.push(path.clone());
                }
                Found::Option { .. } => {}
                Found::Missing { .. } | Found::Failed { .. } => changed.push(path.clone()),
            }
        }
        Ok(changed)
    }

    /// Whether the value of an option is not its default.
    fn differs(&self, path: &[Sym]) -> bool {
        match self.definitions(path) {
            // Values are evaluated only where something defines them.
            Ok(found) if !found.is_set() => false,
            Ok(found) => self.about(path, &found, Bounds::LISTED).differs_from_default(),
            Err(_) => true,
        }
    }

    fn bytes(&self, path: &[Sym]) -> Path {
        path.iter().map(|name| self.ev.mem.heap.name(*name).to_vec()).collect()
    }
}
