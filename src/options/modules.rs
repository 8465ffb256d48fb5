//! The parts of a configuration.

use std::ffi::OsString;

/// Modules and the inputs of their evaluation. Files are named as on the command line: a path, `<name>` for
/// the search path, or `-` for [`input`](Self::input).
#[derive(Debug, Clone)]
pub struct Modules {
    /// NixOS modules: files, or folders with a `default.nix`.
    pub modules: Vec<OsString>,
    /// Configurations: NixOS modules, or plain data (`.json`).
    pub fixtures: Vec<OsString>,
    /// Special arguments besides `pkgs` and `modulesPath`.
    pub arguments: Vec<(OsString, Argument)>,
    /// A file with the package set. Without it, packages are stubs.
    pub packages: Option<OsString>,
    /// A nixpkgs `lib` to interpret. Without it, nival's native one is used.
    pub lib: Option<OsString>,
    /// Whether nival's own base modules replace those of NixOS.
    pub base: bool,
    /// Where undeclared options may be defined.
    pub undeclared: Undeclared,
    /// The contents of `-` among the modules or fixtures.
    pub input: Option<Vec<u8>>,
    /// Whether the definitions of options can be asked for.
    pub record_definitions: bool,
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
            record_definitions: false,
        }
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Undeclared {
    /// Nowhere, as in NixOS.
    Refused,
    /// In modules; in fixtures it is an error.
    #[default]
    InModules,
    /// In modules and fixtures.
    Everywhere,
}
