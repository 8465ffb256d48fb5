//! `lib.generators`: configuration files from values, and human-readable values.

mod dconf;
mod dhall;
mod git_ini;
mod ini;
mod json;
mod key_values;
mod lua;
mod plist;
mod pretty;
mod recursion;

pub(super) use key_values::value_string;

use crate::native::{EMPTY_PATTERN, Entry, Table, function, pattern};

/// `lib.generators`
pub static TABLE: Table = Table { namespace: "generators", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    pattern("mkValueStringDefault", &["options", "v"], &[EMPTY_PATTERN], key_values::mk_value_string_default),
    pattern(
        "mkKeyValueDefault",
        &["options", "sep", "k", "v"],
        &[key_values::MK_VALUE_STRING],
        key_values::mk_key_value_default,
    ),
    pattern("toKeyValue", &["options", "attrs"], &[key_values::OPTIONS], key_values::to_key_value),
    pattern("toINI", &["options", "attrsOfAttrs"], &[ini::OPTIONS], ini::to_ini),
    pattern(
        "toINIWithGlobalSection",
        &["options", "sections"],
        &[ini::OPTIONS, ini::PARTS],
        ini::to_ini_with_global_section,
    ),
    function("toGitINI", &["attrs"], git_ini::to_git_ini),
    function("mkDconfKeyValue", &["k", "v"], dconf::mk_dconf_key_value),
    function("toDconfINI", &["attrsOfAttrs"], dconf::to_dconf_ini),
    pattern("withRecursion", &["options"], &[recursion::OPTIONS], recursion::with_recursion),
    pattern("toPretty", &["options", "v"], &[pretty::OPTIONS], pretty::to_pretty),
    pattern("toPlist", &["options", "v"], &[plist::OPTIONS], plist::to_plist),
    pattern("toDhall", &["options", "v"], &[EMPTY_PATTERN], dhall::to_dhall),
    pattern("toLua", &["options", "v"], &[lua::OPTIONS], lua::to_lua),
    function("mkLuaInline", &["expr"], lua::mk_lua_inline).top(),
    pattern("toJSON", &["options", "v"], &[EMPTY_PATTERN], json::to_json_of),
    pattern("toYAML", &["options", "v"], &[EMPTY_PATTERN], json::to_json_of),
];
