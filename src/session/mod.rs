//! The public API: a [`Session`] evaluates text, files and modules on a thread of its own.

mod builder;
mod builtin_functions;
pub mod code_cache;
mod comparison;
mod configuration;
mod error;
mod json;
mod paths;
mod policy;
#[cfg(test)]
mod replay_tests;
mod sources;
mod value;
mod worker;

use std::path::Path;
use std::sync::Arc;

pub use builder::SessionBuilder;
pub use builtin_functions::{BuiltinFunction, builtin_functions};
pub use configuration::Configuration;
pub use error::{Error, Position, Result};
use paths::bytes;
pub use policy::guarded;
pub use sources::{ConfigurationSource, Evaluated, Flake, Nixos};
pub use value::{Value, ValueKind};
use worker::Worker;

use crate::modules::native_lib;
use crate::source::Origin;

/// One evaluation. Everything it has read and computed is kept while the session or one of its values exists.
///
/// A session evaluates on its own thread, whose stack is large enough for everything that Nix can evaluate.
/// It can be used from any thread and works in the order of requests.
///
/// ```
/// use nival::Session;
///
/// # fn main() -> nival::Result<()> {
/// let session = Session::new()?;
/// let value = session.evaluate("map (n: n * n) [ 1 2 3 ]", "/")?;
/// assert_eq!(value.print()?, "[ 1 4 9 ]");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Session {
    worker: Worker,
    /// Whether evaluations of configurations track dependencies.
    tracks: bool,
}

impl Session {
    /// Opens a session with Nix's default settings that sees this machine.
    pub fn new() -> Result<Session> {
        Session::builder().open()
    }

    /// Configures a session with other settings.
    pub fn builder() -> SessionBuilder {
        SessionBuilder::new()
    }

    /// Evaluates a text as `nix-instantiate --eval -E` does. Its relative paths start at `folder`.
    ///
    /// ```
    /// # fn main() -> nival::Result<()> {
    /// let session = nival::Session::new()?;
    /// let error = session.evaluate("{ a = 1; }.b", "/").unwrap_err();
    /// assert_eq!(error.message(), "attribute 'b' missing");
    /// assert!(error.to_string().starts_with("error: attribute 'b' missing"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn evaluate(&self, text: impl AsRef<[u8]>, folder: impl AsRef<Path>) -> Result<Value> {
        let (text, folder) = (text.as_ref().to_vec(), bytes(folder));
        Value::of(&self.worker, move |ev| ev.eval_text(Origin::Text, &text, &folder))
    }

    /// Evaluates a file, or the `default.nix` of a folder, as `import` does.
    pub fn evaluate_file(&self, path: impl AsRef<Path>) -> Result<Value> {
        let path = bytes(path);
        Value::of(&self.worker, move |ev| ev.import(&path))
    }

    #[doc(hidden)]
    /// Checks that a file holds an expression whose variables are all defined, without evaluating it.
    /// Compares nival's parser with rnix.
    ///
    /// # Errors
    /// A syntax error or an undefined variable, as Nix reports them, or a disagreement of the two parsers.
    pub fn check_file(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = bytes(path);
        self.worker.run(move |ev, _| ev.check_file(&path.into()))
    }

    /// nival's native version of nixpkgs' `lib`.
    ///
    /// ```
    /// # fn main() -> nival::Result<()> {
    /// let session = nival::Session::new()?;
    /// let sorted = session.lib()?.get("naturalSort")?.call(&[&session.evaluate("[ \"b10\" \"b9\" ]", "/")?])?;
    /// assert_eq!(sorted.print()?, "[ \"b9\" \"b10\" ]");
    /// # Ok(())
    /// # }
    /// ```
    pub fn lib(&self) -> Result<Value> {
        Value::of(&self.worker, native_lib)
    }

    /// Opens a configuration, whose options can then be asked for: [`Modules`](crate::Modules) and fixtures, a [`Nixos`]
    /// configuration, a value with `options` and `config` ([`Evaluated`]), or one in a [`Flake`]. Relative paths start at the session's
    /// [folder](SessionBuilder::folder).
    ///
    /// A session keeps all that it has evaluated, which is a few megabytes for modules and hundreds for a system. A program that opens
    /// many configurations opens a session for each, and drops it.
    ///
    /// # Errors
    /// An error that prevents evaluating the modules at all.
    pub fn configuration(&self, source: impl Into<ConfigurationSource>) -> Result<Configuration> {
        let opening = Arc::new(source.into().opening());
        let tracks = self.tracks;
        let way = opening.clone();
        let (opened, number) = self.worker.run(move |ev, held| {
            match tracks {
                true => ev.track_reads(),
                false => ev.observe(),
            }
            let opened = way.open(ev)?;
            Ok((opened, held.hold(opened.values(ev, &[])?)))
        })?;
        Ok(Configuration::new(opened, opening, Value::new(self.worker.clone(), number), tracks))
    }
}

impl SessionBuilder {
    /// Opens the session.
    ///
    /// # Errors
    /// When there is no such revision, and when there is no memory or thread for the evaluation.
    pub fn open(self) -> Result<Session> {
        let (worker, tracks) = self.start()?;
        Ok(Session { worker, tracks })
    }
}
