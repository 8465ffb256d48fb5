//! Names for fetched sources: `urlToName`, `repoRevToName` and the like.

use crate::eval::{Builtin, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{Text, call_builtin, cut, string, throw, to_string};
use crate::source::Pos;
use crate::value::{Context, Value, slot};

/// `lib.sources.urlToName`: a name for the source at a URL.
pub(super) fn url_to_name_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [url] = exactly(args);
    url_to_name(ev, url)
}

/// `urlToName url`
fn url_to_name(ev: &Evaluator, url: &Slot) -> Res<Value> {
    const EXTENSIONS: [&[u8]; 13] = [
        b".git", b".tar", b".zip", b".gz", b".tgz", b".bz", b".tbz", b".bz2", b".tbz2", b".lzma", b".txz",
        b".xz", b".zstd",
    ];
    let text = to_string(ev, url)?;
    let last = cut(ev.mem.text(text), b":").pop().unwrap_or_default();
    let last = last.strip_suffix(b"/").unwrap_or(last);
    let base = call_builtin(ev, "baseNameOf", &[ev.mem.string(last, ev.mem.context(text))?])?;
    let mut name = ev.mem.text(base);
    let whole = name.len();
    while let Some(rest) = EXTENSIONS.iter().find_map(|e| name.strip_suffix(*e)) {
        name = rest;
    }
    if name.len() == whole { Ok(base) } else { Ok(ev.mem.string(name, Context::EMPTY)?) }
}

/// `lib.sources.shortRev`: a short revision: the start of a hash, or a version without its prefix.
pub(super) fn short_rev_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [rev] = exactly(args);
    short_rev(ev, rev)
}

/// `shortRev rev`
fn short_rev(ev: &Evaluator, rev: &Slot) -> Res<Value> {
    let base = call_builtin(ev, "baseNameOf", &[to_string(ev, rev)?])?;
    let text = ev.mem.text(base);
    let hash = |c: &u8| matches!(c, b'a'..=b'f' | b'0'..=b'9');
    if !text.is_empty() && text.iter().all(hash) {
        return Ok(ev.mem.string(&text[..text.len().min(7)], ev.mem.context(base))?);
    }
    let regex = ev.mem.str("([A-Za-z]+[-_. ]?)*(v)?([0-9.]+.*)")?;
    match ev.mem.items(call_builtin(ev, "match", &[regex, base])?) {
        [_, _, version] => ev.force(version),
        _ => Ok(base),
    }
}

/// `lib.sources.revOrTag`: a tag, or a revision, or `HEAD`.
pub(super) fn rev_or_tag(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [rev, tag] = exactly(args);
    for candidate in [tag, rev] {
        match ev.force(candidate)? {
            Value::NULL => {}
            found => return Ok(found),
        }
    }
    Ok(ev.mem.str("HEAD")?)
}

/// `"${urlToName repo}-${shortRev rev}-${suffix}-source"`, without the parts that are null.
fn full_name(ev: &Evaluator, repo: &Slot, rev: &Slot, suffix: Option<&Slot>) -> Res<Value> {
    let mut text = Text::new();
    text.add(ev, url_to_name(ev, repo)?);
    if ev.force(rev)? != Value::NULL {
        text.put("-").add(ev, string(ev, &slot(short_rev(ev, rev)?))?);
    }
    if let Some(suffix) = suffix
        && ev.force(suffix)? != Value::NULL
    {
        text.put("-").interpolate(ev, suffix)?;
    }
    text.put("-source");
    text.finish(ev)
}

/// `lib.sources.repoRevToName`: the function that builds names from a repository, a revision and a suffix.
pub(super) fn repo_rev_to_name(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    const ARGS: &[&str] = &["repo", "rev", "suffix"];
    static SOURCE: Builtin = Builtin::hidden("repoRevToName", ARGS, |ev, _, _| Ok(ev.mem.str("source")?));
    static VERSIONED: Builtin = Builtin::hidden("repoRevToName", ARGS, |ev, args, _| {
        let [repo, rev, _] = exactly(args);
        full_name(ev, repo, rev, None)
    });
    static FULL: Builtin = Builtin::hidden("repoRevToName", ARGS, |ev, args, _| {
        let [repo, rev, suffix] = exactly(args);
        full_name(ev, repo, rev, Some(suffix))
    });
    let [kind] = exactly(args);
    let kind = ev.force(kind)?;
    let text = if kind.is_string() { ev.mem.text(kind) } else { b"" };
    match text {
        b"source" => Ok(ev.builtin(&SOURCE)),
        b"versioned" => Ok(ev.builtin(&VERSIONED)),
        b"full" => Ok(ev.builtin(&FULL)),
        _ => Err(throw("repoRevToName: invalid kind")),
    }
}
