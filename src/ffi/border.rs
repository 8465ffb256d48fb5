//! The border between C and Rust: texts that come in, errors that go out, and panics that must not.

use std::ffi::{OsStr, c_char};
use std::os::unix::ffi::OsStrExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice::from_raw_parts;

use super::error::{ErrorText, nival_error};
use super::text::nival_view;
use crate::Error;

impl From<Error> for ErrorText {
    fn from(error: Error) -> ErrorText {
        ErrorText::Of(error)
    }
}

/// Does the work of a function. If it fails or panics, the error goes to `out`, and `None` is returned.
pub(super) fn border<T>(
    out: *mut *mut nival_error,
    work: impl FnOnce() -> Result<T, ErrorText>,
) -> Option<T> {
    let error = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => return Some(done),
        Ok(Err(error)) => error,
        Err(_) => ErrorText::Usage("internal error: this is a fault of nival".to_owned()),
    };
    if !out.is_null() {
        let error = Box::into_raw(Box::new(nival_error { error }));
        // SAFETY: the caller passes null or a pointer to a place for a pointer.
        unsafe { out.write(error) };
    }
    None
}

/// What a handle refers to.
pub(super) fn given<T>(handle: Option<T>) -> Result<T, ErrorText> {
    handle.ok_or_else(|| ErrorText::Usage("a null handle was given".to_owned()))
}

/// The bytes that C gives by a pointer and a length.
pub(super) fn bytes<'a>(data: *const c_char, length: usize) -> Result<&'a [u8], ErrorText> {
    match data.is_null() {
        true if length == 0 => Ok(&[]),
        true => Err(ErrorText::Usage("a null text with a length was given".to_owned())),
        // SAFETY: the caller passes a pointer to so many bytes, which live until the function returns; no function keeps them.
        false => Ok(unsafe { from_raw_parts(data.cast(), length) }),
    }
}

/// The text that C gives by a pointer and a length.
pub(super) fn text<'a>(data: *const c_char, length: usize) -> Result<&'a str, ErrorText> {
    std::str::from_utf8(bytes(data, length)?).map_err(|_| ErrorText::Usage("a text is not UTF-8".to_owned()))
}

/// The texts that C gives as an array of views.
pub(super) fn texts<'a>(views: *const nival_view, count: usize) -> Result<Vec<&'a str>, ErrorText> {
    slice(views, count)?.iter().map(|view| text(view.data, view.length)).collect()
}

/// The path that C gives by a pointer and a length.
pub(super) fn path<'a>(data: *const c_char, length: usize) -> Result<&'a OsStr, ErrorText> {
    bytes(data, length).map(OsStr::from_bytes)
}

/// Two arguments.
pub(super) fn both<A, B>(a: Result<A, ErrorText>, b: Result<B, ErrorText>) -> Result<(A, B), ErrorText> {
    Ok((a?, b?))
}

/// Changes what a handle has by a function that takes it apart; whether that could be done.
pub(super) fn change<T, A>(
    place: Option<&mut Option<T>>,
    error: *mut *mut nival_error,
    argument: Result<A, ErrorText>,
    change: impl FnOnce(T, A) -> T,
) -> bool {
    let done = border(error, || {
        let (place, argument) = (given(place)?, argument?);
        *place = Some(change(there(place.take())?, argument));
        Ok(())
    });
    done.is_some()
}

/// What a handle has.
pub(super) fn there<T>(place: Option<T>) -> Result<T, ErrorText> {
    place.ok_or_else(|| ErrorText::Usage("the builder has been used".to_owned()))
}

/// An array that C gives.
pub(super) fn slice<'a, T>(items: *const T, count: usize) -> Result<&'a [T], ErrorText> {
    match items.is_null() {
        true if count == 0 => Ok(&[]),
        true => Err(ErrorText::Usage("a null array with a length was given".to_owned())),
        // SAFETY: the caller passes a pointer to so many items, which live until the function returns; no function keeps them.
        false => Ok(unsafe { from_raw_parts(items, count) }),
    }
}

#[cfg(test)]
mod tests {
    use std::ptr::null_mut;

    use super::*;
    use crate::ffi::error::{nival_error_free, nival_error_get_message};

    #[test]
    fn panics_become_errors() {
        let mut error = null_mut();
        let done: Option<()> = border(&raw mut error, || panic!("a fault"));
        assert!(done.is_none() && !error.is_null());
        // SAFETY: `border` has put a box there.
        let error = unsafe { Box::from_raw(error) };
        let message = nival_error_get_message(Some(&error));
        assert_eq!(text(message.data, message.length).ok(), Some("internal error: this is a fault of nival"));
        nival_error_free(Some(error));
        let quiet: Option<()> = border(null_mut(), || panic!("nobody wants to know"));
        assert!(quiet.is_none());
    }
}
