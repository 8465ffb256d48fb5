//! The origins of modules, where they make a difference: hidden base modules yield to other modules that
//! declare the same names, and hand-written fixtures are checked more strictly.
//!
//! Only commands about modules register origins. Otherwise nothing is hidden, and no origin is looked up.

use std::cell::{Cell, RefCell};

use hashbrown::HashSet;

use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::heap::Slot;
use crate::value::Value;

/// What a command knows about the files of modules.
#[derive(Debug, Default)]
pub struct Origins {
    on: Cell<bool>,
    /// The prefix of the paths of base modules.
    base: RefCell<Vec<u8>>,
    /// The files of fixtures, and of modules that only fixtures import.
    fixtures: RefCell<HashSet<Vec<u8>>>,
    /// The files of other modules.
    modules: RefCell<HashSet<Vec<u8>>>,
    /// The prefix of the paths of modules that are only partly present.
    partly: RefCell<Vec<u8>>,
    /// The modules with that prefix that are imported but absent.
    absent: RefCell<Vec<Vec<u8>>>,
}

impl Origins {
    /// Hides the modules below the folder `base`.
    pub fn hide(&self, base: &[u8]) {
        self.on.set(true);
        *self.base.borrow_mut() = [base, b"/"].concat();
    }

    /// Declares that only some modules below `folder` are present. The others are skipped when they are
    /// imported, and noted.
    pub fn partly_here(&self, folder: &[u8]) {
        *self.partly.borrow_mut() = [folder, b"/"].concat();
    }

    /// The modules skipped so far, as paths below that folder.
    pub fn absent(&self) -> Vec<String> {
        self.absent.borrow().iter().map(|path| String::from_utf8_lossy(path).into_owned()).collect()
    }

    /// Registers this file as a module whose options and definitions need not match any others.
    pub fn module(&self, file: &[u8]) {
        self.on.set(true);
        self.modules.borrow_mut().insert(file.to_vec());
    }

    /// Registers this file as a fixture, written by hand: the options that it defines should exist.
    pub fn fixture(&self, file: &[u8]) {
        self.on.set(true);
        if !self.modules.borrow().contains(file) {
            self.fixtures.borrow_mut().insert(file.to_vec());
        }
    }

    /// Whether a file is a fixture or is imported by one.
    pub fn is_fixture(&self, file: &[u8]) -> bool {
        self.fixtures.borrow().contains(file)
    }

    /// Whether a file is a base module.
    pub fn is_base(&self, file: &[u8]) -> bool {
        let base = self.base.borrow();
        !base.is_empty() && file.starts_with(&base)
    }
}

/// Whether any origins are registered.
#[inline]
pub fn known(ev: &Evaluator) -> bool {
    ev.extension::<Origins>().on.get()
}

/// Notes an import: the imports of a fixture belong to it.
pub fn imported(ev: &Evaluator, importer: Value, file: Value) -> Res<()> {
    let origins = ev.extension::<Origins>();
    if !origins.on.get() {
        return Ok(());
    }
    let (importer, file) = (ev.force_value(importer)?, ev.force_value(file)?);
    if !importer.is_string() || !file.is_string() || importer == file {
        return Ok(());
    }
    let file = ev.mem.text(file);
    match origins.is_fixture(ev.mem.text(importer)) {
        true => origins.fixture(file),
        false => origins.module(file),
    }
    Ok(())
}

/// Whether any imports are skipped.
pub fn any_left_out(ev: &Evaluator) -> bool {
    !ev.extension::<Origins>().partly.borrow().is_empty()
}

/// Whether an import that could not be loaded is skipped.
pub fn is_left_out(ev: &Evaluator, item: &Slot, e: &Error) -> Res<bool> {
    let origins = ev.extension::<Origins>();
    let partly = origins.partly.borrow();
    if partly.is_empty() || e.data().kind != ErrorKind::System {
        return Ok(false);
    }
    let item = ev.force(item)?;
    let Some(path) = ev.mem.text(item).strip_prefix(&partly[..]) else {
        return Ok(false);
    };
    let mut absent = origins.absent.borrow_mut();
    if !absent.iter().any(|known| known == path) {
        absent.push(path.to_vec());
    }
    Ok(true)
}

/// Whether a file is that of a base module.
pub fn is_base(ev: &Evaluator, file: Value) -> Res<bool> {
    let file = ev.force_value(file)?;
    Ok(file.is_string() && ev.extension::<Origins>().is_base(ev.mem.text(file)))
}
