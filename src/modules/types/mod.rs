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
pub(super) use submodule::submodule_with;

use crate::eval::{Error, Evaluator, Res};
use crate::native::{Entry, Kind, Table, computed, computed_with_lib, native, with_lib};
use crate::value::{AttrsBuilder, Record, Value};

/// The names in `lib.types`.
pub static TABLE: Table = Table {
    namespace: "types",
    entries: &[
        // Functions that make types.
        native("addCheck", &checked::ADD_CHECK),
        native("attrListOf", &attr_list::ATTR_LIST_OF),
        native("attrListWith", &attr_list::ATTR_LIST_WITH),
        native("attrTag", &attr_tag::ATTR_TAG),
        native("attrsOf", &collections::ATTRS_OF),
        native("attrsWith", &collections::ATTRS_WITH),
        native("coercedTo", &alternatives::COERCED_TO),
        with_lib("deferredModuleWith", &deferred::DEFERRED_WITH),
        native("either", &alternatives::EITHER),
        native("enum", &alternatives::ENUM),
        native("functionTo", &optional::FUNCTION_TO),
        native("lazyAttrsOf", &collections::LAZY_ATTRS_OF),
        native("listOf", &collections::LIST_OF),
        native("loaOf", &collections::LOA_OF),
        native("nonEmptyListOf", &collections::NON_EMPTY_LIST_OF),
        native("nullOr", &optional::NULL_OR),
        native("oneOf", &alternatives::ONE_OF),
        native("passwdEntry", &checked::PASSWD_ENTRY),
        native("pathWith", &paths::PATH_WITH),
        native("separatedString", &simple::SEPARATED_STRING),
        native("serializableValueWith", &alternatives::SERIALIZABLE),
        native("strMatching", &simple::STR_MATCHING),
        with_lib("submodule", &submodule::SUBMODULE),
        with_lib("submoduleWith", &submodule::SUBMODULE_WITH),
        native("uniq", &optional::UNIQ),
        native("unique", &optional::UNIQUE),
        // Types.
        computed("anything", anything::anything),
        computed("attrs", simple::attrs),
        computed("bool", simple::bool),
        computed("boolByOr", simple::bool_by_or),
        computed("commas", |ev| simple::separated_string(ev, ev.mem.str(",")?)),
        computed_with_lib("deferredModule", |ev, lib| deferred::deferred(ev, lib, Value::EMPTY_LIST)),
        computed("envVar", |ev| simple::separated_string(ev, ev.mem.str(":")?)),
        computed("externalPath", |ev| paths::path_with(ev, Value::FALSE, Value::TRUE)),
        computed_with_lib("fileset", simple::fileset),
        computed("float", simple::float),
        computed("int", simple::int),
        computed("ints", checked::ints),
        computed("json", |ev| alternatives::serializable(ev, ev.mem.str("JSON")?, true)),
        computed("lines", |ev| simple::separated_string(ev, ev.mem.str("\n")?)),
        computed("luaInline", simple::lua_inline),
        computed("nonEmptyStr", simple::non_empty_str),
        computed("number", |ev| alternatives::either(ev, named(ev, "int")?, named(ev, "float")?)),
        computed("numbers", checked::numbers),
        computed("optionDeclaration", simple::option_declaration),
        computed("optionType", deferred::option_type),
        computed("package", simple::package),
        computed("path", |ev| paths::path_with(ev, Value::NULL, Value::TRUE)),
        computed("pathInStore", |ev| paths::path_with(ev, Value::TRUE, Value::NULL)),
        computed("pkgs", checked::pkgs),
        computed("port", |ev| crate::native::select(ev, named(ev, "ints")?, ev.intern("u16")?)),
        computed("raw", simple::raw),
        computed("shellPackage", simple::shell_package),
        computed("singleLineStr", simple::single_line_str),
        computed("str", simple::str),
        computed("toml", |ev| alternatives::serializable(ev, ev.mem.str("TOML")?, false)),
        computed("unspecified", simple::unspecified),
        // About types.
        native("defaultFunctor", &make::DEFAULT_FUNCTOR).top(),
        native("defaultTypeMerge", &make::DEFAULT_TYPE_MERGE).top(),
        native("isOptionType", &deferred::IS_OPTION_TYPE).top(),
        native("isType", &deferred::IS_TYPE).top(),
        native("mergeTypes", &deferred::MERGE_TWO),
        native("mkOptionType", &make::MK_OPTION_TYPE).top(),
        computed("noCheckForDocsModule", submodule::no_check_module),
        native("optionDescriptionPhrase", &deferred::DESCRIPTION_PHRASE),
        native("setType", &deferred::SET_TYPE).top(),
        computed_with_lib("types", |ev, lib| crate::native::select(ev, lib, ev.intern("types")?)),
    ],
};

/// Types that have been made, by name.
#[derive(Default)]
struct Made {
    types: RefCell<HashMap<&'static str, Value>>,
}

/// A type, or a function that makes types, by its name in `lib.types`.
pub(super) fn lookup(ev: &Evaluator, name: &str) -> Res<Option<Value>> {
    let Some(entry) = TABLE.entries.iter().find(|e| e.name == name) else {
        return Ok(None);
    };
    let made = ev.extension::<Made>();
    let known = made.types.borrow().get(entry.name).copied();
    if let Some(ty) = known {
        return Ok(Some(ty));
    }
    let value = match &entry.kind {
        Kind::WithLib(builtin) => ev.partial(builtin, &[super::native_lib(ev)?])?,
        Kind::Computed(make) => make(ev)?,
        Kind::ComputedWithLib(make) => make(ev, super::native_lib(ev)?)?,
        _ => entry.builtin().map_or(Value::NULL, |builtin| ev.builtin(builtin)),
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
    TABLE.entries.iter().filter(plain).map(|entry| entry.name)
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
