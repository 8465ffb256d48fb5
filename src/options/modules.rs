//! What a configuration is made of.

use std::ffi::OsString;

/// Modules and what they are evaluated with. A file is given as on the command line: a path, `<name>` for one in the
/// search path, or `-` for [`input`](Self::input).
#[derive(Debug, Clone)]
pub struct Modules {
    /// NixOS modules: files, or folders with a `default.nix`.
    pub modules: Vec<OsString>,
    /// Configurations: NixOS modules, or plain data (`.json`).
    pub fixtures: Vec<OsString>,
    /// Special arguments, beside `pkgs` and `modulesPath`.
    pub arguments: Vec<(OsString, Argument)>,
    /// A file with the package set; without it packages are stubs.
    pub packages: Option<OsString>,
    /// A nixpkgs `lib` to interpret; without it nival's native one is used.
    pub lib: Option<OsString>,
    /// Whether nival's own base modules stand in for those of NixOS.
    pub base: bool,
    /// Where options may be defined that nothing declares.
    pub undeclared: Undeclared,
    /// What `-` among the modules or fixtures stands for.
    pub input: Option<Vec<u8>>,
    /// Whether the native engine records what becomes of each definition.
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
    /// A Nix expression; relative paths in it are relative to the current directory.
    Expression(OsString),
    /// A string.
    Text(OsString),
}

/// Where options may be defined that nothing declares: a module evaluated alone defines options of others.
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
