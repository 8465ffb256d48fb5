//! Configurations in the public API.

use std::sync::Arc;

use super::error::{Error, Result};
use super::value::{Value, text};
use crate::eval::{ErrorKind, Evaluator, Res};
use crate::heap::Sym;
use crate::options::{
    Bounds, Configuration as Given, Dependencies, Found, Item, Opened, Opening, OptionInfo, attr_path,
};
use crate::report::{Options, Selection, write_options};

/// A configuration, whose options can be asked for their values, definitions, dependencies and differences.
/// [`Session::configuration`](crate::Session::configuration) opens it.
///
/// Options are named as in Nix: `boot.kernelParams`, `users.users."john.doe"`. A name may go on into the value of an
/// option: to an attribute, or to an element of a list by its number.
///
/// ```
/// use nival::{Modules, Outcome, Session};
///
/// # fn main() -> nival::Result<()> {
/// let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata");
/// let laptop = Session::new()?.configuration(
///     Modules::new()
///         .module(format!("{folder}/modules/kernel.nix"))
///         .fixture(format!("{folder}/fixtures/laptop.nix")),
/// )?;
/// let level = laptop.option("boot.consoleLogLevel")?;
/// let winner = level.definitions.iter().find(|definition| definition.outcome == Outcome::Wins).unwrap();
/// assert_eq!(winner.place.to_string(), format!("{folder}/fixtures/laptop.nix:30:5"));
/// assert_eq!(winner.priority, 100);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Configuration {
    opened: Given,
    pub(super) opening: Arc<Opening>,
    values: Value,
    /// Whether dependencies are known.
    pub(super) tracks: bool,
}

impl Configuration {
    pub(super) fn new(opened: Given, opening: Arc<Opening>, values: Value, tracks: bool) -> Configuration {
        Configuration { opened, opening, values, tracks }
    }

