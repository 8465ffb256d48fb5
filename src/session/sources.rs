//! What configurations are opened from.

use std::ffi::OsString;
use std::path::Path;

use super::paths::bytes;
use crate::host::{RealHost, System as _};
use crate::options::{FlakeName, Modules, Opening};

/// What a configuration is opened from: [`Modules`], [`Nixos`], [`Evaluated`] or [`Flake`]. Each of them converts into it.
#[derive(Debug, Clone)]
pub struct ConfigurationSource(Opening);

impl ConfigurationSource {
    pub(super) fn opening(self) -> Opening {
        self.0
    }
}

impl From<Modules> for ConfigurationSource {
    fn from(modules: Modules) -> ConfigurationSource {
        ConfigurationSource(Opening::Modules(Box::new(modules)))
    }
}

/// A NixOS configuration, evaluated with the NixOS of a nixpkgs tree.
///
/// ```no_run
/// use nival::{Nixos, Session};
///
/// # fn main() -> nival::Result<()> {
/// let nixos = Nixos::new("/etc/nixos/configuration.nix").nixpkgs("/home/me/nixpkgs");
/// let configuration = Session::new()?.configuration(nixos)?;
/// for definition in configuration.option("networking.firewall.allowedTCPPorts")?.definitions {
///     println!("{}: priority {}", definition.place, definition.priority);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Nixos {
    configuration: OsString,
    nixpkgs: Option<OsString>,
    input: Option<Vec<u8>>,
}

impl Nixos {
    /// A configuration in a file: a NixOS module, or plain data (`.json`).
    pub fn new(configuration: impl Into<OsString>) -> Nixos {
        Nixos { configuration: configuration.into(), nixpkgs: None, input: None }
    }

    /// A configuration given as text: JSON or a Nix expression.
    pub fn text(text: impl Into<Vec<u8>>) -> Nixos {
        Nixos { input: Some(text.into()), ..Nixos::new("-") }
    }

    /// Sets the folder of nixpkgs. It is `<nixpkgs>` of the search path if nothing else is said.
    #[must_use]
    pub fn nixpkgs(mut self, folder: impl Into<OsString>) -> Nixos {
        self.nixpkgs = Some(folder.into());
        self
    }
}

impl From<Nixos> for ConfigurationSource {
    fn from(nixos: Nixos) -> ConfigurationSource {
        let Nixos { configuration, nixpkgs, input } = nixos;
        ConfigurationSource(Opening::Nixos { nixpkgs, configuration, input })
    }
}

/// A value with `options` and `config`, as `lib.evalModules`, `nixpkgs/nixos`, home-manager and nix-darwin return it.
///
/// ```
/// use nival::{Evaluated, Session};
///
/// # fn main() -> nival::Result<()> {
/// let session = Session::new()?;
/// let expression = r#"{ host = { options = {}; config.networking.hostName = "laptop"; }; }"#;
/// let configuration = session.configuration(Evaluated::expression(expression).attribute("host"))?;
/// assert_eq!(configuration.values().get("networking")?.get("hostName")?.as_text()?, "laptop");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Evaluated {
    what: What,
    attribute: Vec<u8>,
}

#[derive(Debug, Clone)]
enum What {
    File(OsString),
    Expression(Vec<u8>),
}

impl Evaluated {
    /// The value of a file.
    pub fn file(file: impl Into<OsString>) -> Evaluated {
        Evaluated { what: What::File(file.into()), attribute: Vec::new() }
    }

    /// The value of an expression.
    pub fn expression(text: impl Into<Vec<u8>>) -> Evaluated {
        Evaluated { what: What::Expression(text.into()), attribute: Vec::new() }
    }

    /// Names the attribute of the value that has `options` and `config`, by its path.
    #[must_use]
    pub fn attribute(mut self, path: impl Into<Vec<u8>>) -> Evaluated {
        self.attribute = path.into();
        self
    }
}

impl From<Evaluated> for ConfigurationSource {
    fn from(Evaluated { what, attribute: attr }: Evaluated) -> ConfigurationSource {
        ConfigurationSource(match what {
            What::File(file) => Opening::File { file, attr },
            What::Expression(text) => Opening::Expression { text, attr },
        })
    }
}

/// A configuration in a flake: of `nixosConfigurations`, `darwinConfigurations` or `homeConfigurations`, or any output with
/// `options` and `config`. Nothing is fetched and no lock file is written.
///
/// ```no_run
/// use nival::{Flake, Session};
///
/// # fn main() -> nival::Result<()> {
/// let session = Session::builder().flakes().pure(true).open()?;
/// let laptop = session.configuration(Flake::new("/etc/nixos#laptop").input("nixpkgs", "/home/me/nixpkgs"))?;
/// println!("{:?}", laptop.option("networking.hostName")?.value);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Flake {
    name: FlakeName,
    machine: Option<String>,
}

impl Flake {
    /// A flake reference, with the name of the configuration behind `#`: `.#laptop`.
    pub fn new(reference: impl Into<Vec<u8>>) -> Flake {
        Flake { name: FlakeName { reference: reference.into(), ..FlakeName::default() }, machine: None }
    }

    /// Replaces an input (`a/b`) by another flake (`--override-input`).
    #[must_use]
    pub fn override_input(mut self, input: impl Into<Vec<u8>>, reference: impl Into<Vec<u8>>) -> Flake {
        self.name.overrides.push((input.into(), reference.into()));
        self
    }

    /// Says where the files of an input are.
    #[must_use]
    pub fn input(mut self, input: impl Into<Vec<u8>>, folder: impl AsRef<Path>) -> Flake {
        self.name.inputs.push((input.into(), bytes(folder)));
        self
    }

    /// Reads another lock file in place of the flake's own.
    #[must_use]
    pub fn lock_file(mut self, file: impl AsRef<Path>) -> Flake {
        self.name.lock_file = Some(bytes(file));
        self
    }

    /// Sets the name of the machine, whose configuration is opened if nothing stands behind `#`. It is that of this machine if
    /// nothing else is said.
    #[must_use]
    pub fn machine(mut self, name: impl Into<String>) -> Flake {
        self.machine = Some(name.into());
        self
    }
}

impl From<Flake> for ConfigurationSource {
    fn from(Flake { name, machine }: Flake) -> ConfigurationSource {
        let machine = machine.unwrap_or_else(|| RealHost::new().machine());
        ConfigurationSource(Opening::Flake { flake: Box::new(name), machine })
    }
}
