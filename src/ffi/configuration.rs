//! Configurations.

use std::ffi::c_char;

use super::border::{border, given, text, texts};
use super::comparison::nival_comparison;
use super::dependencies::nival_dependencies;
use super::error::nival_error;
use super::option::{nival_option, nival_options};
use super::text::{nival_text, nival_texts, nival_view};
use super::value::nival_value;
use crate::Configuration;

/// A configuration. `nival_configuration_free` frees it.
pub struct nival_configuration(pub(super) Configuration);

/// Frees a configuration; null is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn nival_configuration_free(configuration: Option<Box<nival_configuration>>) {
    drop(configuration);
}

/// The set of all option values, evaluated lazily.
#[unsafe(no_mangle)]
pub extern "C" fn nival_configuration_get_values(
    configuration: Option<&nival_configuration>,
    error: *mut *mut nival_error,
) -> Option<Box<nival_value>> {
    border(error, || Ok(Box::new(nival_value(given(configuration)?.0.values().clone()))))
}

/// The values of some options or option sets as JSON, or of all options if no paths are given. A value that fails becomes
/// `{"_nival": …, "at": …, "message": …}`.
#[unsafe(no_mangle)]
pub extern "C" fn nival_configuration_to_json(
    configuration: Option<&nival_configuration>,
    paths: *const nival_view,
    count: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_text>> {
    border(error, || {
        let json = given(configuration)?.0.json(&texts(paths, count)?)?;
        Ok(Box::new(nival_text(json.into_bytes())))
    })
}

/// Everything about an option, or about a part of an option's value.
#[unsafe(no_mangle)]
pub extern "C" fn nival_configuration_get_option(
    configuration: Option<&nival_configuration>,
    path: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_option>> {
    border(error, || {
        let option = given(configuration)?.0.option(text(path, length)?)?;
        Ok(Box::new(nival_option(option)))
    })
}

/// All options at and below a path that users see, without their definitions' values and origins.
#[unsafe(no_mangle)]
pub extern "C" fn nival_configuration_get_options(
    configuration: Option<&nival_configuration>,
    below: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_options>> {
    border(error, || {
        let options = given(configuration)?.0.options(text(below, length)?)?;
        Ok(Box::new(nival_options(options.into_iter().map(nival_option).collect())))
    })
}

/// The names of these options. No values are evaluated.
#[unsafe(no_mangle)]
pub extern "C" fn nival_configuration_get_option_names(
    configuration: Option<&nival_configuration>,
    below: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_texts>> {
    border(error, || {
        let names = given(configuration)?.0.option_names(text(below, length)?)?;
        Ok(Box::new(nival_texts(names)))
    })
}

/// The options that a value was computed from, over up to `depth` steps.
#[unsafe(no_mangle)]
pub extern "C" fn nival_configuration_get_dependencies(
    configuration: Option<&nival_configuration>,
    path: *const c_char,
    length: usize,
    depth: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_dependencies>> {
    border(error, || {
        let found = given(configuration)?.0.dependencies(text(path, length)?, depth)?;
        Ok(Box::new(nival_dependencies(found)))
    })
}

/// The options that were computed from a value, over up to `depth` steps. The whole configuration is evaluated.
#[unsafe(no_mangle)]
pub extern "C" fn nival_configuration_get_dependents(
    configuration: Option<&nival_configuration>,
    path: *const c_char,
    length: usize,
    depth: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_dependencies>> {
    border(error, || {
        let found = given(configuration)?.0.dependents(text(path, length)?, depth)?;
        Ok(Box::new(nival_dependencies(found)))
    })
}

/// What differs in a newer configuration in the options at and below some paths, or in all options if no paths are given.
#[unsafe(no_mangle)]
pub extern "C" fn nival_configuration_compare(
    configuration: Option<&nival_configuration>,
    newer: Option<&nival_configuration>,
    paths: *const nival_view,
    count: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_comparison>> {
    border(error, || {
        let paths = texts(paths, count)?;
        let comparison = given(configuration)?.0.compare(&given(newer)?.0, &paths)?;
        Ok(Box::new(nival_comparison(comparison)))
    })
}
