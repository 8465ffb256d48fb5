//! Configures a session.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::code_cache::{self, Keeper};
use super::error::{Error, Result};
use super::paths::bytes;
use super::policy::guarded;
use super::worker::Worker;
use crate::builtins;
use crate::eval::{self, ErrorKind, Evaluator, Settings};
use crate::host::{AtRevision, Host, RealHost, Redirected, Snapshot, System as _};
use crate::options::with_embedded;
use crate::store::Feature;

/// Makes a host on the session's thread.
type MakeHost = Box<dyn FnOnce() -> Box<dyn Host> + Send>;
/// Receives the lines that an evaluation prints.
type MessageSink = Box<dyn Fn(&[u8]) + Send>;
/// Receives the path and the file contents of each derivation.
type DerivationSink = Box<dyn Fn(&str, &[u8]) + Send>;

/// Configures a [`Session`](crate::Session); [`Session::builder`](crate::Session::builder) makes one.
///
/// ```
/// use nival::Session;
///
/// # fn main() -> nival::Result<()> {
/// let session = Session::builder().system("aarch64-linux").pure(true).open()?;
/// assert_eq!(session.evaluate("builtins ? currentSystem", "/")?.as_bool()?, false);
///
/// let session = Session::builder().system("aarch64-linux").open()?;
/// assert_eq!(session.evaluate("builtins.currentSystem", "/")?.as_text()?, "aarch64-linux");
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct SessionBuilder {
    settings: Settings,
    host: MakeHost,
    messages: Option<MessageSink>,
    on_derivation: Option<DerivationSink>,
    code_cache: bool,
    dependencies: bool,
    guarded: bool,
    revision: Option<(PathBuf, String)>,
    stores: Vec<Vec<u8>>,
}

impl std::fmt::Debug for SessionBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionBuilder")
            .field("settings", &self.settings)
            .field("code_cache", &self.code_cache)
            .field("dependencies", &self.dependencies)
            .field("revision", &self.revision)
            .finish_non_exhaustive()
    }
}

impl SessionBuilder {
    pub(super) fn new() -> SessionBuilder {
        let host = RealHost::new();
        // Without a current directory, only absolute paths work.
        let base_dir = host.current_dir().unwrap_or_else(|_| b"/".to_vec());
        SessionBuilder {
            settings: Settings { base_dir, ..Settings::default() },
            host: Box::new(|| Box::new(host)),
            messages: None,
            on_derivation: None,
            code_cache: false,
            dependencies: true,
            guarded: false,
            revision: None,
            stores: Vec::new(),
        }
    }

    /// Sets the platform that `builtins.currentSystem` names. It is `x86_64-linux` if nothing else is said.
    pub fn system(mut self, system: impl Into<String>) -> SessionBuilder {
        self.settings.system = system.into();
        self
    }

    /// Sets the folder at which relative paths begin, and relative to which [`Comparison`](crate::Comparison)s name files. It is the
    /// current directory if nothing else is said.
    pub fn folder(mut self, folder: impl AsRef<Path>) -> SessionBuilder {
        let folder = bytes(folder);
        self.settings.base_dir = crate::syntax::absolute(&folder, &self.settings.base_dir);
        self
    }

