//! `lib.lists`: functions on lists.

mod building;
mod each;
mod folds;
mod members;
mod order;
mod parts;

pub(super) use building::{as_list, flat, list_size};
pub(super) use each::imap1;
pub(super) use members::{Members, elem, subtract};

use crate::native::{Entry, Table, builtin, computed, function};

/// `lib.lists`
pub static TABLE: Table = Table { namespace: "lists", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    builtin("all").top(),
    builtin("any").top(),
    builtin("concatLists").top(),
    builtin("concatMap").top(),
    builtin("elem").top(),
    builtin("elemAt").top(),
    builtin("filter").top(),
    builtin("genList").top(),
    builtin("groupBy").top(),
    builtin("head").top(),
    builtin("isList").top(),
    builtin("length").top(),
    builtin("map").top(),
    builtin("partition").top(),
    builtin("sort").top(),
    builtin("tail").top(),
    function("singleton", &["x"], building::singleton).top(),
    function("forEach", &["xs", "f"], each::for_each).top(),
    function("foldr", &["op", "nul", "list"], folds::foldr).top(),
    computed("fold", folds::fold).top(),
    function("foldl", &["op", "nul", "list"], folds::foldl).top(),
    function("foldl'", &["op", "acc", "list"], folds::foldl_prime).top(),
    function("imap0", &["f", "list"], each::imap0).top(),
    function("imap1", &["f", "list"], each::imap1).top(),
    function("ifilter0", &["ipred", "input"], each::ifilter0).top(),
    function("flatten", &["x"], building::flatten).top(),
    function("remove", &["e", "list"], members::remove).top(),
    function("findSingle", &["pred", "default", "multiple", "list"], each::find_single).top(),
    function("findFirstIndex", &["pred", "default", "list"], each::find_first_index),
    function("findFirst", &["pred", "default", "list"], each::find_first).top(),
    function("count", &["pred", "list"], each::count).top(),
    function("optional", &["cond", "elem"], building::optional).top(),
    function("optionals", &["cond", "elems"], building::optionals).top(),
    function("toList", &["x"], building::to_list).top(),
    function("range", &["first", "last"], building::range).top(),
    function("replicate", &["n", "elem"], building::replicate).top(),
    function("groupBy'", &["op", "nul", "pred", "lst"], folds::group_by_prime).top(),
    function("zipListsWith", &["f", "fst", "snd"], each::zip_lists_with).top(),
    function("zipLists", &["fst", "snd"], each::zip_lists).top(),
    function("reverseList", &["xs"], building::reverse_list).top(),
    function("listDfs", &["stopOnCycles", "before", "list"], order::list_dfs).top(),
    function("toposort", &["before", "list"], order::toposort).top(),
    function("sortOn", &["f", "list"], order::sort_on).top(),
    function("compareLists", &["cmp", "a", "b"], order::compare_lists).top(),
    function("naturalSort", &["lst"], order::natural_sort).top(),
    function("take", &["count", "list"], parts::take).top(),
    function("takeEnd", &["count", "list"], parts::take_end).top(),
    function("drop", &["count", "list"], parts::drop).top(),
    function("dropEnd", &["n", "list"], parts::drop_end).top(),
    function("hasPrefix", &["list1", "list2"], parts::has_prefix),
    function("removePrefix", &["list1", "list2"], parts::remove_prefix),
    function("sublist", &["start", "count", "list"], parts::sublist).top(),
    function("commonPrefix", &["list1", "list2"], parts::common_prefix),
    function("last", &["list"], parts::last).top(),
    function("init", &["list"], parts::init).top(),
    function("crossLists", &["f", "lists"], building::cross_lists).top(),
    function("unique", &["list"], members::unique).top(),
    function("uniqueStrings", &["list"], members::unique_strings).top(),
    function("allUnique", &["list"], members::all_unique).top(),
    function("intersectLists", &["e", "list"], members::intersect_lists).top(),
    function("subtractLists", &["e", "list"], members::subtract_lists).top(),
    function("mutuallyExclusive", &["a", "b"], members::mutually_exclusive).top(),
    function("concatAttrValues", &["set"], building::concat_attr_values).top(),
    function("replaceElemAt", &["list", "idx", "newElem"], building::replace_elem_at).top(),
];
