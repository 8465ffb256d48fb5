//! Texts, lists of texts, and places.

use std::ffi::c_char;
use std::ptr::null;

use crate::Place;

/// A text that belongs to a handle, and is valid as long as that. It does not end in a zero byte.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nival_view {
    /// The first byte; null if there is no text.
    pub data: *const c_char,
    /// The number of bytes.
    pub length: usize,
}

impl nival_view {
    /// No text.
    pub(super) const NONE: nival_view = nival_view { data: null(), length: 0 };

    /// A text.
    pub(super) fn of(text: &str) -> nival_view {
        nival_view::bytes(text.as_bytes())
    }

    /// A text that need not be UTF-8.
    pub(super) fn bytes(text: &[u8]) -> nival_view {
        nival_view { data: text.as_ptr().cast(), length: text.len() }
    }

    /// A text, if there is any.
    pub(super) fn maybe(text: Option<&String>) -> nival_view {
        text.map_or(nival_view::NONE, |text| nival_view::of(text))
    }
}

/// A place in a file.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nival_place {
    /// The file's path, or a name as nixpkgs gives it; empty if there is no place.
    pub file: nival_view,
    /// The line, from 1; 0 if it is not known.
    pub line: u32,
    /// The column in bytes, from 1; 0 if it is not known.
    pub column: u32,
}

impl nival_place {
    /// No place.
    pub(super) const NONE: nival_place = nival_place { file: nival_view::NONE, line: 0, column: 0 };

    /// A place.
    pub(super) fn of(place: &Place) -> nival_place {
        let (line, column) = place.at.unwrap_or_default();
        nival_place { file: nival_view::of(&place.file), line, column }
    }
}

/// A text that the caller owns. `nival_text_free` frees it.
pub struct nival_text(pub(super) Vec<u8>);

/// The bytes of a text. It need not be UTF-8 if it is a string of Nix.
#[unsafe(no_mangle)]
pub extern "C" fn nival_text_view(text: Option<&nival_text>) -> nival_view {
    text.map_or(nival_view::NONE, |text| nival_view::bytes(&text.0))
}

/// Frees a text; null is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn nival_text_free(text: Option<Box<nival_text>>) {
    drop(text);
}

/// A list of texts that the caller owns. `nival_texts_free` frees it.
pub struct nival_texts(pub(super) Vec<String>);

/// The number of texts in a list.
#[unsafe(no_mangle)]
pub extern "C" fn nival_texts_count(texts: Option<&nival_texts>) -> usize {
    texts.map_or(0, |texts| texts.0.len())
}

/// A text in a list, counted from 0.
#[unsafe(no_mangle)]
pub extern "C" fn nival_texts_get(texts: Option<&nival_texts>, index: usize) -> nival_view {
    nival_view::maybe(texts.and_then(|texts| texts.0.get(index)))
}

/// Frees a list of texts; null is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn nival_texts_free(texts: Option<Box<nival_texts>>) {
    drop(texts);
}
