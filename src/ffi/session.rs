//! Sessions.

use std::ffi::{OsStr, c_char};
use std::os::unix::ffi::OsStrExt as _;

use super::border::{border, bytes, given, there};
use super::configuration::nival_configuration;
use super::error::nival_error;
use super::sources::{nival_evaluated, nival_flake, nival_modules, nival_nixos};
use super::text::nival_view;
use super::value::nival_value;
use crate::{ConfigurationSource, Session};

/// One evaluation. `nival_session_free` frees it; values and configurations keep what they need of it.
pub struct nival_session(pub(super) Session);

/// The version of nival.
#[unsafe(no_mangle)]
pub extern "C" fn nival_version() -> nival_view {
    nival_view::of(env!("CARGO_PKG_VERSION"))
}

/// Opens a session with Nix's default settings that sees this machine.
#[unsafe(no_mangle)]
pub extern "C" fn nival_session_new(error: *mut *mut nival_error) -> Option<Box<nival_session>> {
    border(error, || Ok(Box::new(nival_session(Session::new()?))))
}

/// Frees a session; null is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn nival_session_free(session: Option<Box<nival_session>>) {
    drop(session);
}

/// Evaluates a text as `nix-instantiate --eval -E` does. Its relative paths start at a folder.
#[unsafe(no_mangle)]
pub extern "C" fn nival_session_evaluate(
    session: Option<&nival_session>,
    expression: *const c_char,
    expression_length: usize,
    folder: *const c_char,
    folder_length: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_value>> {
    border(error, || {
        let folder = OsStr::from_bytes(bytes(folder, folder_length)?);
        let value = given(session)?.0.evaluate(bytes(expression, expression_length)?, folder)?;
        Ok(Box::new(nival_value(value)))
    })
}

/// Evaluates a file, or the `default.nix` of a folder, as `import` does.
#[unsafe(no_mangle)]
pub extern "C" fn nival_session_evaluate_file(
    session: Option<&nival_session>,
    file: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_value>> {
    border(error, || {
        let file = OsStr::from_bytes(bytes(file, length)?);
        Ok(Box::new(nival_value(given(session)?.0.evaluate_file(file)?)))
    })
}

/// nival's native version of nixpkgs' `lib`.
#[unsafe(no_mangle)]
pub extern "C" fn nival_session_lib(
    session: Option<&nival_session>,
    error: *mut *mut nival_error,
) -> Option<Box<nival_value>> {
    border(error, || Ok(Box::new(nival_value(given(session)?.0.lib()?))))
}

fn open<S: Clone + Into<ConfigurationSource>>(
    session: Option<&nival_session>,
    source: Option<&Option<S>>,
    error: *mut *mut nival_error,
) -> Option<Box<nival_configuration>> {
    border(error, || {
        let source = there(given(source)?.clone())?;
        Ok(Box::new(nival_configuration(given(session)?.0.configuration(source)?)))
    })
}

/// Opens a configuration of modules and fixtures.
#[unsafe(no_mangle)]
pub extern "C" fn nival_session_open_modules(
    session: Option<&nival_session>,
    modules: Option<&nival_modules>,
    error: *mut *mut nival_error,
) -> Option<Box<nival_configuration>> {
    open(session, modules.map(|it| &it.0), error)
}

/// Opens a NixOS configuration.
#[unsafe(no_mangle)]
pub extern "C" fn nival_session_open_nixos(
    session: Option<&nival_session>,
    nixos: Option<&nival_nixos>,
    error: *mut *mut nival_error,
) -> Option<Box<nival_configuration>> {
    open(session, nixos.map(|it| &it.0), error)
}

/// Opens a value with `options` and `config`.
#[unsafe(no_mangle)]
pub extern "C" fn nival_session_open_evaluated(
    session: Option<&nival_session>,
    evaluated: Option<&nival_evaluated>,
    error: *mut *mut nival_error,
) -> Option<Box<nival_configuration>> {
    open(session, evaluated.map(|it| &it.0), error)
}

/// Opens a configuration in a flake.
#[unsafe(no_mangle)]
pub extern "C" fn nival_session_open_flake(
    session: Option<&nival_session>,
    flake: Option<&nival_flake>,
    error: *mut *mut nival_error,
) -> Option<Box<nival_configuration>> {
    open(session, flake.map(|it| &it.0), error)
}
