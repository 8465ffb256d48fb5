//! What configurations are opened from.

use std::ffi::c_char;

use super::border::{border, both, bytes, change, path, text};
use super::error::{ErrorText, nival_error};
use crate::{Evaluated, Flake, Modules, Nixos, Undeclared};

/// Modules and fixtures. `nival_modules_free` frees them.
pub struct nival_modules(pub(super) Option<Modules>);

/// A NixOS configuration and its nixpkgs. `nival_nixos_free` frees it.
pub struct nival_nixos(pub(super) Option<Nixos>);

/// A value with `options` and `config`. `nival_evaluated_free` frees it.
pub struct nival_evaluated(pub(super) Option<Evaluated>);

/// A configuration in a flake. `nival_flake_free` frees it.
pub struct nival_flake(pub(super) Option<Flake>);

/// Where undeclared options may be defined.
#[repr(C)]
pub enum nival_undeclared {
    /// Nowhere, as in NixOS.
    NIVAL_UNDECLARED_REFUSED = 0,
    /// In modules; in fixtures it is an error.
    NIVAL_UNDECLARED_IN_MODULES,
    /// In modules and fixtures.
    NIVAL_UNDECLARED_EVERYWHERE,
}

/// No modules yet, with nival's base modules.
#[unsafe(no_mangle)]
pub extern "C" fn nival_modules_new() -> Option<Box<nival_modules>> {
    border(std::ptr::null_mut(), || Ok(Box::new(nival_modules(Some(Modules::new())))))
}

/// Frees modules; null is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn nival_modules_free(modules: Option<Box<nival_modules>>) {
    drop(modules);
}

/// Adds a module: a file, or a folder with a `default.nix`.
#[unsafe(no_mangle)]
pub extern "C" fn nival_modules_add_module(
    modules: Option<&mut nival_modules>,
    file: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(modules.map(|it| &mut it.0), error, path(file, length), Modules::module)
}

/// Adds a module by its text. Of all modules and fixtures, only one can be given as text.
#[unsafe(no_mangle)]
pub extern "C" fn nival_modules_add_module_text(
    modules: Option<&mut nival_modules>,
    module: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(modules.map(|it| &mut it.0), error, bytes(module, length), Modules::module_text)
}

/// Adds a fixture: a NixOS module, or plain data (`.json`).
#[unsafe(no_mangle)]
pub extern "C" fn nival_modules_add_fixture(
    modules: Option<&mut nival_modules>,
    file: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(modules.map(|it| &mut it.0), error, path(file, length), Modules::fixture)
}

/// Adds a fixture by its text: JSON or a Nix expression. Of all modules and fixtures, only one can be given as text.
#[unsafe(no_mangle)]
pub extern "C" fn nival_modules_add_fixture_text(
    modules: Option<&mut nival_modules>,
    fixture: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(modules.map(|it| &mut it.0), error, bytes(fixture, length), Modules::fixture_text)
}

/// Adds an argument that the modules get: a Nix expression.
#[unsafe(no_mangle)]
pub extern "C" fn nival_modules_add_argument(
    modules: Option<&mut nival_modules>,
    name: *const c_char,
    name_length: usize,
    expression: *const c_char,
    expression_length: usize,
    error: *mut *mut nival_error,
) -> bool {
    let arguments = both(path(name, name_length), path(expression, expression_length));
    change(modules.map(|it| &mut it.0), error, arguments, |modules, (name, expression)| {
        modules.argument(name, expression)
    })
}

/// Adds an argument that the modules get: a string.
#[unsafe(no_mangle)]
pub extern "C" fn nival_modules_add_argument_text(
    modules: Option<&mut nival_modules>,
    name: *const c_char,
    name_length: usize,
    value: *const c_char,
    value_length: usize,
    error: *mut *mut nival_error,
) -> bool {
    let arguments = both(path(name, name_length), path(value, value_length));
    change(modules.map(|it| &mut it.0), error, arguments, |modules, (name, value)| {
        modules.argument_text(name, value)
    })
}

/// Takes the package set from a file.
#[unsafe(no_mangle)]
pub extern "C" fn nival_modules_set_packages(
    modules: Option<&mut nival_modules>,
    file: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(modules.map(|it| &mut it.0), error, path(file, length), Modules::packages)
}

/// Interprets a nixpkgs `lib` in place of nival's own.
#[unsafe(no_mangle)]
pub extern "C" fn nival_modules_set_lib(
    modules: Option<&mut nival_modules>,
    folder: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(modules.map(|it| &mut it.0), error, path(folder, length), Modules::lib)
}

/// Whether nival's own base modules stand in for those of NixOS. They do if nothing else is said.
#[unsafe(no_mangle)]
pub extern "C" fn nival_modules_set_base(
    modules: Option<&mut nival_modules>,
    base: bool,
    error: *mut *mut nival_error,
) -> bool {
    change(modules.map(|it| &mut it.0), error, Ok(base), Modules::base)
}

