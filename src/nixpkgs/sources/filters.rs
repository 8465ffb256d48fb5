//! Sources filtered by file name: `cleanSource`, `sourceByRegex` and `sourceFilesBySuffices`.

use super::filtered::{clean_source_with, origin, path_within};
use crate::eval::{Builtin, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{call_builtin, items, share, shared_args, to_string};
use crate::nixpkgs::strings::has_suffix;
use crate::source::Pos;
use crate::value::{Value, slot};

/// `baseNameOf path`
fn base_name(ev: &Evaluator, path: &Slot) -> Res<Value> {
    call_builtin(ev, "baseNameOf", &[share(ev, path)?])
}

/// `lib.sources.cleanSourceFilter`: a filter that excludes version control files, backups and build results.
pub(super) fn clean_source_filter_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [name, kind] = exactly(args);
    let name = ev.mem.text(base_name(ev, name)?);
    if name == b".git" {
        return Ok(Value::FALSE);
    }
    let kind = ev.force(kind)?;
    let is = |wanted: &[u8]| kind.is_string() && ev.mem.text(kind) == wanted;
    const REPOSITORIES: [&[u8]; 6] = [b".svn", b"CVS", b".hg", b".jj", b".pijul", b"_darcs"];
    let swap = |name: &[u8]| matches!(name, [.., b'.', b's', b'w', last] if last.is_ascii_lowercase());
    let left_out = is(b"directory") && REPOSITORIES.contains(&name)
        || name.ends_with(b"~")
        || name.starts_with(b".") && swap(name)
        || name.ends_with(b".o")
        || name.ends_with(b".so")
        || is(b"symlink") && name.starts_with(b"result")
        || is(b"unknown");
    Ok(Value::bool(!left_out))
}

/// `lib.sources.cleanSource`: a directory with that filter.
pub(super) fn clean_source(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    static FILTER: Builtin = Builtin::hidden("cleanSourceFilter", &["name", "type"], clean_source_filter_of);
    let [src] = shared_args(ev, args)?;
    clean_source_with(ev, src, ev.builtin(&FILTER), Value::NULL)
}

/// `lib.sources.sourceByRegex`: only the files whose path in the source matches one of several patterns.
pub(super) fn source_by_regex(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    static FILTER: Builtin = Builtin::hidden("filter", &["src", "regexes", "path", "type"], |ev, args, _| {
        let [src, regexes, path, _] = exactly(args);
        let root = to_string(ev, &slot(origin(ev, src)?))?;
        let path = to_string(ev, path)?;
        let within = ev.mem.string(path_within(ev, root, ev.mem.text(path)), ev.mem.context(path))?;
        for regex in items(ev, regexes)? {
            if call_builtin(ev, "match", &[share(ev, regex)?, within])? != Value::NULL {
                return Ok(Value::TRUE);
            }
        }
        Ok(Value::FALSE)
    });
    let [src, regexes] = shared_args(ev, args)?;
    clean_source_with(ev, src, ev.partial(&FILTER, &[src, regexes])?, Value::NULL)
}

/// `lib.sources.sourceFilesBySuffices`: only the files whose names have one of several suffixes.
pub(super) fn source_files_by_suffices(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    static FILTER: Builtin = Builtin::hidden("filter", &["exts", "name", "type"], |ev, args, _| {
        let [exts, name, kind] = exactly(args);
        let kind = ev.force(kind)?;
        if kind.is_string() && ev.mem.text(kind) == b"directory" {
            return Ok(Value::TRUE);
        }
        let name = base_name(ev, name)?;
        for ext in items(ev, exts)? {
            if has_suffix(ev, ext, &slot(name))? {
                return Ok(Value::TRUE);
            }
        }
        Ok(Value::FALSE)
    });
    let [src, exts] = shared_args(ev, args)?;
    clean_source_with(ev, src, ev.partial(&FILTER, &[exts])?, Value::NULL)
}