    /// Adds an entry to the search path: `<nixpkgs>` is the path whose prefix is `nixpkgs`. The environment's `NIX_PATH` does not count.
    ///
    /// ```
    /// # fn main() -> nival::Result<()> {
    /// let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata");
    /// let session = nival::Session::builder().search_path("data", folder).open()?;
    /// assert_eq!(session.evaluate("toString <data/modules>", "/")?.as_text()?, format!("{folder}/modules"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn search_path(mut self, prefix: impl Into<String>, path: impl AsRef<Path>) -> SessionBuilder {
        let path = path.as_ref().to_string_lossy().into_owned();
        self.settings.nix_path.push((prefix.into(), path));
        self
    }

    /// Whether the evaluation is pure (`pure-eval`): without a search path, the environment, and the clock, and with no files but those of
    /// flakes, of what is fetched by a hash, and of the store.
    pub fn pure(mut self, pure: bool) -> SessionBuilder {
        self.settings.pure = pure;
        self.guarded = true;
        self
    }

    /// Whether only the files of the search path may be read (`restrict-eval`).
    pub fn restricted(mut self, restricted: bool) -> SessionBuilder {
        self.settings.restrict = restricted;
        self.guarded = true;
        self
    }

    /// Enables flakes, for [`Flake`](crate::Flake) and `builtins.getFlake`. Nix evaluates flakes [purely](Self::pure), which is to be
    /// asked for as well.
    pub fn flakes(mut self) -> SessionBuilder {
        self.settings.store_features =
            self.settings.store_features.with(Feature::Flakes).with(Feature::FetchTree);
        self
    }

    /// Adds a folder with store objects, besides `/nix/store`: outputs of derivations and inputs of flakes are looked up there.
    pub fn store(mut self, folder: impl AsRef<Path>) -> SessionBuilder {
        self.stores.push(bytes(folder));
        self
    }

    /// Says where the contents of a URL are, because nothing is fetched.
    pub fn fetched(mut self, url: impl Into<String>, path: impl AsRef<Path>) -> SessionBuilder {
        let path = crate::syntax::absolute(&bytes(path), &self.settings.base_dir);
        self.settings.fetched.push((url.into(), path));
        self
    }

    /// Sets how deep calls may be nested (`max-call-depth`): 10,000 if nothing else is said.
    pub fn max_call_depth(mut self, depth: usize) -> SessionBuilder {
        self.settings.max_call_depth = depth;
        self
    }

    /// Reads the files of a git repository as they are in a revision. `repository` is a path in the repository; other files are those
    /// of this machine.
    ///
    /// ```no_run
    /// use nival::{Nixos, Session};
    ///
    /// # fn main() -> nival::Result<()> {
    /// let nixos = || Nixos::new("/home/me/hosts/laptop.nix").nixpkgs("/home/me/nixpkgs");
    /// let before = Session::builder().revision("/home/me/nixpkgs", "HEAD~1").code_cache().open()?;
    /// let after = Session::builder().code_cache().open()?;
    /// let comparison = before.configuration(nixos())?.compare(&after.configuration(nixos())?, &[])?;
    /// for change in &comparison.changes {
    ///     println!("{}: {}", change.difference.name, change.difference.kind.word());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn revision(mut self, repository: impl Into<PathBuf>, revision: impl Into<String>) -> SessionBuilder {
        self.revision = Some((repository.into(), revision.into()));
        self
    }

    /// Whether the evaluation of configurations notes which options a value was computed from. It does if nothing else is said. For a whole
    /// system of NixOS 26.11, that takes some 10 % more time and memory. Without it,
    /// [`Configuration::dependencies`](crate::Configuration::dependencies) is an error, and
    /// [comparisons](crate::Configuration::compare) find fewer causes.
    pub fn dependencies(mut self, dependencies: bool) -> SessionBuilder {
        self.dependencies = dependencies;
        self
    }

    /// Passes the lines that the evaluation prints (`trace`, warnings) to `sink` on the session's thread. Without it, they go to standard error.
    ///
    /// ```
    /// use std::sync::mpsc::channel;
    ///
    /// # fn main() -> nival::Result<()> {
    /// let (said, heard) = channel();
    /// let session = nival::Session::builder().on_message(move |line| drop(said.send(line.to_vec()))).open()?;
    /// session.evaluate("builtins.trace \"hello\" 1", "/")?.force()?;
    /// assert_eq!(heard.recv().unwrap(), b"trace: hello");
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_message(mut self, sink: impl Fn(&[u8]) + Send + 'static) -> SessionBuilder {
        self.messages = Some(Box::new(sink));
        self
    }

    /// Passes each derivation that the evaluation makes to `sink`, on the session's thread: its path and the contents of its file.
    pub fn on_derivation(mut self, sink: impl Fn(&str, &[u8]) + Send + 'static) -> SessionBuilder {
        self.on_derivation = Some(Box::new(sink));
        self
    }

    /// Uses the code cache, and extends it when the session ends. The environment determines its location: `NIVAL_CACHE_DIR`,
    /// `XDG_CACHE_HOME` or `HOME`.
    pub fn code_cache(mut self) -> SessionBuilder {
        self.code_cache = true;
        self
    }

    /// Sets all settings.
    #[doc(hidden)]
    pub fn settings(mut self, settings: Settings) -> SessionBuilder {
        self.settings = settings;
        self
    }

    /// Sets the session's view of the outside: files, environment, clock and messages. `make` runs on the session's thread.
    #[doc(hidden)]
    pub fn host(mut self, make: impl FnOnce() -> Box<dyn Host> + Send + 'static) -> SessionBuilder {
        self.host = Box::new(make);
        self
    }

    /// Starts the session's thread. Also says whether evaluations of configurations track dependencies.
    pub(super) fn start(mut self) -> Result<(Worker, bool)> {
        if self.guarded && self.settings.pure {
            // As in Nix, there is no search path.
            self.settings.nix_path.clear();
        }
        let open = |(path, name): (PathBuf, String)| match Snapshot::open(&path, &name) {
            Ok(snapshot) => Ok(Arc::new(snapshot)),
            Err(message) => Err(Error::new(ErrorKind::Usage, message)),
        };
        let files = self.revision.map(open).transpose()?;
        let tracks = self.dependencies;
        let make = move || -> eval::Res<(Box<Evaluator>, Keeper)> {
            let mut host = (self.host)();
            if let Some(files) = files {
                host = Box::new(AtRevision::new(Arc::<dyn Host>::from(host), files));
            }
            if let Some(sink) = self.messages {
                host =
                    Box::new(Redirected::new(Arc::<dyn Host>::from(host), move |_, line: &[u8]| sink(line)));
            }
            let host: Arc<dyn Host> = Arc::from(host);
            let host = with_embedded(host);
            let host: Box<dyn Host> =
                if self.guarded { guarded(host, &self.settings) } else { Box::new(host) };
            let (mut ev, keeper) = code_cache::evaluator(host, self.settings, !self.code_cache)?;
            for store in self.stores {
                let folder = crate::syntax::absolute(&store, &ev.settings.base_dir);
                ev.objects.add_folder(folder);
            }
            if let Some(sink) = self.on_derivation {
                ev.derivation_sink = Some(Box::new(move |path, contents| {
                    sink(path, contents);
                    Ok(())
                }));
            }
            builtins::install(&mut ev)?;
            if self.guarded {
                builtins::allow_search_path(&ev)?;
            }
            Ok((ev, keeper))
        };
        Ok((Worker::start(make)?, tracks))
    }
}
