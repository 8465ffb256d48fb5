//! The ways to a configuration.

use std::ffi::OsString;

use super::attr_path;
use super::configuration::Configuration;
use super::failing_declarations::keep_others;
use super::flakes::FlakeName;
use super::module_files::ModuleFiles;
use super::modules::Modules;
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::modules::native_lib;
use crate::native::get;
use crate::source::Origin;
use crate::value::{AttrsBuilder, Value};

/// A way to a configuration.
#[derive(Debug, Clone)]
pub enum Opening {
    /// Modules and fixtures.
    Modules(Box<Modules>),
    /// A NixOS configuration and the nixpkgs that it is for. Without one, `<nixpkgs>`.
    Nixos {
        /// The folder of nixpkgs.
        nixpkgs: Option<OsString>,
        /// The configuration: a NixOS module, plain data (`.json`), or `-` for `input`.
        configuration: OsString,
        /// The contents of standard input.
        input: Option<Vec<u8>>,
    },
    /// A file, and the attribute in it that has `options` and `config`.
    File {
        /// The file.
        file: OsString,
        /// The attribute's path; empty for the file's value itself.
        attr: Vec<u8>,
    },
    /// A configuration in a flake.
    Flake {
        /// The flake.
        flake: Box<FlakeName>,
        /// The name of this machine, for a flake that is named without an attribute.
        machine: String,
    },
    /// An expression, and the attribute in it that has `options` and `config`.
    Expression {
        /// Its text.
        text: Vec<u8>,
        /// The attribute's path; empty for the expression's value itself.
        attr: Vec<u8>,
    },
}

impl Opening {
    /// Opens the configuration.
    ///
    /// # Errors
    /// An error that prevents evaluating the modules at all, and a value without `options` and `config`.
    pub fn open(&self, ev: &Evaluator) -> Res<Configuration> {
        match self {
            Opening::Modules(modules) => Configuration::open(ev, modules),
            Opening::Nixos { nixpkgs, configuration, input } => {
                let files = ModuleFiles { ev, input: input.as_deref() };
                let configuration = files.fixture(configuration, &files.find(configuration)?)?;
                nixos(ev, nixpkgs.as_ref(), configuration)
            }
            Opening::File { file, attr } => {
                let path = super::find(ev, file)?;
                select(ev, ev.import(&path)?, attr, &file.to_string_lossy())
            }
            Opening::Flake { flake, machine } => {
                let (value, name) = flake.call(ev)?.configuration(ev, machine)?;
                checked(ev, value, &format!("'{name}' of the flake"))
            }
            Opening::Expression { text, attr } => {
                let value = ev.delay_text(Origin::Text, text, &ev.settings.base_dir)?;
                select(ev, ev.force_value(value)?, attr, "the expression")
            }
        }
    }

    /// The library that belongs to the configuration: nixpkgs' `lib` or, if there is none, the native one.
    ///
    /// # Errors
    /// An error in the library.
    pub fn lib(&self, ev: &Evaluator, opened: Configuration) -> Res<Value> {
        match self {
            Opening::Modules(modules) => match &modules.lib {
                Some(path) => ev.import(&super::find(ev, path)?),
                None => native_lib(ev),
            },
            Opening::Nixos { nixpkgs, .. } => {
                let nixos = nixos_folder(ev, nixpkgs.as_ref())?;
                ev.import(&[&nixos[..], b"/../lib"].concat())
            }
            Opening::File { .. } | Opening::Flake { .. } | Opening::Expression { .. } => match opened {
                Configuration::Interpreted(value) => Ok(match own_lib(ev, value) {
                    Some(lib) => lib,
                    None => native_lib(ev)?,
                }),
                Configuration::Native(_) => native_lib(ev),
            },
        }
    }
}

/// The library of a value with `options` and `config`, if one is among what it has or what its modules get.
fn own_lib(ev: &Evaluator, value: Value) -> Option<Value> {
    const PLACES: [&[&str]; 3] = [&["lib"], &["pkgs", "lib"], &["config", "_module", "specialArgs", "lib"]];
    PLACES.iter().find_map(|path| {
        let found = path.iter().try_fold(value, |v, name| ev.force(get(ev, v, *name)?).ok())?;
        get(ev, found, "optionAttrSetToDocList").map(|_| found)
    })
}

/// The folder `nixos` of a nixpkgs, or of `<nixpkgs>`.
///
/// # Errors
/// When there is no such folder.
pub fn nixos_folder(ev: &Evaluator, nixpkgs: Option<&OsString>) -> Res<Vec<u8>> {
    let Some(folder) = nixpkgs else {
        return crate::builtins::find_file(ev, b"nixpkgs/nixos")
            .map_err(|e| e.help("--nixpkgs PATH (or -I nixpkgs=PATH) says where nixpkgs is"));
    };
    let nixos = [&super::find(ev, folder)?[..], b"/nixos"].concat();
    if ev.host.read_dir(&nixos).is_err() {
        let message = format!("'{}' is no nixpkgs: it has no folder 'nixos'", folder.to_string_lossy());
        return Err(Error::new(ErrorKind::Usage, message));
    }
    Ok(nixos)
}

/// `import <nixpkgs/nixos> { configuration = …; }`, for `settings.system`.
///
/// # Errors
/// When there is no such folder, and an error that prevents evaluating the modules at all.
pub fn nixos(ev: &Evaluator, nixpkgs: Option<&OsString>, configuration: Value) -> Res<Configuration> {
    let folder = nixos_folder(ev, nixpkgs)?;
    let make = ev.import(&folder)?;
    let mut given = AttrsBuilder::new();
    given.push(ev.intern("configuration")?, configuration);
    given.push(ev.intern("system")?, ev.mem.str(&ev.settings.system)?);
    let made = ev.auto_call(make, ev.mem.attrs(given)?)?;
    checked(ev, made, &format!("'{}'", String::from_utf8_lossy(&folder)))
}

fn select(ev: &Evaluator, value: Value, attr: &[u8], what: &str) -> Res<Configuration> {
    let found = attr_path::find(ev, value, attr, Value::EMPTY_SET)?;
    let found = ev.auto_call(found, Value::EMPTY_SET)?;
    let shown = match attr.is_empty() {
        true => what.to_owned(),
        false => format!("'{}' of {what}", String::from_utf8_lossy(attr)),
    };
    checked(ev, found, &shown)
}

/// Checks that a value has `options` and `config`.
fn checked(ev: &Evaluator, value: Value, what: &str) -> Res<Configuration> {
    let has = |name: &str| get(ev, value, name).is_some();
    if has("options") && has("config") {
        return Ok(Configuration::Interpreted(keep_others(ev, value)?));
    }
    let mut message = format!("{what} has no 'options' and 'config'");
    if value.is_attrs() {
        let names: Vec<String> =
            ev.mem.entries_by_name(value).iter().map(|entry| ev.name(entry.name)).collect();
        message.push_str(&format!("; it has {}", shortened(&names)));
    }
    Err(Error::new(ErrorKind::Usage, message).help("--root ATTR names the attribute that has them"))
}

/// The first names of a set.
fn shortened(names: &[String]) -> String {
    const MOST: usize = 8;
    match names {
        [] => "no attributes".to_owned(),
        names if names.len() > MOST => format!("{}, …", names[..MOST].join(", ")),
        names => names.join(", "),
    }
}
