//! Sources filtered by patterns with `*` and `**`: `sourceByGlobs`.

use super::filtered::{clean_source_with, path_within};
use crate::eval::{Builtin, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{bytes, find, items, shared_args, string, to_string};
use crate::source::Pos;
use crate::value::Value;

/// One name of a pattern.
enum Glob<'a> {
    /// `**`: any number of names.
    Any,
    /// A name, split at its stars.
    Name(Vec<&'a [u8]>),
}

impl<'a> Glob<'a> {
    fn new(name: &'a [u8]) -> Glob<'a> {
        match name {
            b"**" => Glob::Any,
            _ => Glob::Name(name.split(|c| *c == b'*').collect()),
        }
    }

    fn matches(&self, name: &[u8]) -> bool {
        let Glob::Name(parts) = self else {
            return true;
        };
        match &parts[..] {
            [] => name.is_empty(),
            [only] => *only == name,
            [first, inner @ .., last] => {
                let rest = name.strip_prefix(*first).and_then(|n| n.strip_suffix(*last));
                let Some(mut rest) = rest else {
                    return false;
                };
                for part in inner {
                    match find(rest, part) {
                        Some(at) => rest = &rest[at + part.len()..],
                        None => return false,
                    }
                }
                true
            }
        }
    }
}

/// Whether a path matches a pattern, or could lead to something that does.
fn leads(globs: &[Glob<'_>], path: &[&[u8]], may_be_partial: bool) -> bool {
    match (globs, path) {
        ([], []) => true,
        (_, []) => may_be_partial,
        ([], _) => false,
        ([Glob::Any], _) => true,
        ([Glob::Any, next @ ..], [name, rest @ ..]) => match next.first().is_some_and(|n| n.matches(name)) {
            true => leads(next, path, may_be_partial),
            false => leads(globs, rest, may_be_partial),
        },
        ([glob, next @ ..], [name, rest @ ..]) => glob.matches(name) && leads(next, rest, may_be_partial),
    }
}

/// `lib.sources.sourceByGlobs`: only the files whose path in the source matches one of several patterns.
pub(super) fn source_by_globs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    static FILTER: Builtin =
        Builtin::hidden("filter", &["src", "patterns", "name", "type"], |ev, args, _| {
            let [src, patterns, name, kind] = exactly(args);
            let root = to_string(ev, src)?;
            let path = path_within(ev, root, ev.mem.text(string(ev, name)?));
            let path: Vec<&[u8]> = path.split(|c| *c == b'/').collect();
            for pattern in items(ev, patterns)? {
                let globs: Vec<Glob<'_>> = bytes(ev, pattern)?.split(|c| *c == b'/').map(Glob::new).collect();
                let kind = ev.force(kind)?;
                let partial = kind.is_string() && matches!(ev.mem.text(kind), b"directory" | b"symlink");
                if leads(&globs, &path, partial) {
                    return Ok(Value::TRUE);
                }
            }
            Ok(Value::FALSE)
        });
    let [src, patterns] = shared_args(ev, args)?;
    clean_source_with(ev, src, ev.partial(&FILTER, &[src, patterns])?, Value::NULL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_names_and_parts_of_names() {
        let matches = |pattern: &'static str, path: &str| {
            let globs: Vec<Glob<'_>> = pattern.as_bytes().split(|c| *c == b'/').map(Glob::new).collect();
            let path: Vec<&[u8]> = path.as_bytes().split(|c| *c == b'/').collect();
            leads(&globs, &path, false)
        };
        assert!(matches("src/*.rs", "src/a.rs"));
        assert!(!matches("src/*.rs", "src/a/b.rs"));
        assert!(matches("**/*.rs", "src/a/b.rs"));
        assert!(matches("a*b*c", "axxbyyc"));
        assert!(!matches("a*b*c", "axxc"));
    }
}
