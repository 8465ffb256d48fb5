//! Deprecated functions: `lib.misc`, and names that `lib` no longer has.

mod closures;
mod fold_args;
mod merge_attrs;
mod misc;
mod removed;
mod unique;

pub use removed::TABLE as REMOVED;

use super::fetchers::fake_hash;
use super::lists::imap1;
use crate::eval::{Evaluator, Res};
use crate::native::{Entry, Table, computed, function, pattern};
use crate::value::Value;

/// `lib.misc`
pub static MISC: Table = Table { namespace: "misc", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    function("maybeEnv", &["name", "default"], misc::maybe_env).top(),
    function("defaultMergeArg", &["x", "y"], fold_args::default_merge_arg).top(),
    function("defaultMerge", &["x", "y"], fold_args::default_merge).top(),
    function("foldArgs", &["merger", "f", "init", "x"], fold_args::fold_args).top(),
    function("maybeAttrNullable", &["name", "default", "attrs"], misc::maybe_attr).top(),
    function("maybeAttr", &["name", "default", "attrs"], misc::maybe_attr).top(),
    function("ifEnable", &["cond", "val"], misc::if_enable).top(),
    function("checkFlag", &["attrSet", "name"], misc::check_flag).top(),
    function("getValue", &["attrSet", "argList", "name"], misc::get_value).top(),
    function("checkReqs", &["attrSet", "argList", "condList"], misc::check_reqs).top(),
    pattern("uniqList", &["args"], &[unique::UNIQUE], unique::uniq_list).top(),
    pattern("uniqListExt", &["args"], &[unique::UNIQUE_EXT], unique::uniq_list_ext).top(),
    function("condConcat", &["name", "list", "checker"], misc::cond_concat).top(),
    pattern("lazyGenericClosure", &["args"], &[closures::CLOSURE], closures::lazy_generic_closure).top(),
    function("innerModifySumArgs", &["f", "x", "a", "b"], fold_args::inner_modify_sum_args).top(),
    function("modifySumArgs", &["f", "x"], fold_args::modify_sum_args).top(),
    function("innerClosePropagation", &["acc", "xs"], closures::inner_close_propagation).top(),
    function("closePropagationSlow", &["list"], closures::close_propagation_slow),
    function("closePropagationFast", &["list"], closures::close_propagation),
    function("closePropagation", &["list"], closures::close_propagation).top(),
    function("nvs", &["name", "value"], merge_attrs::nvs).top(),
    function("setAttr", &["set", "name", "v"], merge_attrs::set_attr).top(),
    function("setAttrMerge", &["name", "default", "attrs", "f"], merge_attrs::set_attr_merge).top(),
    function("mergeAttrsWithFunc", &["f", "set1", "set2"], merge_attrs::merge_attrs_with_func).top(),
    function("mergeAttrsConcatenateValues", &["set1", "set2"], merge_attrs::merge_attrs_concatenate_values)
        .top(),
    pattern(
        "mergeAttrsNoOverride",
        &["args", "attrs1", "attrs2"],
        &[merge_attrs::NO_OVERRIDE],
        merge_attrs::merge_attrs_no_override,
    )
    .top(),
    function("mergeAttrByFunc", &["x", "y"], merge_attrs::merge_attr_by_func).top(),
    function("mergeAttrsByFuncDefaults", &["list"], merge_attrs::merge_attrs_by_func_defaults).top(),
    function("mergeAttrsByFuncDefaultsClean", &["list"], merge_attrs::merge_attrs_by_func_defaults_clean)
        .top(),
    computed("mergeAttrBy", merge_attrs::merge_attr_by).top(),
    function("nixType", &["x"], misc::nix_type).top(),
    function("imap", &["f", "list"], imap1).top(),
    computed("fakeHash", |ev| fake(ev, "hash")).top(),
    computed("fakeSha256", |ev| fake(ev, "sha256")).top(),
    computed("fakeSha512", |ev| fake(ev, "sha512")).top(),
];

fn fake(ev: &Evaluator, kind: &str) -> Res<Value> {
    Ok(ev.mem.str(&fake_hash(kind).unwrap_or_default())?)
}
