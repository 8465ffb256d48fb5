//! `lib.types`: what values options can have, and how several definitions become one value.

mod alternatives;
mod anything;
mod attr_list;
mod attr_tag;
mod checked;
mod collections;
mod deferred;
mod elements;
pub(super) mod make;
mod optional;
mod paths;
pub(super) mod simple;
pub(super) mod submodule;

use std::cell::RefCell;

use hashbrown::HashMap;

pub(super) use collections::{attrs_elem, attrs_of};
pub(super) use optional::null_or;

use super::entries::{Entry, Kind};
use crate::eval::{Error, Evaluator, Res};
use crate::value::{AttrsBuilder, Record, Value};

/// The names in `lib.types`.
pub(super) static TABLE: &[Entry] = &[
    // Functions that make types.
    Entry::function("addCheck", &checked::ADD_CHECK),
    Entry::function("attrListOf", &attr_list::ATTR_LIST_OF),
    Entry::function("attrListWith", &attr_list::ATTR_LIST_WITH),
    Entry::function("attrTag", &attr_tag::ATTR_TAG),
    Entry::function("attrsOf", &collections::ATTRS_OF),
    Entry::function("attrsWith", &collections::ATTRS_WITH),
    Entry::function("coercedTo", &alternatives::COERCED_TO),
    Entry::with_lib("deferredModuleWith", &deferred::DEFERRED_WITH),
    Entry::function("either", &alternatives::EITHER),
    Entry::function("enum", &alternatives::ENUM),
    Entry::function("functionTo", &optional::FUNCTION_TO),
    Entry::function("lazyAttrsOf", &collections::LAZY_ATTRS_OF),
    Entry::function("listOf", &collections::LIST_OF),
    Entry::function("loaOf", &collections::LOA_OF),
    Entry::function("nonEmptyListOf", &collections::NON_EMPTY_LIST_OF),
    Entry::function("nullOr", &optional::NULL_OR),
    Entry::function("oneOf", &alternatives::ONE_OF),
    Entry::function("passwdEntry", &checked::PASSWD_ENTRY),
    Entry::function("pathWith", &paths::PATH_WITH),
    Entry::function("separatedString", &simple::SEPARATED_STRING),
    Entry::function("serializableValueWith", &alternatives::SERIALIZABLE),
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
    Entry::computed("commas", |ev| simple::separated_string(ev, ev.mem.str(",")?)),
    Entry::computed_with_lib("deferredModule", |ev, lib| deferred::deferred(ev, lib, Value::EMPTY_LIST)),
    Entry::computed("envVar", |ev| simple::separated_string(ev, ev.mem.str(":")?)),
    Entry::computed("externalPath", |ev| paths::path_with(ev, Value::FALSE, Value::TRUE)),
    Entry::computed_with_lib("fileset", simple::fileset),
    Entry::computed("float", simple::float),
    Entry::computed("int", simple::int),
    Entry::computed("ints", checked::ints),
    Entry::computed("json", |ev| alternatives::serializable(ev, ev.mem.str("JSON")?, true)),
    Entry::computed("lines", |ev| simple::separated_string(ev, ev.mem.str("\n")?)),
    Entry::computed("luaInline", simple::lua_inline),
    Entry::computed("nonEmptyStr", simple::non_empty_str),
    Entry::computed("number", |ev| alternatives::either(ev, named(ev, "int")?, named(ev, "float")?)),
    Entry::computed("numbers", checked::numbers),
    Entry::computed("optionDeclaration", simple::option_declaration),
    Entry::computed("optionType", deferred::option_type),
    Entry::computed("package", simple::package),
    Entry::computed("path", |ev| paths::path_with(ev, Value::NULL, Value::TRUE)),
    Entry::computed("pathInStore", |ev| paths::path_with(ev, Value::TRUE, Value::NULL)),
    Entry::computed("pkgs", checked::pkgs),
    Entry::computed("port", |ev| crate::native::select(ev, named(ev, "ints")?, ev.intern("u16")?)),
    Entry::computed("raw", simple::raw),
    Entry::computed("shellPackage", simple::shell_package),
    Entry::computed("singleLineStr", simple::single_line_str),
    Entry::computed("str", simple::str),
    Entry::computed("toml", |ev| alternatives::serializable(ev, ev.mem.str("TOML")?, false)),
    Entry::computed("unspecified", simple::unspecified),
    // About types.
    Entry::function("defaultFunctor", &make::DEFAULT_FUNCTOR).top(),
    Entry::function("defaultTypeMerge", &make::DEFAULT_TYPE_MERGE).top(),
    Entry::function("isOptionType", &deferred::IS_OPTION_TYPE).top(),
    Entry::function("isType", &deferred::IS_TYPE).top(),
    Entry::function("mergeTypes", &deferred::MERGE_TWO),
    Entry::function("mkOptionType", &make::MK_OPTION_TYPE).top(),
    Entry::computed("noCheckForDocsModule", submodule::no_check_module),
    Entry::function("optionDescriptionPhrase", &deferred::DESCRIPTION_PHRASE),
    Entry::function("setType", &deferred::SET_TYPE).top(),
    Entry::computed_with_lib("types", |ev, lib| crate::native::select(ev, lib, ev.intern("types")?)),
];

/// Types that have been made, by name.
#[derive(Default)]
struct Made {
    types: RefCell<HashMap<&'static str, Value>>,
}

/// A type, or a function that makes types, by its name in `lib.types`.
pub(super) fn lookup(ev: &Evaluator, name: &str) -> Res<Option<Value>> {
    let Some(entry) = TABLE.iter().find(|e| e.name == name) else {
        return Ok(None);
    };
    let made = ev.extension::<Made>();
    let known = made.types.borrow().get(entry.name).copied();
    if let Some(ty) = known {
        return Ok(Some(ty));
    }
    let value = match entry.kind {
        Kind::Function(builtin) => ev.builtin(builtin),
        Kind::WithLib(builtin) => ev.partial(builtin, &[super::native_lib(ev)?])?,
        Kind::Computed(make) => make(ev)?,
        Kind::ComputedWithLib(make) => make(ev, super::native_lib(ev)?)?,
    };
    made.types.borrow_mut().insert(entry.name, value);
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

/// A type that is certainly there.
pub(super) fn named(ev: &Evaluator, name: &str) -> Res<Value> {
    lookup(ev, name)?.ok_or_else(|| Error::eval(format!("there is no type '{name}'")))
}

/// `types.submodule { }`
pub(super) fn empty_submodule(ev: &Evaluator) -> Res<Value> {
    static ALL: Record<2> = Record::new(["modules", "shorthandOnlyDefinesConfig"]);
    let all = ev.mem.record(&ALL, [ev.mem.list(&[Value::EMPTY_SET])?, Value::TRUE])?;
    submodule::submodule_with(ev, super::native_lib(ev)?, all)
}

/// A set with these attributes.
pub(super) fn set_of(ev: &Evaluator, attributes: &[(&str, Value)]) -> Res<Value> {
    let mut set = AttrsBuilder::with_capacity(attributes.len());
    for (name, value) in attributes {
        set.push(ev.intern(name)?, *value);
    }
    Ok(ev.mem.attrs(set)?)
}
