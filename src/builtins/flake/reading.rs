//! How references are read here: with the evaluation's features, and warnings to standard error.

use crate::eval::{Error, Evaluator, Res};
use crate::host::{bytes_of, shown};
use crate::store;
use crate::store::inputs::{FlakeRef, Input, Reading};
use crate::store::lock_file::{InputPath, input_path};

/// Prints a warning, unless several evaluations would print it.
pub fn warn(ev: &Evaluator, text: &str) {
    if ev.is_silent() {
        return;
    }
    ev.host.message(&bytes_of(&format!("warning: {text}")));
}

/// Reads references with `read`.
///
/// # Errors
/// Those of `read`.
pub fn reading<T>(
    ev: &Evaluator,
    is_flake: bool,
    read: impl FnOnce(Reading<'_>) -> Result<T, store::Error>,
) -> Res<T> {
    let hear = |text: &str| warn(ev, text);
    let features = ev.settings.store_features;
    read(Reading { features, warn: &hear, is_flake }).map_err(|e| ev.store_error(&e))
}

/// A reference as messages show it.
///
/// # Errors
/// When it has no URL.
pub fn show(ev: &Evaluator, reference: &FlakeRef) -> Res<String> {
    let text = reference.to_text(&|text| warn(ev, text)).map_err(|e| ev.store_error(&e))?;
    Ok(shown(&text).into_owned())
}

/// An input as messages show it.
///
/// # Errors
/// When it has no URL.
pub fn show_input(ev: &Evaluator, input: &Input) -> Res<String> {
    let url = input.to_url(&|text| warn(ev, text)).map_err(|e| ev.store_error(&e))?;
    Ok(shown(&url.to_text()).into_owned())
}

/// The input that `--override-input` names, which may not be the flake itself.
///
/// # Errors
/// When it is not a path of inputs.
pub fn override_of(text: &str) -> Res<InputPath> {
    let path = input_path(text).map_err(|e| Error::from(&e))?;
    match path.is_empty() {
        true => {
            let message = "--override-input was passed a zero-length input path, which would refer to the flake itself, \
                           not an input";
            Err(Error::new(crate::eval::ErrorKind::Usage, message))
        }
        false => Ok(path),
    }
}
