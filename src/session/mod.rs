//! The public API: a [`Session`] evaluates text, files and modules on a thread of its own.

mod builtin_functions;
pub mod code_cache;
mod configuration;
mod definitions;
mod error;
#[cfg(test)]
mod replay_tests;
mod value;
mod worker;

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::sync::Arc;

pub use builtin_functions::{BuiltinFunction, builtin_functions};
use code_cache::Keeper;
pub use configuration::Configuration;
pub use definitions::{Definition, Fate};
pub use error::{Error, Position, Result};
pub use value::{Kind, Value};
use worker::Worker;

use crate::builtins;
use crate::eval::{self, Evaluator, Settings};
use crate::host::{Host, RealHost, System as _};
use crate::modules::native_lib;
use crate::options::{self, Modules, with_embedded};
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
}

/// Makes a host on the session's thread.
type MakeHost = Box<dyn FnOnce() -> Box<dyn Host> + Send>;
/// Receives the path and the file contents of each derivation.
type DerivationSink = Box<dyn Fn(&str, &[u8]) + Send>;

/// Configures a session; see [`Session::builder`].
pub struct Builder {
    settings: Settings,
    host: MakeHost,
    on_derivation: Option<DerivationSink>,
    code_cache: bool,
}

impl Builder {
    /// Sets the settings; [`Settings::default`] has Nix's defaults.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Builder {
        self.settings = settings;
        self
    }

    /// Sets the session's view of the outside: files, environment, clock and messages. `make` runs on the
    /// session's thread. By default, the session sees this machine.
    ///
    /// ```
    /// use std::sync::mpsc::channel;
    ///
    /// use nival::{Entries, FileType, Host, HostError, RealHost, Session, Stat};
    ///
    /// /// This machine, without messages on standard error.
    /// struct Quiet {
    ///     real: RealHost,
    ///     said: std::sync::mpsc::Sender<Vec<u8>>,
    /// }
    ///
    /// impl Host for Quiet {
    ///     fn read_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
    ///         self.real.read_file(path)
    ///     }
    ///     fn file_type(&self, path: &[u8]) -> Result<Option<FileType>, HostError> {
    ///         self.real.file_type(path)
    ///     }
    ///     fn read_dir(&self, path: &[u8]) -> Result<Entries, HostError> {
    ///         self.real.read_dir(path)
    ///     }
    ///     fn resolve(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
    ///         self.real.resolve(path)
    ///     }
    ///     fn stat(&self, path: &[u8]) -> Result<Stat, HostError> {
    ///         self.real.stat(path)
    ///     }
    ///     fn message(&self, text: &[u8]) {
    ///         let _ = self.said.send(text.to_vec());
    ///     }
    /// }
    ///
    /// # fn main() -> nival::Result<()> {
    /// let (said, heard) = channel();
    /// let session = Session::builder().host(|| Box::new(Quiet { real: RealHost::new(), said })).open()?;
    /// session.evaluate("builtins.trace \"hello\" 1", "/")?.force()?;
    /// assert_eq!(heard.recv().unwrap(), b"trace: hello");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn host(mut self, make: impl FnOnce() -> Box<dyn Host> + Send + 'static) -> Builder {
        self.host = Box::new(make);
        self
    }

    /// Passes each derivation that the evaluation makes to `sink`: its path and the contents of its file.
    #[must_use]
    pub fn on_derivation(mut self, sink: impl Fn(&str, &[u8]) + Send + 'static) -> Builder {
        self.on_derivation = Some(Box::new(sink));
        self
    }

    /// Uses the code cache, and extends it when the session ends. The host's environment determines its
    /// location: `NIVAL_CACHE_DIR`, `XDG_CACHE_HOME` or `HOME`.
    #[must_use]
    pub fn code_cache(mut self) -> Builder {
        self.code_cache = true;
        self
    }

    /// Opens the session.
    pub fn open(self) -> Result<Session> {
        let make = move || -> eval::Res<(Box<Evaluator>, Keeper)> {
            let host: Arc<dyn Host> = Arc::from((self.host)());
            let host = Box::new(with_embedded(host));
            let (mut ev, keeper) = code_cache::evaluator(host, self.settings, !self.code_cache)?;
            if let Some(sink) = self.on_derivation {
                ev.derivation_sink = Some(Box::new(move |path, contents| {
                    sink(path, contents);
                    Ok(())
                }));
            }
            builtins::install(&mut ev)?;
            Ok((ev, keeper))
        };
        Ok(Session { worker: Worker::start(make)? })
    }
}

impl Session {
    /// Opens a session with Nix's default settings that sees this machine.
    pub fn new() -> Result<Session> {
        Session::builder().open()
    }

    /// Configures a session with other settings or another host.
    pub fn builder() -> Builder {
        let host = RealHost::new();
        // Without a current directory, only absolute paths work.
        let base_dir = host.current_dir().unwrap_or_else(|_| b"/".to_vec());
        Builder {
            settings: Settings { base_dir, ..Settings::default() },
            host: Box::new(|| Box::new(host)),
            on_derivation: None,
            code_cache: false,
        }
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

    /// Opens a configuration: modules and fixtures whose options can then be queried. Relative paths start at
    /// the current directory.
    ///
    /// # Errors
    /// An error that prevents evaluating the modules at all.
    pub fn configuration(&self, modules: Modules) -> Result<Configuration> {
        let (opened, number) = self.worker.run(move |ev, held| {
            let opened = options::Configuration::open(ev, &modules)?;
            Ok((opened, held.hold(opened.values(ev, &[])?)))
        })?;
        Ok(Configuration::new(opened, Value::new(self.worker.clone(), number)))
    }
}

fn bytes(path: impl AsRef<Path>) -> Vec<u8> {
    path.as_ref().as_os_str().as_bytes().to_vec()
}
