//! Options and their definitions.

use super::border::{border, given};
use super::error::nival_error;
use super::text::{nival_place, nival_text, nival_view};
use crate::{DefaultValue, DefinitionInfo, OptionInfo, Outcome, Place, Plain};

/// An option. `nival_option_free` frees it, unless it belongs to a list.
pub struct nival_option(pub(super) OptionInfo);

/// A list of options. `nival_options_free` frees it, with its options.
pub struct nival_options(pub(super) Vec<nival_option>);

/// What becomes of a definition.
#[repr(C)]
pub enum nival_outcome {
    /// There is no such definition.
    NIVAL_OUTCOME_NONE = 0,
    /// It is part of the value.
    NIVAL_OUTCOME_WINS,
    /// A definition with a better priority wins.
    NIVAL_OUTCOME_LOST,
    /// A condition does not hold.
    NIVAL_OUTCOME_OFF,
    /// It cannot be evaluated.
    NIVAL_OUTCOME_FAILED,
}

/// Frees an option; null is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_free(option: Option<Box<nival_option>>) {
    drop(option);
}

/// The number of options in a list.
#[unsafe(no_mangle)]
pub extern "C" fn nival_options_count(options: Option<&nival_options>) -> usize {
    options.map_or(0, |options| options.0.len())
}

/// An option in a list, counted from 0. It belongs to the list.
#[unsafe(no_mangle)]
pub extern "C" fn nival_options_get(options: Option<&nival_options>, index: usize) -> Option<&nival_option> {
    options?.0.get(index)
}

/// Frees a list of options; null is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn nival_options_free(options: Option<Box<nival_options>>) {
    drop(options);
}

fn view<'a>(
    option: Option<&'a nival_option>,
    part: impl FnOnce(&'a OptionInfo) -> Option<&'a String>,
) -> nival_view {
    nival_view::maybe(option.and_then(|option| part(&option.0)))
}

/// Its path as nixpkgs shows it.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_get_name(option: Option<&nival_option>) -> nival_view {
    view(option, |option| Some(&option.name))
}

/// The number of names in its path.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_count_path(option: Option<&nival_option>) -> usize {
    option.map_or(0, |option| option.0.loc.len())
}

/// A name in its path, counted from 0.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_get_path(option: Option<&nival_option>, index: usize) -> nival_view {
    view(option, |option| option.loc.get(index))
}

/// The description of its type; null for a part of a value.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_get_type_description(option: Option<&nival_option>) -> nival_view {
    view(option, |option| option.type_description.as_ref())
}

/// The name of its type (`listOf`); null for a part of a value.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_get_type_name(option: Option<&nival_option>) -> nival_view {
    view(option, |option| option.type_name.as_ref())
}

/// Its description, in the markup of the declaration; null if it has none.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_get_description(option: Option<&nival_option>) -> nival_view {
    view(option, |option| option.description.as_ref())
}

/// The message of the error, if its value as a whole cannot be evaluated; null otherwise.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_get_failure(option: Option<&nival_option>) -> nival_view {
    view(option, |option| option.value.failure().map(|failure| &failure.message))
}

/// Whether anything besides its default counts.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_is_set(option: Option<&nival_option>) -> bool {
    option.is_some_and(|option| option.0.is_set)
}

/// Whether it may be defined once only.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_is_read_only(option: Option<&nival_option>) -> bool {
    option.is_some_and(|option| option.0.read_only)
}

/// Whether its value is another one than its default.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_differs_from_default(option: Option<&nival_option>) -> bool {
    option.is_some_and(|option| option.0.differs_from_default())
}

/// The priority of the definitions that count at `out`; whether any does.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_get_priority(option: Option<&nival_option>, out: Option<&mut i64>) -> bool {
    match option.and_then(|option| option.0.highest_priority()).zip(out) {
        Some((priority, out)) => {
            *out = priority;
            true
        }
        None => false,
    }
}

fn json(error: *mut *mut nival_error, json: Option<String>) -> Option<Box<nival_text>> {
    border(error, || Ok(Box::new(nival_text(given(json)?.into_bytes()))))
}

/// Its value as JSON, as in `docs/option-json.md`.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_value_to_json(
    option: Option<&nival_option>,
    error: *mut *mut nival_error,
) -> Option<Box<nival_text>> {
    json(error, option.map(|option| option.0.value.to_json()))
}

/// The default that its declaration documents (`defaultText`); null if it does not.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_get_default_text(option: Option<&nival_option>) -> nival_view {
    view(option, |option| match &option.default {
        Some(DefaultValue::Text(text)) => Some(text),
        _ => None,
    })
}

