//! `lib.types`: what values options can have, and how several definitions become one value.
//!
//! | file | for |
//! |---|---|
//! | `record` | sets with fixed names, written by name |
//! | `services` | what types need of the stages after them |
//! | `option_type` | what other code asks of a type |
//! | `functor` | what two declarations with equally named types become |
//! | `checked_merge` | types that check and merge in one step (`merge.v2`) |
//! | `make` | `mkOptionType` |
//! | `made` | types that are made once |
//! | `add_check` | `addCheck` and other small changes of types |
//! | `elements` | the elements of collections, each merged on its own |
//! | `modules` | what the types of modules have in common |
//! | the others | the types themselves |

mod add_check;
mod alternatives;
mod anything;
mod attr_list;
mod attr_tag;
mod checked;
mod checked_merge;
mod coerced;
mod collections;
mod deferred;
mod elements;
mod functions;
mod functor;
mod made;
pub(super) mod make;
mod modules;
mod numbers;
mod option_type;
mod optional;
mod paths;
mod record;
mod serializable;
mod services;
pub(super) mod simple;
pub(super) mod submodule;
mod types_of_types;

pub(super) use collections::attrs_of;
pub(super) use option_type::OptionType;
pub(super) use optional::null_or;
pub(super) use services::{Declaration, Services};

use super::entries::{Entry, Kind};
use crate::eval::{Error, Evaluator, Res};
use crate::value::Value;

/// The names in `lib.types`.
pub(super) static TABLE: &[Entry] = &[
    // Functions that make types.
    Entry::function("addCheck", &add_check::ADD_CHECK),
    Entry::function("attrListOf", &attr_list::ATTR_LIST_OF),
    Entry::function("attrListWith", &attr_list::ATTR_LIST_WITH),
    Entry::function("attrTag", &attr_tag::ATTR_TAG),
    Entry::function("attrsOf", &collections::ATTRS_OF),
    Entry::function("attrsWith", &collections::ATTRS_WITH),
    Entry::function("coercedTo", &coerced::COERCED_TO),
    Entry::with_lib("deferredModuleWith", &deferred::DEFERRED_WITH),
    Entry::function("either", &alternatives::EITHER),
    Entry::function("enum", &alternatives::ENUM),
    Entry::function("functionTo", &functions::FUNCTION_TO),
    Entry::function("lazyAttrsOf", &collections::LAZY_ATTRS_OF),
    Entry::function("listOf", &collections::LIST_OF),
    Entry::function("loaOf", &collections::LOA_OF),
    Entry::function("nonEmptyListOf", &collections::NON_EMPTY_LIST_OF),
    Entry::function("nullOr", &optional::NULL_OR),
    Entry::function("oneOf", &alternatives::ONE_OF),
    Entry::function("passwdEntry", &checked::PASSWD_ENTRY),
    Entry::function("pathWith", &paths::PATH_WITH),
    Entry::function("separatedString", &simple::SEPARATED_STRING),
    Entry::function("serializableValueWith", &serializable::SERIALIZABLE),
    Entry::function("strMatching", &simple::STR_MATCHING),
    Entry::with_lib("submodule", &submodule::SUBMODULE),
    Entry::with_lib("submoduleWith", &submodule::SUBMODULE_WITH),
    Entry::function("uniq", &optional::UNIQ),
    Entry::function("unique", &optional::UNIQUE),
    // Types.
    Entry::computed("anything", anything::anything),
    Entry::computed("attrs", simple::attrs),
    Entry::computed("bool", simple::bool),
    Entry::computed("boolByOr", simple::bool_by_or),
    Entry::computed("commas", simple::commas),
    Entry::computed_with_lib("deferredModule", deferred::deferred),
    Entry::computed("envVar", simple::env_var),
    Entry::computed("externalPath", paths::external_path),
    Entry::computed_with_lib("fileset", simple::fileset),
    Entry::computed("float", simple::float),
    Entry::computed("int", simple::int),
    Entry::computed("ints", numbers::ints),
    Entry::computed("json", serializable::json),
    Entry::computed("lines", simple::lines),
    Entry::computed("luaInline", simple::lua_inline),
    Entry::computed("nonEmptyStr", simple::non_empty_str),
    Entry::computed("number", numbers::number),
    Entry::computed("numbers", numbers::numbers),
    Entry::computed("optionDeclaration", simple::option_declaration),
    Entry::computed("optionType", types_of_types::option_type),
    Entry::computed("package", simple::package),
    Entry::computed("path", paths::path),
    Entry::computed("pathInStore", paths::path_in_store),
    Entry::computed("pkgs", checked::pkgs),
    Entry::computed("port", numbers::port),
    Entry::computed("raw", simple::raw),
    Entry::computed("shellPackage", simple::shell_package),
    Entry::computed("singleLineStr", simple::single_line_str),
    Entry::computed("str", simple::str),
    Entry::computed("toml", serializable::toml),
    Entry::computed("unspecified", simple::unspecified),
    // About types.
    Entry::function("defaultFunctor", &functor::DEFAULT_FUNCTOR).top(),
    Entry::function("defaultTypeMerge", &functor::DEFAULT_TYPE_MERGE).top(),
    Entry::function("isOptionType", &types_of_types::IS_OPTION_TYPE).top(),
    Entry::function("isType", &types_of_types::IS_TYPE).top(),
    Entry::function("mergeTypes", &types_of_types::MERGE_TWO),
    Entry::function("mkOptionType", &make::MK_OPTION_TYPE).top(),
    Entry::computed("noCheckForDocsModule", submodule::no_check_module),
    Entry::function("optionDescriptionPhrase", &types_of_types::DESCRIPTION_PHRASE),
    Entry::function("setType", &types_of_types::SET_TYPE).top(),
    Entry::computed_with_lib("types", |ev, lib| crate::native::select(ev, lib, "types")),
];

/// A name in the `types` of `lib`: a type, or a function that makes types.
pub(super) fn lookup(ev: &Evaluator, lib: Value, name: &str) -> Res<Option<Value>> {
    let Some(entry) = TABLE.iter().find(|e| e.name == name) else {
        return Ok(None);
    };
    let value = made::made(ev, entry.name, |ev| match entry.kind {
        Kind::Function(builtin) => Ok(ev.builtin(builtin)),
        Kind::WithLib(builtin) => ev.partial(builtin, &[lib]),
        Kind::Computed(make) => make(ev),
        Kind::ComputedWithLib(make) => make(ev, lib),
    })?;
    Ok(Some(value))
}

/// The names of the types that are no functions.
pub(super) fn plain_names() -> impl Iterator<Item = &'static str> {
    let plain = |entry: &&Entry| {
        matches!(entry.kind, Kind::Computed(_) | Kind::ComputedWithLib(_))
            && !matches!(entry.name, "fileset" | "ints" | "noCheckForDocsModule" | "numbers" | "types")
    };
    TABLE.iter().filter(plain).map(|entry| entry.name)
}

/// A type that does not depend on `lib`, the same each time.
pub(super) fn named(ev: &Evaluator, name: &str) -> Res<Value> {
    for entry in TABLE.iter().filter(|entry| entry.name == name) {
        if let Kind::Computed(make) = entry.kind {
            return made::made(ev, entry.name, make);
        }
    }
    Err(Error::eval(format!("there is no type '{name}'")))
}