/// Says where undeclared options may be defined: in modules, if nothing else is said.
#[unsafe(no_mangle)]
pub extern "C" fn nival_modules_set_undeclared(
    modules: Option<&mut nival_modules>,
    undeclared: u32,
    error: *mut *mut nival_error,
) -> bool {
    const REFUSED: u32 = nival_undeclared::NIVAL_UNDECLARED_REFUSED as u32;
    const IN_MODULES: u32 = nival_undeclared::NIVAL_UNDECLARED_IN_MODULES as u32;
    const EVERYWHERE: u32 = nival_undeclared::NIVAL_UNDECLARED_EVERYWHERE as u32;
    let undeclared = match undeclared {
        REFUSED => Ok(Undeclared::Refused),
        IN_MODULES => Ok(Undeclared::InModules),
        EVERYWHERE => Ok(Undeclared::Everywhere),
        other => Err(ErrorText::Usage(format!("{other} is no nival_undeclared"))),
    };
    change(modules.map(|it| &mut it.0), error, undeclared, Modules::undeclared)
}

/// A configuration in a file: a NixOS module, or plain data (`.json`).
#[unsafe(no_mangle)]
pub extern "C" fn nival_nixos_new(
    file: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_nixos>> {
    border(error, || Ok(Box::new(nival_nixos(Some(Nixos::new(path(file, length)?))))))
}

/// A configuration given as text: JSON or a Nix expression.
#[unsafe(no_mangle)]
pub extern "C" fn nival_nixos_of_text(
    configuration: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_nixos>> {
    border(error, || Ok(Box::new(nival_nixos(Some(Nixos::text(bytes(configuration, length)?))))))
}

/// Frees a NixOS configuration; null is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn nival_nixos_free(nixos: Option<Box<nival_nixos>>) {
    drop(nixos);
}

/// Sets the folder of nixpkgs; `<nixpkgs>` if nothing else is said.
#[unsafe(no_mangle)]
pub extern "C" fn nival_nixos_set_nixpkgs(
    nixos: Option<&mut nival_nixos>,
    folder: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(nixos.map(|it| &mut it.0), error, path(folder, length), Nixos::nixpkgs)
}

/// The value of a file.
#[unsafe(no_mangle)]
pub extern "C" fn nival_evaluated_file(
    file: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_evaluated>> {
    border(error, || Ok(Box::new(nival_evaluated(Some(Evaluated::file(path(file, length)?))))))
}

/// The value of an expression.
#[unsafe(no_mangle)]
pub extern "C" fn nival_evaluated_expression(
    expression: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_evaluated>> {
    border(error, || Ok(Box::new(nival_evaluated(Some(Evaluated::expression(bytes(expression, length)?))))))
}

/// Frees such a value; null is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn nival_evaluated_free(evaluated: Option<Box<nival_evaluated>>) {
    drop(evaluated);
}

/// Names the attribute of the value that has `options` and `config`, by its path.
#[unsafe(no_mangle)]
pub extern "C" fn nival_evaluated_set_attribute(
    evaluated: Option<&mut nival_evaluated>,
    path: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(evaluated.map(|it| &mut it.0), error, bytes(path, length), Evaluated::attribute)
}

/// A flake reference, with the name of the configuration behind `#`.
#[unsafe(no_mangle)]
pub extern "C" fn nival_flake_new(
    reference: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_flake>> {
    border(error, || Ok(Box::new(nival_flake(Some(Flake::new(bytes(reference, length)?))))))
}

/// Frees a flake; null is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn nival_flake_free(flake: Option<Box<nival_flake>>) {
    drop(flake);
}

/// Replaces an input (`a/b`) by another flake.
#[unsafe(no_mangle)]
pub extern "C" fn nival_flake_override_input(
    flake: Option<&mut nival_flake>,
    input: *const c_char,
    input_length: usize,
    reference: *const c_char,
    reference_length: usize,
    error: *mut *mut nival_error,
) -> bool {
    let arguments = both(bytes(input, input_length), bytes(reference, reference_length));
    change(flake.map(|it| &mut it.0), error, arguments, |flake, (input, reference)| {
        flake.override_input(input, reference)
    })
}

/// Says where the files of an input are.
#[unsafe(no_mangle)]
pub extern "C" fn nival_flake_set_input(
    flake: Option<&mut nival_flake>,
    input: *const c_char,
    input_length: usize,
    folder: *const c_char,
    folder_length: usize,
    error: *mut *mut nival_error,
) -> bool {
    let arguments = both(bytes(input, input_length), path(folder, folder_length));
    change(flake.map(|it| &mut it.0), error, arguments, |flake, (input, folder)| flake.input(input, folder))
}

/// Reads another lock file in place of the flake's own.
#[unsafe(no_mangle)]
pub extern "C" fn nival_flake_set_lock_file(
    flake: Option<&mut nival_flake>,
    file: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(flake.map(|it| &mut it.0), error, path(file, length), Flake::lock_file)
}

/// Sets the name of the machine, whose configuration is opened if nothing stands behind `#`.
#[unsafe(no_mangle)]
pub extern "C" fn nival_flake_set_machine(
    flake: Option<&mut nival_flake>,
    machine: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(flake.map(|it| &mut it.0), error, text(machine, length), Flake::machine)
}
