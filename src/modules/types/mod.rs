//! `lib.types`: the values that options can have, and how several definitions merge into one value.
//!
//! | file | for |
//! |---|---|
//! | `services` | the functions of later stages that types use |
//! | `option_type` | types as other code sees them |
//! | `functor` | how the types of two declarations merge |
//! | `checked_merge` | types that check and merge in one step (`merge.v2`) |
//! | `make` | `mkOptionType` |
//! | `made` | a cache of types |
//! | `add_check` | `addCheck` and other small changes to types |
//! | `elements` | the elements of collections, each merged separately |
//! | `modules` | functions that the types of modules share |
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
mod make;
mod modules;
mod names;
mod numbers;
mod option_type;
mod optional;
mod paths;
mod serializable;
mod services;
mod simple;
mod types_of_types;

pub use checked_merge::{Checked, checked_merge, coherent_check, loc_and_defs};
pub use collections::attrs_of;
pub use functor::functor;
pub use made::made;
pub use make::{Spec, symbol};
pub use modules::{is_module, plain_definition};
pub use names::NAMES;
pub use option_type::{OptionType, PLAIN};
pub use optional::null_or;
pub use services::{Declaration, Services};

use crate::eval::{Error, Evaluator, Res};
use crate::native::{Kind, Table, computed, computed_with_lib, native, select, with_lib};
use crate::value::Value;

/// The names in `lib.types`.
pub static TABLE: Table = Table {
    namespace: "types",
    entries: &[
        // Functions that make types.
        native("addCheck", &add_check::ADD_CHECK),
        native("attrListOf", &attr_list::ATTR_LIST_OF),
        native("attrListWith", &attr_list::ATTR_LIST_WITH),
        native("attrTag", &attr_tag::ATTR_TAG),
        native("attrsOf", &collections::ATTRS_OF),
        native("attrsWith", &collections::ATTRS_WITH),
        native("coercedTo", &coerced::COERCED_TO),
        with_lib("deferredModuleWith", &deferred::DEFERRED_WITH),
        native("either", &alternatives::EITHER),
        native("enum", &alternatives::ENUM),
        native("functionTo", &functions::FUNCTION_TO),
        native("lazyAttrsOf", &collections::LAZY_ATTRS_OF),
        native("listOf", &collections::LIST_OF),
        native("loaOf", &collections::LOA_OF),
        native("nonEmptyListOf", &collections::NON_EMPTY_LIST_OF),
        native("nullOr", &optional::NULL_OR),
        native("oneOf", &alternatives::ONE_OF),
        native("passwdEntry", &checked::PASSWD_ENTRY),
        native("pathWith", &paths::PATH_WITH),
        native("separatedString", &simple::SEPARATED_STRING),
        native("serializableValueWith", &serializable::SERIALIZABLE),
        native("strMatching", &simple::STR_MATCHING),
        native("uniq", &optional::UNIQ),
        native("unique", &optional::UNIQUE),
        // Types.
        computed("anything", anything::anything),
        computed("attrs", simple::attrs),
        computed("bool", simple::bool),
        computed("boolByOr", simple::bool_by_or),
        computed("commas", simple::commas),
        computed_with_lib("deferredModule", deferred::deferred),
        computed("envVar", simple::env_var),
        computed("externalPath", paths::external_path),
        computed_with_lib("fileset", simple::fileset),
        computed("float", simple::float),
        computed("int", simple::int),
        computed("ints", numbers::ints),
        computed("json", serializable::json),
        computed("lines", simple::lines),
        computed("luaInline", simple::lua_inline),
        computed("nonEmptyStr", simple::non_empty_str),
        computed("number", numbers::number),
        computed("numbers", numbers::numbers),
        computed("optionDeclaration", simple::option_declaration),
        computed("optionType", types_of_types::option_type),
        computed("package", simple::package),
        computed("path", paths::path),
        computed("pathInStore", paths::path_in_store),
        computed("pkgs", checked::pkgs),
        computed("port", numbers::port),
        computed("raw", simple::raw),
        computed("shellPackage", simple::shell_package),
        computed("singleLineStr", simple::single_line_str),
        computed("str", simple::str),
        computed("toml", serializable::toml),
        computed("unspecified", simple::unspecified),
        // About types.
        native("defaultFunctor", &functor::DEFAULT_FUNCTOR).top(),
        native("defaultTypeMerge", &functor::DEFAULT_TYPE_MERGE).top(),
        native("isOptionType", &types_of_types::IS_OPTION_TYPE).top(),
        native("isType", &types_of_types::IS_TYPE).top(),
        native("mergeTypes", &types_of_types::MERGE_TWO),
        native("mkOptionType", &make::MK_OPTION_TYPE).top(),
        native("optionDescriptionPhrase", &types_of_types::DESCRIPTION_PHRASE),
        native("setType", &types_of_types::SET_TYPE).top(),
        computed_with_lib("types", |ev, lib| select(ev, lib, "types")),
    ],
};

/// A type that does not depend on `lib`. Every call returns the same value.
pub fn named(ev: &Evaluator, name: &str) -> Res<Value> {
    for entry in TABLE.entries.iter().filter(|entry| entry.name == name) {
        if let Kind::Computed(make) = entry.kind {
            return made::made(ev, entry.name, make);
        }
    }
    Err(Error::eval(format!("there is no type '{name}'")))
}
