//! Differences between configurations.

use super::border::{border, given};
use super::error::nival_error;
use super::text::{nival_place, nival_text, nival_view};
use crate::{Cause, Change, Comparison, Plain};

/// What differs between two configurations. `nival_comparison_free` frees it.
pub struct nival_comparison(pub(super) Comparison);

/// Frees a comparison; null is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn nival_comparison_free(comparison: Option<Box<nival_comparison>>) {
    drop(comparison);
}

/// Everything as JSON: the format of `nival diff --json`, which `docs/diff-json.md` describes.
#[unsafe(no_mangle)]
pub extern "C" fn nival_comparison_to_json(
    comparison: Option<&nival_comparison>,
    error: *mut *mut nival_error,
) -> Option<Box<nival_text>> {
    border(error, || Ok(Box::new(nival_text(given(comparison)?.0.to_json().into_bytes()))))
}

/// The number of changes, which are in the order of their options.
#[unsafe(no_mangle)]
pub extern "C" fn nival_comparison_count(comparison: Option<&nival_comparison>) -> usize {
    comparison.map_or(0, |comparison| comparison.0.changes.len())
}

fn change(comparison: Option<&nival_comparison>, index: usize) -> Option<&Change> {
    comparison?.0.changes.get(index)
}

/// The path of the option that a change is in, as nixpkgs shows it.
#[unsafe(no_mangle)]
pub extern "C" fn nival_change_get_name(comparison: Option<&nival_comparison>, index: usize) -> nival_view {
    nival_view::maybe(change(comparison, index).map(|change| &change.difference.name))
}

/// What differs, by the word that `docs/diff-json.md` has for it (`value`, `added`, `error`).
#[unsafe(no_mangle)]
pub extern "C" fn nival_change_get_kind(comparison: Option<&nival_comparison>, index: usize) -> nival_view {
    let kind = change(comparison, index).map(|change| change.difference.kind.word());
    kind.map_or(nival_view::NONE, nival_view::of)
}

fn value(
    comparison: Option<&nival_comparison>,
    index: usize,
    error: *mut *mut nival_error,
    which: impl FnOnce(&Change) -> Option<&Plain>,
) -> Option<Box<nival_text>> {
    let json = border(error, || Ok(which(given(change(comparison, index))?).map(Plain::to_json)))?;
    json.map(|json| Box::new(nival_text(json.into_bytes())))
}

/// What it was, as JSON; null if there was nothing.
#[unsafe(no_mangle)]
pub extern "C" fn nival_change_old_to_json(
    comparison: Option<&nival_comparison>,
    index: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_text>> {
    value(comparison, index, error, |change| change.difference.old.as_ref())
}

/// What it is now, as JSON; null if there is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn nival_change_new_to_json(
    comparison: Option<&nival_comparison>,
    index: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_text>> {
    value(comparison, index, error, |change| change.difference.new.as_ref())
}

/// The number of changed options that the option was computed from.
#[unsafe(no_mangle)]
pub extern "C" fn nival_change_count_follows(comparison: Option<&nival_comparison>, index: usize) -> usize {
    change(comparison, index).map_or(0, |change| change.follows.len())
}

/// A changed option that the option was computed from, counted from 0.
#[unsafe(no_mangle)]
pub extern "C" fn nival_change_get_follows(
    comparison: Option<&nival_comparison>,
    index: usize,
    follows: usize,
) -> nival_view {
    nival_view::maybe(change(comparison, index).and_then(|change| change.follows.get(follows)))
}

/// The number of changed texts that make the option differ.
#[unsafe(no_mangle)]
pub extern "C" fn nival_change_count_causes(comparison: Option<&nival_comparison>, index: usize) -> usize {
    change(comparison, index).map_or(0, |change| change.causes.len())
}

fn cause(comparison: Option<&nival_comparison>, index: usize, number: usize) -> Option<&Cause> {
    change(comparison, index)?.causes.get(number)
}

/// Where such a text is, counted from 0: in the new configuration, unless it is gone there.
#[unsafe(no_mangle)]
pub extern "C" fn nival_cause_get_place(
    comparison: Option<&nival_comparison>,
    index: usize,
    number: usize,
) -> nival_place {
    cause(comparison, index, number).map_or(nival_place::NONE, |cause| nival_place::of(&cause.place))
}

/// What such a text is: `definition`, `condition`, `declaration` or `lines`.
#[unsafe(no_mangle)]
pub extern "C" fn nival_cause_get_kind(
    comparison: Option<&nival_comparison>,
    index: usize,
    number: usize,
) -> nival_view {
    cause(comparison, index, number).map_or(nival_view::NONE, |cause| nival_view::of(cause.kind.word()))
}

/// Whether such a text is gone, so that its place is in the old configuration.
#[unsafe(no_mangle)]
pub extern "C" fn nival_cause_is_gone(
    comparison: Option<&nival_comparison>,
    index: usize,
    number: usize,
) -> bool {
    cause(comparison, index, number).is_some_and(|cause| cause.is_gone)
}

/// The old text; null if there was none.
#[unsafe(no_mangle)]
pub extern "C" fn nival_cause_get_old(
    comparison: Option<&nival_comparison>,
    index: usize,
    number: usize,
) -> nival_view {
    nival_view::maybe(cause(comparison, index, number).and_then(|cause| cause.old.as_ref()))
}

/// The new text; null if there is none.
#[unsafe(no_mangle)]
pub extern "C" fn nival_cause_get_new(
    comparison: Option<&nival_comparison>,
    index: usize,
    number: usize,
) -> nival_view {
    nival_view::maybe(cause(comparison, index, number).and_then(|cause| cause.new.as_ref()))
}
