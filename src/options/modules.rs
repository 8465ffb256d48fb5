//! The parts of a configuration that consists of modules. [`Modules`] is part of the public API.

use std::ffi::OsString;

use super::module_files::STDIN;

/// NixOS modules and the inputs of their evaluation, without a nixpkgs tree: nival's own `lib` evaluates them together with
/// a few base modules.
///
/// Files are named as on the command line: by a path, relative to the session's folder, or `<name>` for one in the search
/// path.
///
/// ```
/// use nival::{Modules, Session};
///
/// # fn main() -> nival::Result<()> {
/// let modules = Modules::new()
///     .module(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/modules/kernel.nix"))
///     .fixture_text(r#"{ "boot": { "consoleLogLevel": 5 } }"#);
/// let configuration = Session::new()?.configuration(modules)?;
/// assert_eq!(configuration.values().get("boot")?.get("consoleLogLevel")?.as_int()?, 5);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Modules {
    /// NixOS modules: files, or folders with a `default.nix`.
    pub(crate) modules: Vec<OsString>,
    /// Configurations: NixOS modules, or plain data (`.json`).
    pub(crate) fixtures: Vec<OsString>,
    /// Special arguments besides `pkgs` and `modulesPath`.
    pub(crate) arguments: Vec<(OsString, Argument)>,
    /// A file with the package set. Without it, packages are stubs.
    pub(crate) packages: Option<OsString>,
    /// A nixpkgs `lib` to interpret. Without it, nival's native one is used.
    pub(crate) lib: Option<OsString>,
    /// Whether nival's own base modules replace those of NixOS.
    pub(crate) base: bool,
    /// Where undeclared options may be defined.
    pub(crate) undeclared: Undeclared,
    /// The contents of `-` among the modules or fixtures.
    pub(crate) input: Option<Vec<u8>>,
}

impl Default for Modules {
    fn default() -> Modules {
        Modules {
            modules: Vec::new(),
            fixtures: Vec::new(),
            arguments: Vec::new(),
            packages: None,
            lib: None,
            base: true,
            undeclared: Undeclared::default(),
            input: None,
        }
    }
}

impl Undeclared {
    /// The value of a word in a suite or an argument, if it is one.
    pub(crate) fn of_word(word: &str) -> Option<Undeclared> {
        Some(match word {
            "refused" => Undeclared::Refused,
            "modules" => Undeclared::InModules,
            "everywhere" => Undeclared::Everywhere,
            _ => return None,
        })
    }
}

impl Modules {
    /// No modules yet, with nival's base modules.
    pub fn new() -> Modules {
        Modules::default()
    }

    /// Adds a module: a file, or a folder with a `default.nix`.
    #[must_use]
    pub fn module(mut self, file: impl Into<OsString>) -> Modules {
        self.modules.push(file.into());
        self
    }

    /// Adds a module by its text. Of all modules and fixtures, only one can be given as text.
    #[must_use]
    pub fn module_text(mut self, text: impl Into<Vec<u8>>) -> Modules {
        self.input = Some(text.into());
        self.module(STDIN)
    }

    /// Adds a fixture, which is the configuration of a user of the modules: a NixOS module, or plain data (`.json`).
    #[must_use]
    pub fn fixture(mut self, file: impl Into<OsString>) -> Modules {
        self.fixtures.push(file.into());
        self
    }

    /// Adds a fixture by its text: JSON or a Nix expression. Of all modules and fixtures, only one can be given as text.
    #[must_use]
    pub fn fixture_text(mut self, text: impl Into<Vec<u8>>) -> Modules {
        self.input = Some(text.into());
        self.fixture(STDIN)
    }

    /// Adds an argument that the modules get besides `lib`, `pkgs`, `config`, `options` and `modulesPath`: a Nix expression.
    #[must_use]
    pub fn argument(mut self, name: impl Into<OsString>, expression: impl Into<OsString>) -> Modules {
        self.arguments.push((name.into(), Argument::Expression(expression.into())));
        self
    }

    /// Adds such an argument that is a string.
    #[must_use]
    pub fn argument_text(mut self, name: impl Into<OsString>, text: impl Into<OsString>) -> Modules {
        self.arguments.push((name.into(), Argument::Text(text.into())));
        self
    }

    /// Takes the package set from a file. Without it, packages are stubs that know only their names.
    #[must_use]
    pub fn packages(mut self, file: impl Into<OsString>) -> Modules {
        self.packages = Some(file.into());
        self
    }

    /// Interprets a nixpkgs `lib` in place of nival's own.
    #[must_use]
    pub fn lib(mut self, folder: impl Into<OsString>) -> Modules {
        self.lib = Some(folder.into());
        self
    }

    /// Whether nival's own base modules stand in for those of NixOS. They do if nothing else is said.
    #[must_use]
    pub fn base(mut self, base: bool) -> Modules {
        self.base = base;
        self
    }

    /// Says where undeclared options may be defined: in modules, if nothing else is said.
    #[must_use]
    pub fn undeclared(mut self, undeclared: Undeclared) -> Modules {
        self.undeclared = undeclared;
        self
    }
}

/// A special argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// A Nix expression; its relative paths start at the current directory.
    Expression(OsString),
    /// A string.
    Text(OsString),
}

/// Where undeclared options may be defined. A module evaluated alone often defines options of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Undeclared {
    /// Nowhere, as in NixOS.
    Refused,
    /// In modules; in fixtures it is an error.
    #[default]
    InModules,
    /// In modules and fixtures.
    Everywhere,
}
