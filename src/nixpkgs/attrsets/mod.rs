//! `lib.attrsets`: functions on sets.

mod combining;
mod mapping;
mod nested;
mod packages;
pub mod paths;
mod recursive_update;
mod selecting;
mod update_many;

pub(super) use combining::{ZIP_ATTRS_WITH_NAMES, matches_pattern};
pub(super) use mapping::{from_names, map_attrs_to_list};
pub use packages::to_derivation;
pub(super) use packages::{output, output_of};
pub use recursive_update::recursive_update;

use crate::native::{Entry, Table, builtin, computed, function};

/// `lib.attrsets`
pub static TABLE: Table = Table { namespace: "attrsets", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    builtin("attrNames").top(),
    builtin("attrValues").top(),
    builtin("catAttrs").top(),
    builtin("getAttr").top(),
    builtin("hasAttr").top(),
    builtin("intersectAttrs").top(),
    builtin("isAttrs").top(),
    builtin("listToAttrs").top(),
    builtin("mapAttrs").top(),
    builtin("removeAttrs").top(),
    builtin("zipAttrsWith").top(),
    function("attrByPath", &["attrPath", "default", "set"], paths::attr_by_path).top(),
    function("hasAttrByPath", &["attrPath", "e"], paths::has_attr_by_path).top(),
    function("longestValidPathPrefix", &["attrPath", "v"], paths::longest_valid_path_prefix),
    function("setAttrByPath", &["attrPath", "value"], paths::set_attr_by_path).top(),
    function("getAttrFromPath", &["attrPath", "set"], paths::get_attr_from_path).top(),
    function("concatMapAttrs", &["f", "v"], mapping::concat_map_attrs).top(),
    function("updateManyAttrsByPath", &["updates", "value"], update_many::update_many_attrs_by_path).top(),
    function("attrVals", &["nameList", "set"], selecting::attr_vals).top(),
    function("getAttrs", &["names", "attrs"], selecting::get_attrs).top(),
    function("filterAttrs", &["pred", "set"], selecting::filter_attrs).top(),
    function("filterAttrsRecursive", &["pred", "set"], nested::filter_attrs_recursive).top(),
    function("foldlAttrs", &["f", "init", "set"], combining::foldl_attrs).top(),
    function("foldAttrs", &["op", "nul", "list_of_attrs"], combining::fold_attrs).top(),
    function("collect", &["pred", "attrs"], nested::collect).top(),
    function("cartesianProduct", &["attrsOfLists"], combining::cartesian_product).top(),
    function("mapCartesianProduct", &["f", "attrsOfLists"], combining::map_cartesian_product).top(),
    function("nameValuePair", &["name", "value"], mapping::name_value_pair).top(),
    function("mapAttrs'", &["f", "set"], mapping::map_attrs_prime).top(),
    function("mapAttrsToList", &["f", "attrs"], mapping::map_attrs_to_list).top(),
    function("attrsToList", &["attrs"], mapping::attrs_to_list).top(),
    function("mapAttrsRecursive", &["f", "set"], nested::map_attrs_recursive).top(),
    function("mapAttrsRecursiveCond", &["cond", "f", "set"], nested::map_attrs_recursive_cond).top(),
    function("mapAttrsToListRecursive", &["f", "set"], nested::map_attrs_to_list_recursive).top(),
    function("mapAttrsToListRecursiveCond", &["pred", "f", "set"], nested::map_attrs_to_list_recursive_cond)
        .top(),
    function("genAttrs", &["names", "f"], mapping::gen_attrs).top(),
    function("genAttrs'", &["xs", "f"], mapping::gen_attrs_prime).top(),
    function("isDerivation", &["value"], packages::is_derivation).top(),
    function("toDerivation", &["path"], packages::to_derivation_of).top(),
    function("optionalAttrs", &["cond", "as"], selecting::optional_attrs).top(),
    function("zipAttrsWithNames", &["names", "f", "sets"], combining::zip_attrs_with_names).top(),
    computed("zipAttrs", combining::zip_attrs).top(),
    function("mergeAttrsList", &["list"], combining::merge_attrs_list).top(),
    function("recursiveUpdateUntil", &["pred", "lhs", "rhs"], recursive_update::recursive_update_until).top(),
    function("recursiveUpdate", &["lhs", "rhs"], recursive_update::recursive_update_of).top(),
    function("matchAttrs", &["pattern", "attrs"], combining::match_attrs).top(),
    function("overrideExisting", &["old", "new"], combining::override_existing).top(),
    function("showAttrPath", &["path"], paths::show_attr_path).top(),
    function("getOutput", &["output", "pkg"], packages::get_output).top(),
    function("getFirstOutput", &["candidates", "pkg"], packages::get_first_output).top(),
    function("getBin", &["pkg"], packages::get_bin).top(),
    function("getLib", &["pkg"], packages::get_lib).top(),
    function("getDev", &["pkg"], packages::get_dev).top(),
    function("getMan", &["pkg"], packages::get_man).top(),
    function("getStatic", &["pkg"], packages::get_static).top(),
    function("getInclude", &["pkg"], packages::get_include).top(),
    function("chooseDevOutputs", &["drvs"], packages::choose_dev_outputs).top(),
    function("recurseIntoAttrs", &["attrs"], packages::recurse_into_attrs).top(),
    function("dontRecurseIntoAttrs", &["attrs"], packages::dont_recurse_into_attrs).top(),
    function("unionOfDisjoint", &["x", "y"], combining::union_of_disjoint),
];
