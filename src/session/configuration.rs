//! Configurations in the public API.

use super::definitions::Definition;
use super::error::Result;
use super::value::{Value, text};
use crate::options::{Configuration as Given, Opened, attr_path};
use crate::report::{Options, Selection, write_options};

/// Modules and fixtures whose options can be queried.
///
/// ```
/// use nival::{Modules, Session};
///
/// # fn main() -> nival::Result<()> {
/// let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata");
/// let modules = Modules {
///     modules: vec![format!("{folder}/modules/kernel.nix").into()],
///     fixtures: vec![format!("{folder}/fixtures/laptop.nix").into()],
///     ..Modules::default()
/// };
/// let configuration = Session::new()?.configuration(modules)?;
/// let modules = configuration.values().get("boot")?.get("initrd")?.get("availableKernelModules")?;
/// assert!(modules.length()? > 10);
/// assert_eq!(configuration.json(&["boot.consoleLogLevel"])?, r#"{"boot":{"consoleLogLevel":3}}"#);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Configuration {
    opened: Given,
    values: Value,
}

impl Configuration {
    pub(super) fn new(opened: Given, values: Value) -> Configuration {
        Configuration { opened, values }
    }

    /// The set of all option values, evaluated lazily.
    pub fn values(&self) -> &Value {
        &self.values
    }

    /// The values of some options (`boot.kernelParams`) or option sets as JSON, or of all options if no paths
    /// are given. A value that fails, or that JSON cannot represent, becomes `{"_nival": …, "at": …,
    /// "message": …}`, which says why. Options that do not exist are omitted.
    ///
    /// # Errors
    /// A malformed path, or an error that prevents evaluating the modules at all.
    pub fn json(&self, paths: &[&str]) -> Result<String> {
        let paths: Vec<Vec<u8>> = paths.iter().map(|path| path.as_bytes().to_vec()).collect();
        let opened = self.opened;
        self.values.worker().run(move |ev, _| {
            let paths =
                paths.iter().map(|path| attr_path::split(path)).collect::<crate::eval::Res<Vec<_>>>()?;
            let options = Options { strict: false, evaluation: opened.evaluation() };
            let written = write_options(ev, opened.values(ev, &paths)?, &Selection::of(&paths), options)?;
            Ok(text(&written.json))
        })
    }

    /// The definitions of an option, or of an attribute of its value: those that count, in the order in which they are
    /// merged, then those that lost or are switched off. Only configurations opened with
    /// [`Modules::record_definitions`](crate::Modules::record_definitions) know them; for others the result is empty.
    ///
    /// # Errors
    /// A malformed path, or an error in the declarations or definitions on the way.
    ///
    /// ```
    /// use nival::{Fate, Modules, Session};
    ///
    /// # fn main() -> nival::Result<()> {
    /// let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata");
    /// let configuration = Session::new()?.configuration(Modules {
    ///     modules: vec![format!("{folder}/modules/kernel.nix").into()],
    ///     fixtures: vec![format!("{folder}/fixtures/laptop.nix").into()],
    ///     record_definitions: true,
    ///     ..Modules::default()
    /// })?;
    /// let definitions = configuration.definitions("boot.consoleLogLevel")?;
    /// let winner = definitions.iter().find(|definition| definition.fate == Fate::Won).unwrap();
    /// assert_eq!(winner.position.as_ref().unwrap().line, 30);
    /// # Ok(())
    /// # }
    /// ```
    pub fn definitions(&self, path: &str) -> Result<Vec<Definition>> {
        let path = path.as_bytes().to_vec();
        let opened = self.opened;
        self.values.worker().run(move |ev, _| {
            let mut names = Vec::new();
            for name in attr_path::split(&path)? {
                names.push(ev.mem.heap.intern(&name)?);
            }
            let found = Opened::new(ev, opened)?.definitions(&names)?;
            Ok(found.all.iter().map(|definition| Definition::of(ev, definition)).collect())
        })
    }
}