/// Its default as JSON; null if it has none, or if its declaration documents it.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_default_to_json(
    option: Option<&nival_option>,
    error: *mut *mut nival_error,
) -> Option<Box<nival_text>> {
    match option.map(|option| &option.0.default) {
        Some(Some(DefaultValue::Value(value))) => json(error, Some(value.to_json())),
        Some(_) => None,
        None => json(error, None),
    }
}

/// Everything about it as JSON: the format of `nival option --json`, which `docs/option-json.md` describes.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_to_json(
    option: Option<&nival_option>,
    error: *mut *mut nival_error,
) -> Option<Box<nival_text>> {
    json(error, option.map(|option| option.0.to_json()))
}

/// The number of its declarations.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_count_declarations(option: Option<&nival_option>) -> usize {
    option.map_or(0, |option| option.0.declarations.len())
}

/// Where one of its declarations is, counted from 0.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_get_declaration(option: Option<&nival_option>, index: usize) -> nival_place {
    let place = option.and_then(|option| option.0.declarations.get(index));
    place.map_or(nival_place::NONE, nival_place::of)
}

/// The number of its definitions. Those that count come first, in the order in which they are merged.
#[unsafe(no_mangle)]
pub extern "C" fn nival_option_count_definitions(option: Option<&nival_option>) -> usize {
    option.map_or(0, |option| option.0.definitions.len())
}

fn definition(option: Option<&nival_option>, index: usize) -> Option<&DefinitionInfo> {
    option?.0.definitions.get(index)
}

/// The file of the module that has a definition, as nixpkgs names it.
#[unsafe(no_mangle)]
pub extern "C" fn nival_definition_get_file(option: Option<&nival_option>, index: usize) -> nival_view {
    nival_view::maybe(definition(option, index).map(|definition| &definition.file))
}

/// Where a definition is; it may be in a file that the module imports.
#[unsafe(no_mangle)]
pub extern "C" fn nival_definition_get_place(option: Option<&nival_option>, index: usize) -> nival_place {
    definition(option, index).map_or(nival_place::NONE, |definition| nival_place::of(&definition.place))
}

/// What becomes of a definition.
#[unsafe(no_mangle)]
pub extern "C" fn nival_definition_get_outcome(option: Option<&nival_option>, index: usize) -> nival_outcome {
    match definition(option, index).map(|definition| &definition.outcome) {
        None => nival_outcome::NIVAL_OUTCOME_NONE,
        Some(Outcome::Wins) => nival_outcome::NIVAL_OUTCOME_WINS,
        Some(Outcome::Lost(_)) => nival_outcome::NIVAL_OUTCOME_LOST,
        Some(Outcome::Off(_)) => nival_outcome::NIVAL_OUTCOME_OFF,
        Some(Outcome::Failed(_)) => nival_outcome::NIVAL_OUTCOME_FAILED,
    }
}

/// The priority of a definition; the lowest number wins.
#[unsafe(no_mangle)]
pub extern "C" fn nival_definition_get_priority(option: Option<&nival_option>, index: usize) -> i64 {
    definition(option, index).map_or(0, |definition| definition.priority)
}

/// The place of a definition among those that count.
#[unsafe(no_mangle)]
pub extern "C" fn nival_definition_get_order(option: Option<&nival_option>, index: usize) -> i64 {
    definition(option, index).map_or(0, |definition| definition.order)
}

/// Whether a definition is the default of the option's declaration.
#[unsafe(no_mangle)]
pub extern "C" fn nival_definition_is_default(option: Option<&nival_option>, index: usize) -> bool {
    definition(option, index).is_some_and(|definition| definition.is_default)
}

/// Why a definition has the fate that it has; null if there is nothing to say.
#[unsafe(no_mangle)]
pub extern "C" fn nival_definition_because(
    option: Option<&nival_option>,
    index: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_text>> {
    let because = border(error, || Ok(given(definition(option, index))?.because(Place::to_string)))?;
    because.map(|because| Box::new(nival_text(because.into_bytes())))
}

/// How a definition is written; null if that is not known.
#[unsafe(no_mangle)]
pub extern "C" fn nival_definition_get_text(option: Option<&nival_option>, index: usize) -> nival_view {
    let excerpt = definition(option, index).and_then(|definition| definition.excerpt.as_ref());
    nival_view::maybe(excerpt.map(|excerpt| &excerpt.text))
}

/// The value that a definition gives, as JSON; null if it is off, or if the option belongs to a list.
#[unsafe(no_mangle)]
pub extern "C" fn nival_definition_value_to_json(
    option: Option<&nival_option>,
    index: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_text>> {
    let value = border(error, || Ok(given(definition(option, index))?.value.as_ref().map(Plain::to_json)))?;
    value.map(|value| Box::new(nival_text(value.into_bytes())))
}
