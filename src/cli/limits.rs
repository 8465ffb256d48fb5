//! `--timeout` and `--max-memory`.

use super::settings;
use super::wrong::Wrong;
use crate::host::{Host, Memory, human};

/// The value of `--timeout`.
///
/// # Errors
/// When it is not a positive number of seconds.
pub fn positive_seconds(text: &str) -> Result<f64, Wrong> {
    match text.parse::<f64>() {
        Ok(n) if n > 0.0 && n.is_finite() => Ok(n),
        _ => Err(Wrong::usage(format!("--timeout requires a number of seconds above 0, not '{text}'"))),
    }
}

/// The memory limit: `given` by `--max-memory`, otherwise set by the environment, otherwise unspecified.
///
/// # Errors
/// When the environment variable is invalid.
pub fn memory(given: Option<Memory>, host: &dyn Host) -> Result<Option<Memory>, Wrong> {
    match host.env(b"NIVAL_MAX_MEMORY").filter(|value| given.is_none() && !value.is_empty()) {
        Some(value) => size("NIVAL_MAX_MEMORY", &String::from_utf8_lossy(&value)).map(Some),
        None => Ok(given),
    }
}

/// Parses the value of `--max-memory`; `what` is its source.
///
/// # Errors
/// When it is not a size, or too small.
pub fn size(what: &str, text: &str) -> Result<Memory, Wrong> {
    if matches!(text, "none" | "0") {
        return Ok(Memory::Unlimited);
    }
    match settings::count(text) {
        Ok(bytes) if bytes < Memory::LEAST => {
            let (least, bytes) = (human(Memory::LEAST), human(bytes));
            Err(Wrong::usage(format!(
                "{what} requires at least {least}, and '{text}' is {bytes}; units are K, M, G and T"
            )))
        }
        Ok(bytes) => Ok(Memory::Given(bytes)),
        Err(e) => Err(Wrong::usage(format!("{what} requires a size (500M, 4G) or none, not '{text}': {e}"))),
    }
}