    /// Runs a job about the open configuration on the session's thread.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Evaluator, &Opened<'_>, &Opening, Given) -> Res<T> + Send + 'static,
    ) -> Result<T> {
        let (opened, opening) = (self.opened, self.opening.clone());
        self.values.worker().run(move |ev, _| job(ev, &Opened::new(ev, opened)?, &opening, opened))
    }

    /// Runs a job about a path.
    fn ask_about<T: Send + 'static>(
        &self,
        path: &str,
        job: impl FnOnce(&Opened<'_>, &[Sym]) -> Res<T> + Send + 'static,
    ) -> Result<T> {
        let path = path.as_bytes().to_vec();
        self.ask(move |ev, opened, _, _| job(opened, &attr_path::option_path(ev, &path)?))
    }

    /// The text of a file, as the session sees it.
    pub(super) fn text(&self, file: String) -> Option<String> {
        let read = move |ev: &Evaluator| ev.host.read_file(file.as_bytes()).ok();
        let found = self.values.worker().run(move |ev, _| Ok(read(ev))).ok()??;
        Some(text(&found))
    }

    /// The set of all option values, evaluated lazily.
    ///
    /// ```
    /// use nival::{Modules, Session};
    ///
    /// # fn main() -> nival::Result<()> {
    /// let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata");
    /// let modules = Modules::new().module(format!("{folder}/modules/kernel.nix"));
    /// let values = Session::new()?.configuration(modules)?.values().clone();
    /// assert_eq!(values.get("boot")?.get("consoleLogLevel")?.as_int()?, 4);
    /// # Ok(())
    /// # }
    /// ```
    pub fn values(&self) -> &Value {
        &self.values
    }

    /// The values of some options or option sets as JSON, or of all options if no paths are given. A value that fails, or that JSON
    /// cannot represent, becomes `{"_nival": …, "at": …, "message": …}`, which says why. Options that do not exist are omitted.
    ///
    /// # Errors
    /// A malformed path, or an error that prevents evaluating the modules at all.
    ///
    /// ```
    /// use nival::{Modules, Session};
    ///
    /// # fn main() -> nival::Result<()> {
    /// let modules = Modules::new().module_text("{ environment.etc.motd.text = \"hello\"; }");
    /// let configuration = Session::new()?.configuration(modules)?;
    /// assert_eq!(
    ///     configuration.json(&["environment.etc.motd.text"])?,
    ///     r#"{"environment":{"etc":{"motd":{"text":"hello"}}}}"#
    /// );
    /// # Ok(())
    /// # }
    /// ```
    pub fn json(&self, paths: &[&str]) -> Result<String> {
        let paths: Vec<Vec<u8>> = paths.iter().map(|path| path.as_bytes().to_vec()).collect();
        let opened = self.opened;
        self.values.worker().run(move |ev, _| {
            let paths = paths.iter().map(|path| attr_path::split(path)).collect::<Res<Vec<_>>>()?;
            let options = Options { strict: false, evaluation: opened.evaluation() };
            let written = write_options(ev, opened.values(ev, &paths)?, &Selection::of(&paths), options)?;
            Ok(text(&written.json))
        })
    }

    /// Everything about an option, or about a part of an option's value: declarations, type, default, value or error, and the
    /// definitions with their places and fates.
    ///
    /// # Errors
    /// When there is nothing at the path or a set of options, when the path is malformed, and an error in the declarations on the way.
    /// A value that cannot be evaluated is no error, but [`Plain::Failed`](crate::Plain::Failed).
    ///
    /// ```
    /// use nival::{Modules, Outcome, Session};
    ///
    /// # fn main() -> nival::Result<()> {
    /// let modules = Modules::new().base(false).module_text(
    ///     "{ lib, ... }: {
    ///        options.port = lib.mkOption { type = lib.types.port; default = 80; };
    ///        imports = [ { port = lib.mkDefault 8080; } { port = lib.mkIf false 1; } ];
    ///      }",
    /// );
    /// let port = Session::new()?.configuration(modules)?.option("port")?;
    /// assert_eq!(port.type_description.as_deref(), Some("16 bit unsigned integer; between 0 and 65535 (both inclusive)"));
    /// let fates: Vec<(i64, &str)> =
    ///     port.definitions.iter().map(|definition| (definition.priority, definition.outcome.word())).collect();
    /// assert_eq!(fates, [(1000, "wins"), (1500, "lost"), (100, "off")]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn option(&self, path: &str) -> Result<OptionInfo> {
        self.ask_about(path, |opened, path| opened.tell(path))
    }

    /// All options at and below a path, or of the whole configuration for an empty path, in the order of their names: without their
    /// definitions' values and origins, and without options that users do not see (`visible`, `internal`). Every value is evaluated.
    ///
    /// # Errors
    /// When there is nothing at the path, and an error in the declarations on the way to it.
    pub fn options(&self, below: &str) -> Result<Vec<OptionInfo>> {
        self.ask_about(below, |opened, path| {
            let mut all = Vec::new();
            opened.ev.silently(|| {
                visit(opened, path, &mut |at, item| {
                    match item {
                        Item::Option(_) => all.push(match opened.definitions(at) {
                            Ok(found) => opened.outline(at, &found, Bounds::LISTED),
                            Err(e) => opened.failed(at, &e),
                        }),
                        Item::Failed(e) => all.push(opened.failed(at, &e)),
                        Item::Level => {}
                    }
                    Ok(())
                })
            })?;
            Ok(all)
        })
    }

    /// The names of these options. No values are evaluated.
    ///
    /// # Errors
    /// When there is nothing at the path, and an error in the declarations on the way to it.
    ///
    /// ```
    /// use nival::{Modules, Session};
    ///
    /// # fn main() -> nival::Result<()> {
    /// let modules = Modules::new().base(false).module_text(
    ///     "{ lib, ... }: { options.a.b = lib.mkOption { }; options.a.c = lib.mkEnableOption \"c\"; }",
    /// );
    /// let configuration = Session::new()?.configuration(modules)?;
    /// assert_eq!(configuration.option_names("a")?, ["a.b", "a.c"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn option_names(&self, below: &str) -> Result<Vec<String>> {
        self.ask_about(below, |opened, path| {
            let mut names = Vec::new();
            visit(opened, path, &mut |at, _| {
                names.push(opened.show(at));
                Ok(())
            })?;
            Ok(names)
        })
    }

    /// The options that a value was computed from, and what those were computed from, over up to `depth` steps.
    ///
    /// # Errors
    /// When there is nothing at the path, and if the session does not track
    /// [dependencies](crate::SessionBuilder::dependencies).
    ///
    /// ```
    /// use nival::{Modules, Session};
    ///
    /// # fn main() -> nival::Result<()> {
    /// let modules = Modules::new().base(false).module_text(
    ///     "{ lib, config, ... }: {
    ///        options.a = lib.mkOption { default = 1; };
    ///        options.b = lib.mkOption { default = config.a + 1; };
    ///      }",
    /// );
    /// let configuration = Session::new()?.configuration(modules)?;
    /// let names = |found: nival::Dependencies| -> Vec<String> {
    ///     found.options.into_iter().map(|option| option.name).collect()
    /// };
    /// assert_eq!(names(configuration.dependencies("b", 1)?), ["b", "a"]);
    /// assert_eq!(names(configuration.dependents("a", 1)?), ["a", "b"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn dependencies(&self, path: &str, depth: usize) -> Result<Dependencies> {
        self.check_tracking()?;
        self.ask_about(path, move |opened, path| {
            opened.expect(path)?;
            Ok(opened.why(path, depth, false))
        })
    }

    /// The options that were computed from a value, and what was computed from those, over up to `depth` steps. The whole configuration
    /// is evaluated.
    ///
    /// # Errors
    /// When there is nothing at the path, and if the session does not track
    /// [dependencies](crate::SessionBuilder::dependencies).
    pub fn dependents(&self, path: &str, depth: usize) -> Result<Dependencies> {
        self.check_tracking()?;
        self.ask_about(path, move |opened, path| {
            opened.expect(path)?;
            opened.ev.silently(|| opened.affects(path, depth, false))
        })
    }

    fn check_tracking(&self) -> Result<()> {
        match self.tracks {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::Usage, "the session does not track dependencies")),
        }
    }
}

/// Visits the options at and below a path that users see.
fn visit(opened: &Opened<'_>, path: &[Sym], visit: &mut dyn FnMut(&[Sym], Item) -> Res<()>) -> Res<()> {
    match opened.find(path) {
        Found::Failed { error, .. } => visit(path, Item::Failed(error)),
        Found::Set(level) => opened.each(level, path, true, &mut |at, item| match item {
            Item::Option(option) if !opened.is_visible(option) => Ok(()),
            item => visit(at, item),
        }),
        Found::Option { option, .. } => visit(path, Item::Option(option)),
        Found::Missing { names, near } => Err(opened.missing(path, names, near)),
    }
}
