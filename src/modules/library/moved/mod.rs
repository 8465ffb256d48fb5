//! Modules for options that have moved: `mkRenamedOptionModule`, `mkRemovedOptionModule` and their relatives.

mod changed;
mod paths;
mod removed;
mod renamed;

pub(super) use changed::{mk_changed, mk_merged};
pub(super) use removed::mk_removed;
pub(super) use renamed::{
    DO_RENAME_ARGS, MK_ALIAS, MK_RENAMED_WITH_ARGS, do_rename, mk_alias_md, mk_renamed, mk_renamed_with,
};
