//! `lib.sources`: filtered directories, Git repositories, and names for fetched sources.

mod filtered;
mod filters;
mod git;
mod globs;
mod names;

use crate::native::{Entry, Table, alias, builtin, function, pattern};

/// `lib.sources`
pub static TABLE: Table = Table { namespace: "sources", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    builtin("filterSource").top(),
    alias("pathHasContext", "hasContext").top(),
    function("cleanSourceFilter", &["name", "type"], filters::clean_source_filter_of).top(),
    function("cleanSource", &["src"], filters::clean_source).top(),
    pattern("cleanSourceWith", &["args"], &[filtered::OPTIONS], filtered::clean_source_with_of).top(),
    function("trace", &["src"], filtered::trace),
    function("sourceByRegex", &["src", "regexes"], filters::source_by_regex).top(),
    function("sourceFilesBySuffices", &["src", "exts"], filters::source_files_by_suffices).top(),
    function("sourceByGlobs", &["src", "patterns"], globs::source_by_globs),
    function("pathIsGitRepo", &["path"], git::path_is_git_repo).top(),
    function("commitIdFromGitRepo", &["path"], git::commit_id_from_git_repo).top(),
    function("canCleanSource", &["src"], filtered::can_clean_source).top(),
    function("urlToName", &["url"], names::url_to_name_of),
    function("shortRev", &["rev"], names::short_rev_of),
    function("revOrTag", &["rev", "tag"], names::rev_or_tag).top(),
    function("repoRevToName", &["kind"], names::repo_rev_to_name).top(),
];
