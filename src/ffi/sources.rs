//! What configurations are opened from.

use std::ffi::{OsStr, OsString, c_char};
use std::os::unix::ffi::OsStrExt as _;

use super::border::{border, bytes, given, text as utf8};
use super::error::{ErrorText, nival_error};
use crate::{Evaluated, Flake, Modules, Nixos, Undeclared};

/// Modules and fixtures. `nival_modules_free` frees them.
pub struct nival_modules(pub(super) Modules);

/// A NixOS configuration and its nixpkgs. `nival_nixos_free` frees it.
pub struct nival_nixos(pub(super) Nixos);

/// A value with `options` and `config`. `nival_evaluated_free` frees it.
pub struct nival_evaluated(pub(super) Evaluated);

/// A configuration in a flake. `nival_flake_free` frees it.
pub struct nival_flake(pub(super) Flake);

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

/// Changes what a handle has; whether that could be done.
fn change<H, A>(
    handle: Option<&mut H>,
    error: *mut *mut nival_error,
    argument: Result<A, ErrorText>,
    change: impl FnOnce(&mut H, A),
) -> bool {
    let done = border(error, || {
        change(given(handle)?, argument?);
        Ok(())
    });
    done.is_some()
}

fn os_string(data: *const c_char, length: usize) -> Result<OsString, ErrorText> {
    bytes(data, length).map(|bytes| OsStr::from_bytes(bytes).to_owned())
}

fn text(data: *const c_char, length: usize) -> Result<Vec<u8>, ErrorText> {
    bytes(data, length).map(<[u8]>::to_vec)
}

fn both<A, B>(a: Result<A, ErrorText>, b: Result<B, ErrorText>) -> Result<(A, B), ErrorText> {
    Ok((a?, b?))
}

/// No modules yet, with nival's base modules.
#[unsafe(no_mangle)]
pub extern "C" fn nival_modules_new() -> Option<Box<nival_modules>> {
    border(std::ptr::null_mut(), || Ok(Box::new(nival_modules(Modules::new()))))
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
    change(modules, error, os_string(file, length), |modules, file| {
        modules.0 = modules.0.clone().module(file);
    })
}

/// Adds a module by its text. Of all modules and fixtures, only one can be given as text.
#[unsafe(no_mangle)]
pub extern "C" fn nival_modules_add_module_text(
    modules: Option<&mut nival_modules>,
    module: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(modules, error, text(module, length), |modules, module| {
        modules.0 = modules.0.clone().module_text(module);
    })
}

/// Adds a fixture: a NixOS module, or plain data (`.json`).
#[unsafe(no_mangle)]
pub extern "C" fn nival_modules_add_fixture(
    modules: Option<&mut nival_modules>,
    file: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(modules, error, os_string(file, length), |modules, file| {
        modules.0 = modules.0.clone().fixture(file);
    })
}

/// Adds a fixture by its text: JSON or a Nix expression.
#[unsafe(no_mangle)]
pub extern "C" fn nival_modules_add_fixture_text(
    modules: Option<&mut nival_modules>,
    fixture: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(modules, error, text(fixture, length), |modules, fixture| {
        modules.0 = modules.0.clone().fixture_text(fixture);
    })
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
    let arguments = both(os_string(name, name_length), os_string(expression, expression_length));
    change(modules, error, arguments, |modules, (name, expression)| {
        modules.0 = modules.0.clone().argument(name, expression);
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
    let arguments = both(os_string(name, name_length), os_string(value, value_length));
    change(modules, error, arguments, |modules, (name, value)| {
        modules.0 = modules.0.clone().argument_text(name, value);
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
    change(modules, error, os_string(file, length), |modules, file| {
        modules.0 = modules.0.clone().packages(file);
    })
}

/// Interprets a nixpkgs `lib` in place of nival's own.
#[unsafe(no_mangle)]
pub extern "C" fn nival_modules_set_lib(
    modules: Option<&mut nival_modules>,
    folder: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(modules, error, os_string(folder, length), |modules, folder| {
        modules.0 = modules.0.clone().lib(folder);
    })
}

/// Whether nival's own base modules stand in for those of NixOS. They do if nothing else is said.
#[unsafe(no_mangle)]
pub extern "C" fn nival_modules_set_base(
    modules: Option<&mut nival_modules>,
    base: bool,
    error: *mut *mut nival_error,
) -> bool {
    change(modules, error, Ok(base), |modules, base| modules.0 = modules.0.clone().base(base))
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
    change(modules, error, undeclared, |modules, undeclared| {
        modules.0 = modules.0.clone().undeclared(undeclared);
    })
}

/// A configuration in a file: a NixOS module, or plain data (`.json`).
#[unsafe(no_mangle)]
pub extern "C" fn nival_nixos_new(
    file: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_nixos>> {
    border(error, || Ok(Box::new(nival_nixos(Nixos::new(os_string(file, length)?)))))
}

/// A configuration given as text: JSON or a Nix expression.
#[unsafe(no_mangle)]
pub extern "C" fn nival_nixos_of_text(
    configuration: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_nixos>> {
    border(error, || Ok(Box::new(nival_nixos(Nixos::text(text(configuration, length)?)))))
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
    change(nixos, error, os_string(folder, length), |nixos, folder| {
        nixos.0 = nixos.0.clone().nixpkgs(folder);
    })
}

/// The value of a file.
#[unsafe(no_mangle)]
pub extern "C" fn nival_evaluated_file(
    file: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_evaluated>> {
    border(error, || Ok(Box::new(nival_evaluated(Evaluated::file(os_string(file, length)?)))))
}

/// The value of an expression.
#[unsafe(no_mangle)]
pub extern "C" fn nival_evaluated_expression(
    expression: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_evaluated>> {
    border(error, || Ok(Box::new(nival_evaluated(Evaluated::expression(text(expression, length)?)))))
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
    change(evaluated, error, text(path, length), |evaluated, path| {
        evaluated.0 = evaluated.0.clone().attribute(path);
    })
}

/// A flake reference, with the name of the configuration behind `#`.
#[unsafe(no_mangle)]
pub extern "C" fn nival_flake_new(
    reference: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_flake>> {
    border(error, || Ok(Box::new(nival_flake(Flake::new(text(reference, length)?)))))
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
    let arguments = both(text(input, input_length), text(reference, reference_length));
    change(flake, error, arguments, |flake, (input, reference)| {
        flake.0 = flake.0.clone().override_input(input, reference);
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
    let arguments = both(text(input, input_length), os_string(folder, folder_length));
    change(flake, error, arguments, |flake, (input, folder)| {
        flake.0 = flake.0.clone().input(input, folder);
    })
}

/// Reads another lock file in place of the flake's own.
#[unsafe(no_mangle)]
pub extern "C" fn nival_flake_set_lock_file(
    flake: Option<&mut nival_flake>,
    file: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(flake, error, os_string(file, length), |flake, file| {
        flake.0 = flake.0.clone().lock_file(file);
    })
}

/// Sets the name of the machine, whose configuration is opened if nothing stands behind `#`.
#[unsafe(no_mangle)]
pub extern "C" fn nival_flake_set_machine(
    flake: Option<&mut nival_flake>,
    machine: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(flake, error, utf8(machine, length), |flake, machine| {
        flake.0 = flake.0.clone().machine(machine);
    })
}
