//! `lib.trivial`: small functions on values, numbers and functions.

mod functions;
mod numbers;
mod release;
mod values;
mod warnings;

pub(super) use functions::{delayed_args, with_args};
pub(super) use numbers::{from_hex, hex_number};
pub(super) use values::merge_attrs;
pub(super) use warnings::warn_all;

use crate::native::{Entry, Table, builtin, computed, function};
use crate::value::Value;

/// `lib.trivial`
pub static TABLE: Table = Table { namespace: "trivial", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    builtin("pathExists").top(),
    builtin("readFile").top(),
    builtin("isBool").top(),
    builtin("isInt").top(),
    builtin("isFloat").top(),
    builtin("add").top(),
    builtin("sub").top(),
    builtin("mul").top(),
    builtin("div").top(),
    builtin("lessThan").top(),
    builtin("seq").top(),
    builtin("deepSeq").top(),
    builtin("genericClosure").top(),
    builtin("bitAnd").top(),
    builtin("bitOr").top(),
    builtin("bitXor").top(),
    builtin("ceil").top(),
    builtin("floor").top(),
    function("id", &["x"], functions::id).top(),
    function("const", &["x", "y"], functions::first).top(),
    function("pipe", &["x", "f"], functions::pipe).top(),
    function("concat", &["x", "y"], values::concat).top(),
    function("or", &["x", "y"], values::or).top(),
    function("and", &["x", "y"], values::and).top(),
    function("xor", &["x", "y"], values::xor).top(),
    computed("bitNot", numbers::bit_not).top(),
    function("boolToString", &["b"], values::bool_to_string).top(),
    function("boolToYesNo", &["b"], values::bool_to_yes_no).top(),
    function("mergeAttrs", &["x", "y"], values::merge_attrs).top(),
    function("flip", &["f", "a", "b"], functions::flip).top(),
    function("defaultTo", &["default", "maybeValue"], values::default_to).top(),
    function("mapNullable", &["f", "a"], values::map_nullable).top(),
    computed("version", release::version).top(),
    computed("release", release::release),
    computed("oldestSupportedRelease", release::oldest_supported_release),
    computed("isInOldestRelease", release::is_in_oldest_release).top(),
    function("oldestSupportedReleaseIsAtLeast", &["release"], release::oldest_supported_release_is_at_least)
        .top(),
    computed("codeName", release::code_name),
    computed("versionSuffix", release::version_suffix),
    function("revisionWithDefault", &["default"], release::revision_with_default),
    computed("nixpkgsVersion", release::nixpkgs_version).top(),
    computed("inNixShell", release::in_nix_shell).top(),
    computed("inPureEvalMode", |ev| Ok(Value::bool(ev.settings.pure))).top(),
    function("min", &["x", "y"], numbers::min).top(),
    function("max", &["x", "y"], numbers::max).top(),
    function("mod", &["base", "int"], numbers::modulo).top(),
    function("compare", &["a", "b"], numbers::compare_values).top(),
    function("splitByAndCompare", &["p", "yes", "no", "a", "b"], numbers::split_by_and_compare).top(),
    function("importJSON", &["path"], values::import_json).top(),
    function("importTOML", &["path"], values::import_toml).top(),
    builtin("warn").top(),
    function("warnIf", &["cond", "msg"], warnings::warn_if).top(),
    function("warnIfNot", &["cond", "msg"], warnings::warn_if_not).top(),
    function("throwIfNot", &["cond", "msg"], warnings::throw_if_not).top(),
    function("throwIf", &["cond", "msg"], warnings::throw_if).top(),
    function("checkListOfEnum", &["msg", "valid", "given"], warnings::check_list_of_enum).top(),
    function("info", &["msg"], warnings::info).top(),
    function("showWarnings", &["warnings", "res"], warnings::show_warnings).top(),
    function("setFunctionArgs", &["f", "args"], functions::set_function_args).top(),
    function("functionArgs", &["f"], functions::function_args_of).top(),
    function("isFunction", &["f"], functions::is_function_value).top(),
    function("mirrorFunctionArgs", &["f"], functions::mirror_function_args).top(),
    function("toFunction", &["v"], functions::to_function).top(),
    function("fromHexString", &["str"], numbers::from_hex_string).top(),
    function("toHexString", &["i"], numbers::to_hex_string).top(),
    function("toBaseDigits", &["base", "i"], numbers::to_base_digits).top(),
];
