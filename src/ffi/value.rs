//! Values.

use std::ffi::c_char;

use super::border::{border, bytes, given, slice};
use super::error::nival_error;
use super::text::{nival_text, nival_texts};
use crate::{Result, Value, ValueKind};

/// A value of a session, possibly not evaluated yet. `nival_value_free` frees it.
pub struct nival_value(pub(super) Value);

/// The kind of a value.
#[repr(C)]
pub enum nival_value_kind {
    /// There is none: the value cannot be evaluated.
    NIVAL_VALUE_NONE = 0,
    /// An integer.
    NIVAL_VALUE_INT,
    /// A floating-point number.
    NIVAL_VALUE_FLOAT,
    /// `true` or `false`
    NIVAL_VALUE_BOOL,
    /// A string.
    NIVAL_VALUE_STRING,
    /// A path.
    NIVAL_VALUE_PATH,
    /// `null`
    NIVAL_VALUE_NULL,
    /// An attribute set.
    NIVAL_VALUE_SET,
    /// A list.
    NIVAL_VALUE_LIST,
    /// A function.
    NIVAL_VALUE_LAMBDA,
}

/// Frees a value; null is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn nival_value_free(value: Option<Box<nival_value>>) {
    drop(value);
}

/// Evaluates a value to weak head normal form.
#[unsafe(no_mangle)]
pub extern "C" fn nival_value_force(value: Option<&nival_value>, error: *mut *mut nival_error) -> bool {
    border(error, || Ok(given(value)?.0.force()?)).is_some()
}

/// Evaluates a value and everything in it.
#[unsafe(no_mangle)]
pub extern "C" fn nival_value_force_deep(value: Option<&nival_value>, error: *mut *mut nival_error) -> bool {
    border(error, || Ok(given(value)?.0.force_deep()?)).is_some()
}

/// Evaluates a value and returns its kind.
#[unsafe(no_mangle)]
pub extern "C" fn nival_value_get_kind(
    value: Option<&nival_value>,
    error: *mut *mut nival_error,
) -> nival_value_kind {
    use nival_value_kind as kind;
    match border(error, || Ok(given(value)?.0.kind()?)) {
        None => kind::NIVAL_VALUE_NONE,
        Some(ValueKind::Int) => kind::NIVAL_VALUE_INT,
        Some(ValueKind::Float) => kind::NIVAL_VALUE_FLOAT,
        Some(ValueKind::Bool) => kind::NIVAL_VALUE_BOOL,
        Some(ValueKind::String) => kind::NIVAL_VALUE_STRING,
        Some(ValueKind::Path) => kind::NIVAL_VALUE_PATH,
        Some(ValueKind::Null) => kind::NIVAL_VALUE_NULL,
        Some(ValueKind::Set) => kind::NIVAL_VALUE_SET,
        Some(ValueKind::List) => kind::NIVAL_VALUE_LIST,
        Some(ValueKind::Lambda) => kind::NIVAL_VALUE_LAMBDA,
    }
}

/// Puts a part of a value at `out`; whether it has one.
fn put<T>(
    value: Option<&nival_value>,
    out: Option<&mut T>,
    error: *mut *mut nival_error,
    part: impl FnOnce(&Value) -> Result<T>,
) -> bool {
    let done = border(error, || {
        let out = given(out)?;
        *out = part(&given(value)?.0)?;
        Ok(())
    });
    done.is_some()
}

/// Puts a Boolean at `out`.
#[unsafe(no_mangle)]
pub extern "C" fn nival_value_get_bool(
    value: Option<&nival_value>,
    out: Option<&mut bool>,
    error: *mut *mut nival_error,
) -> bool {
    put(value, out, error, Value::as_bool)
}

/// Puts an integer at `out`.
#[unsafe(no_mangle)]
pub extern "C" fn nival_value_get_int(
    value: Option<&nival_value>,
    out: Option<&mut i64>,
    error: *mut *mut nival_error,
) -> bool {
    put(value, out, error, Value::as_int)
}

/// Puts a number at `out`.
#[unsafe(no_mangle)]
pub extern "C" fn nival_value_get_float(
    value: Option<&nival_value>,
    out: Option<&mut f64>,
    error: *mut *mut nival_error,
) -> bool {
    put(value, out, error, Value::as_float)
}

/// Puts the number of elements of a list at `out`.
#[unsafe(no_mangle)]
pub extern "C" fn nival_value_get_length(
    value: Option<&nival_value>,
    out: Option<&mut usize>,
    error: *mut *mut nival_error,
) -> bool {
    put(value, out, error, Value::length)
}

/// A text that a value gives.
fn written(
    value: Option<&nival_value>,
    error: *mut *mut nival_error,
    write: impl FnOnce(&Value) -> Result<Vec<u8>>,
) -> Option<Box<nival_text>> {
    border(error, || Ok(Box::new(nival_text(write(&given(value)?.0)?))))
}

/// The bytes of a string.
#[unsafe(no_mangle)]
pub extern "C" fn nival_value_get_string(
    value: Option<&nival_value>,
    error: *mut *mut nival_error,
) -> Option<Box<nival_text>> {
    written(value, error, Value::as_bytes)
}

/// A value as `nix-instantiate --eval --strict` prints it.
#[unsafe(no_mangle)]
pub extern "C" fn nival_value_print(
    value: Option<&nival_value>,
    error: *mut *mut nival_error,
) -> Option<Box<nival_text>> {
    written(value, error, Value::print_bytes)
}

/// A value as `nix-instantiate --eval` prints it.
#[unsafe(no_mangle)]
pub extern "C" fn nival_value_print_lazily(
    value: Option<&nival_value>,
    error: *mut *mut nival_error,
) -> Option<Box<nival_text>> {
    written(value, error, |value| value.print_lazily().map(String::into_bytes))
}

/// A value as `builtins.toJSON` prints it.
#[unsafe(no_mangle)]
pub extern "C" fn nival_value_to_json(
    value: Option<&nival_value>,
    error: *mut *mut nival_error,
) -> Option<Box<nival_text>> {
    written(value, error, |value| value.to_json().map(String::into_bytes))
}

/// The names of a set's attributes, in order.
#[unsafe(no_mangle)]
pub extern "C" fn nival_value_get_names(
    value: Option<&nival_value>,
    error: *mut *mut nival_error,
) -> Option<Box<nival_texts>> {
    border(error, || Ok(Box::new(nival_texts(given(value)?.0.names()?))))
}

/// An attribute of a set, unevaluated.
#[unsafe(no_mangle)]
pub extern "C" fn nival_value_get_attribute(
    value: Option<&nival_value>,
    name: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_value>> {
    border(error, || {
        let name = bytes(name, length)?;
        Ok(Box::new(nival_value(given(value)?.0.get(name)?)))
    })
}

/// An element of a list, counted from 0, unevaluated.
#[unsafe(no_mangle)]
pub extern "C" fn nival_value_get_element(
    value: Option<&nival_value>,
    index: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_value>> {
    border(error, || Ok(Box::new(nival_value(given(value)?.0.at(index)?))))
}

/// Calls a function with an array of arguments, which must belong to the same session.
#[unsafe(no_mangle)]
pub extern "C" fn nival_value_call(
    function: Option<&nival_value>,
    arguments: *const Option<&nival_value>,
    count: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_value>> {
    border(error, || {
        let mut values = Vec::new();
        for argument in slice(arguments, count)? {
            values.push(&given(*argument)?.0);
        }
        Ok(Box::new(nival_value(given(function)?.0.call(&values)?)))
    })
}
