//! Where the modules of an evaluation come from, as far as it makes a difference: hidden base modules step back where
//! other modules declare the same, and what a user wrote by hand is checked more strictly.
//!
//! Only commands about modules know such origins. Everywhere else nothing is hidden and nothing is asked.

use std::cell::{Cell, RefCell};

use hashbrown::HashSet;

use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::heap::Slot;
use crate::value::Value;

/// What a command knows about the files of modules.
#[derive(Debug, Default)]
pub struct Origins {
    on: Cell<bool>,
    /// What the paths of base modules begin with.
    base: RefCell<Vec<u8>>,
    /// The files of fixtures, and those that only fixtures import.
    fixtures: RefCell<HashSet<Vec<u8>>>,
    /// The files of other modules.
    modules: RefCell<HashSet<Vec<u8>>>,
    /// What the paths of modules begin with of which only some are here.
    partly: RefCell<Vec<u8>>,
    /// Those of them that are imported and not here.
    absent: RefCell<Vec<Vec<u8>>>,
}

impl Origins {
    /// Modules below the folder `base` are hidden.
    pub fn hide(&self, base: &[u8]) {
        self.on.set(true);
        *self.base.borrow_mut() = [base, b"/"].concat();
    }

    /// Of the modules below `folder` only some are here; others are left out where they are imported, and noted.
    pub fn partly_here(&self, folder: &[u8]) {
        *self.partly.borrow_mut() = [folder, b"/"].concat();
    }

    /// What was left out so far: paths below that folder.
    pub fn absent(&self) -> Vec<String> {
        self.absent.borrow().iter().map(|path| String::from_utf8_lossy(path).into_owned()).collect()
    }

    /// This file is a module whose options and definitions need not fit to anything.
    pub fn module(&self, file: &[u8]) {
        self.on.set(true);
        self.modules.borrow_mut().insert(file.to_vec());
    }

    /// This file was written by hand: what it defines should exist.
    pub fn fixture(&self, file: &[u8]) {
        self.on.set(true);
        if !self.modules.borrow().contains(file) {
            self.fixtures.borrow_mut().insert(file.to_vec());
        }
    }

    /// Whether a file is a fixture or imported by one.
    pub fn is_fixture(&self, file: &[u8]) -> bool {
        self.fixtures.borrow().contains(file)
    }

    /// Whether a file is a base module.
    pub fn is_base(&self, file: &[u8]) -> bool {
        let base = self.base.borrow();
        !base.is_empty() && file.starts_with(&base)
    }
}

/// Whether somebody has told about origins.
#[inline]
pub fn known(ev: &Evaluator) -> bool {
    ev.extension::<Origins>().on.get()
}

/// Takes note of who imports whom: the imports of a fixture are part of it.
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

/// Whether what a module imports, and could not be loaded, is left out.
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

/// Whether a module's file is that of a base module.
pub fn is_base(ev: &Evaluator, file: Value) -> Res<bool> {
    let file = ev.force_value(file)?;
    Ok(file.is_string() && ev.extension::<Origins>().is_base(ev.mem.text(file)))
}
