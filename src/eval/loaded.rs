//! What has been loaded.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use hashbrown::HashMap;

use crate::heap::CodeRef;
use crate::host::Reader;
use crate::source::Reread;
use crate::value::Value;

type PathBytes = Rc<[u8]>;

/// What has been loaded.
#[derive(Default)]
pub(super) struct Loaded {
    /// Paths as imported, and the files they lead to.
    pub(super) resolved: RefCell<HashMap<PathBytes, PathBytes>>,
    /// Files, and references to the slots of their values.
    pub(super) values: RefCell<HashMap<PathBytes, Value>>,
    /// Path literals that are not absolute, by their code, and the paths they stand for.
    pub(super) literals: RefCell<HashMap<CodeRef, Value>>,
    /// Files that are part of the evaluator, by the text of their paths.
    pub(super) internal: HashMap<&'static [u8], InternalFile>,
    /// Folders whose files are copied to the store, and where they really are.
    pub(super) real_folders: RefCell<HashMap<PathBytes, PathBytes>>,
    /// How files are read that need not be held in memory, and read again.
    pub(super) reader: OnceCell<Option<(Reader, Reread)>>,
}

/// A file that is part of the evaluator, as one of other contents is of Nix.
pub struct InternalFile {
    /// Its path, which no real file has.
    pub path: &'static str,
    /// Its contents.
    pub text: &'static [u8],
    /// Its name where Nix has it, in a root of its own.
    pub name: &'static str,
    /// The hash of Nix's file, which its store path depends on.
    pub nar_hash: [u8; 32],
}
