//! The files that the evaluation has loaded, by path: what they resolve to, and their values.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use hashbrown::HashMap;

use crate::heap::CodeRef;
use crate::host::Reader;
use crate::source::Reread;
use crate::value::Value;

type PathBytes = Rc<[u8]>;

/// The files that the evaluation has loaded.
#[derive(Default)]
pub(super) struct LoadedFiles {
    /// Imported paths, and the files they resolve to.
    pub(super) resolved: RefCell<HashMap<PathBytes, PathBytes>>,
    /// Files, and references to the slots of their values.
    pub(super) values: RefCell<HashMap<PathBytes, Value>>,
    /// The paths of relative and home path literals, by their code.
    pub(super) literals: RefCell<HashMap<CodeRef, Value>>,
    /// Files that are part of the evaluator, by path.
    pub(super) internal: HashMap<&'static [u8], InternalFile>,
    /// Folders whose files are copied to the store, and their real paths.
    pub(super) real_folders: RefCell<HashMap<PathBytes, PathBytes>>,
    /// The readers for files whose text need not stay in memory.
    pub(super) reader: OnceCell<Option<(Reader, Reread)>>,
}

/// A file that is part of the evaluator and replaces one of Nix's, whose contents differ.
pub struct InternalFile {
    /// Its path, which no real file has.
    pub path: &'static str,
    /// Its contents.
    pub text: &'static [u8],
    /// Its name in Nix, where it is in a root of its own.
    pub name: &'static str,
    /// The NAR hash of Nix's file, which determines its store path.
    pub nar_hash: [u8; 32],
}
