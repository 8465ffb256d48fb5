//! `lib.sources`: directories with a filter on them, and names for what is fetched. Git repositories are in
//! `sources_git`, patterns for files in `sources_globs`.

use super::entry::{Entry, Table, alias, builtin, function, pattern};
use super::sources_git as git;
use super::sources_globs as globs;
use super::strings::has_suffix;
use super::strings_split::split_text;
use super::support::{
    Text, boolean, call_builtin, cell, delay_select, get, holds, items, select, set_of, share, string, throw,
    to_string, with_attr,
};
use crate::eval::{Builtin, Evaluator, Formals, Lazy, Res};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::{Value, slot};

/// `lib.sources`
pub static TABLE: Table = Table { namespace: "sources", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    builtin("filterSource").top(),
    alias("pathHasContext", "hasContext").top(),
    function("cleanSourceFilter", &["name", "type"], clean_source_filter).top(),
    function("cleanSource", &["src"], clean_source).top(),
    pattern("cleanSourceWith", &["args"], &[CLEANING], clean_source_with).top(),
    function("trace", &["src"], trace),
    function("sourceByRegex", &["src", "regexes"], source_by_regex).top(),
    function("sourceFilesBySuffices", &["src", "exts"], source_files_by_suffices).top(),
    function("sourceByGlobs", &["src", "patterns"], globs::source_by_globs),
    function("pathIsGitRepo", &["path"], git::path_is_git_repo).top(),
    function("commitIdFromGitRepo", &["path"], git::commit_id_from_git_repo).top(),
    function("canCleanSource", &["src"], can_clean_source).top(),
    function("urlToName", &["url"], |ev, a, _| url_to_name(ev, &a[0])),
    function("shortRev", &["rev"], |ev, a, _| short_rev(ev, &a[0])),
    function("revOrTag", &["rev", "tag"], rev_or_tag).top(),
    function("repoRevToName", &["kind"], repo_rev_to_name).top(),
];

/// The last name of a path that is a string.
fn base_name(ev: &Evaluator, path: &Slot) -> Res<Value> {
    call_builtin(ev, "baseNameOf", &[share(ev, path)?])
}

/// `lib.sources.cleanSourceFilter`: a filter that leaves out version control, backups and build results.
fn clean_source_filter(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let name = ev.mem.text(base_name(ev, &a[0])?);
    if name == b".git" {
        return Ok(Value::FALSE);
    }
    let kind = ev.force(&a[1])?;
    let is = |wanted: &[u8]| kind.is_string() && ev.mem.text(kind) == wanted;
    const REPOSITORIES: [&[u8]; 6] = [b".svn", b"CVS", b".hg", b".jj", b".pijul", b"_darcs"];
    let swap = |name: &[u8]| matches!(name, [.., b'.', b's', b'w', last] if last.is_ascii_lowercase());
    let left_out = is(b"directory") && REPOSITORIES.contains(&name)
        || name.ends_with(b"~")
        || name.starts_with(b".") && swap(name) && (name.len() == 4 || name.len() > 4)
        || name.ends_with(b".o")
        || name.ends_with(b".so")
        || is(b"symlink") && name.starts_with(b"result")
        || is(b"unknown");
    Ok(Value::bool(!left_out))
}

/// `lib.sources.cleanSource`: a directory with that filter.
fn clean_source(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static FILTER: Builtin = Builtin::hidden("cleanSourceFilter", &["name", "type"], clean_source_filter);
    filtered(ev, share(ev, &a[0])?, ev.builtin(&FILTER), Value::NULL)
}

const CLEANING: Formals =
    Formals { arg: 0, names: &[("src", false), ("filter", true), ("name", true)], ellipsis: false };

/// `lib.sources.cleanSourceWith`: a directory with a filter, perhaps on top of one that it has.
fn clean_source_with(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let args = ev.force_formals("cleanSourceWith", &a[0], &CLEANING, pos)?;
    let or_null = |name: &str| match get(ev, args, name) {
        Some(found) => share(ev, found),
        None => Ok(Value::NULL),
    };
    filtered(ev, share(ev, select(ev, args, "src")?)?, or_null("filter")?, or_null("name")?)
}

/// Whether a source has a filter already.
fn is_filtered(ev: &Evaluator, src: &Slot) -> Res<Option<Value>> {
    let v = ev.force(src)?;
    Ok(get(ev, v, "_isLibCleanSourceWith").is_some().then_some(v))
}

/// What a source was before it was filtered.
static ORIGIN: Lazy = Lazy {
    name: "lib.sources.origSrc",
    run: |ev, c, _| match is_filtered(ev, &c[0])? {
        Some(v) => ev.force(select(ev, v, "origSrc")?),
        None => ev.force(&c[0]),
    },
};

/// `lib.cleanSourceWith { inherit src filter name; }`, of shared values that may be null.
pub(super) fn filtered(ev: &Evaluator, src: Value, filter: Value, name: Value) -> Res<Value> {
    /// Captures: the new filter and the source.
    static FILTER: Lazy = Lazy {
        name: "lib.cleanSourceWith.filter",
        run: |ev, c, _| {
            static BOTH: Builtin =
                Builtin::hidden("filter", &["filter", "old", "path", "type"], |ev, a, _| {
                    let args = ev.mem.share_all(&a[2..])?;
                    Ok(Value::bool(holds(ev, &a[0], &args)? && holds(ev, &a[1], &args)?))
                });
            let old = match is_filtered(ev, &c[1])? {
                Some(v) => ev.force(select(ev, v, "filter")?)?,
                None => Value::NULL,
            };
            match (old, ev.force(&c[0])?) {
                (Value::NULL, new) => Ok(new),
                (old, Value::NULL) => Ok(old),
                (old, new) => ev.partial(&BOTH, &[new, old]),
            }
        },
    };
    /// Captures: the new name and the source.
    static NAME: Lazy = Lazy {
        name: "lib.cleanSourceWith.name",
        run: |ev, c, _| {
            let new = ev.force(&c[0])?;
            if new != Value::NULL {
                return Ok(new);
            }
            match is_filtered(ev, &c[1])? {
                Some(v) => ev.force(select(ev, v, "name")?),
                None => Ok(ev.mem.str("source")?),
            }
        },
    };
    let origin = cell(ev, ev.delay(&ORIGIN, &[src])?)?;
    let filter = cell(ev, ev.delay(&FILTER, &[filter, src])?)?;
    let name = cell(ev, ev.delay(&NAME, &[name, src])?)?;
    source(ev, origin, filter, name)
}

/// The set that stands for a filtered source. The filter may be null.
fn source(ev: &Evaluator, origin: Value, filter: Value, name: Value) -> Res<Value> {
    static FILTER: Lazy = Lazy {
        name: "lib.sources.filter",
        run: |ev, c, _| {
            static ALL: Builtin = Builtin::hidden("filter", &["path", "type"], |_, _, _| Ok(Value::TRUE));
            match ev.force(&c[0])? {
                Value::NULL => Ok(ev.builtin(&ALL)),
                filter => Ok(filter),
            }
        },
    };
    static PATH: Lazy = Lazy {
        name: "lib.sources.outPath",
        run: |ev, c, _| {
            let mut args = set_of(ev, &[("name", share(ev, &c[2])?), ("path", share(ev, &c[0])?)])?;
            let filter = ev.force(&c[1])?;
            if filter != Value::NULL {
                args = with_attr(ev, args, "filter", filter)?;
            }
            call_builtin(ev, "path", &[args])
        },
    };
    set_of(
        ev,
        &[
            ("_isLibCleanSourceWith", Value::TRUE),
            ("origSrc", origin),
            ("name", name),
            ("filter", ev.delay(&FILTER, &[filter])?),
            ("outPath", ev.delay(&PATH, &[origin, filter, name])?),
        ],
    )
}

/// `lib.sources.trace`: a source whose filter prints what it decides.
fn trace(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static TRACED: Builtin = Builtin::hidden("filter", &["name", "filter", "path", "type"], |ev, a, _| {
        let verdict = match ev.force(&a[1])? {
            Value::NULL => Value::TRUE,
            filter => ev.call(filter, &ev.mem.share_all(&a[2..])?, Pos::NONE)?,
        };
        let mut text = Text::new();
        text.interpolate(ev, &a[0])?.put(".filter ").interpolate(ev, &a[2])?;
        text.put(if boolean(ev, &slot(verdict))? { " = true" } else { " = false" });
        call_builtin(ev, "trace", &[text.finish(ev)?, verdict])
    });
    let set = is_filtered(ev, &a[0])?;
    let of = |name: &str, default: Value| match set {
        Some(set) => delay_select(ev, set, ev.intern(name)?),
        None => Ok(default),
    };
    let name = cell(ev, of("name", ev.mem.str("source")?)?)?;
    let filter = ev.partial(&TRACED, &[name, of("filter", Value::NULL)?])?;
    let origin = cell(ev, ev.delay(&ORIGIN, &[share(ev, &a[0])?])?)?;
    static INVARIANT: Lazy = Lazy {
        name: "lib.sources.satisfiesSubpathInvariant",
        run: |ev, c, _| match get(ev, ev.force(&c[0])?, "satisfiesSubpathInvariant") {
            Some(found) => Ok(Value::bool(boolean(ev, found)?)),
            None => Ok(Value::FALSE),
        },
    };
    let invariant = ev.delay(&INVARIANT, &[share(ev, &a[0])?])?;
    with_attr(ev, source(ev, origin, filter, name)?, "satisfiesSubpathInvariant", invariant)
}

/// A path as text relative to a source: without the source's own path in front.
pub(super) fn relative<'a>(ev: &'a Evaluator, root: Value, path: &'a [u8]) -> &'a [u8] {
    let root = ev.mem.text(root);
    path.strip_prefix(root).and_then(|p| p.strip_prefix(b"/")).unwrap_or(path)
}

/// `lib.sources.sourceByRegex`: only the files whose path in the source matches one of some patterns.
fn source_by_regex(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static FILTER: Builtin = Builtin::hidden("filter", &["src", "regexes", "path", "type"], |ev, a, _| {
        let src = ev.force(&a[0])?;
        let origin = match get(ev, src, "_isLibCleanSourceWith") {
            Some(_) => ev.force(select(ev, src, "origSrc")?)?,
            None => src,
        };
        let root = to_string(ev, &slot(origin))?;
        let path = to_string(ev, &a[2])?;
        let within = ev.mem.string(relative(ev, root, ev.mem.text(path)), ev.mem.context(path))?;
        for regex in items(ev, &a[1])? {
            if call_builtin(ev, "match", &[share(ev, regex)?, within])? != Value::NULL {
                return Ok(Value::TRUE);
            }
        }
        Ok(Value::FALSE)
    });
    let src = share(ev, &a[0])?;
    filtered(ev, src, ev.partial(&FILTER, &[src, share(ev, &a[1])?])?, Value::NULL)
}

/// `lib.sources.sourceFilesBySuffices`: only the files whose names end in some way.
fn source_files_by_suffices(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static FILTER: Builtin = Builtin::hidden("filter", &["exts", "name", "type"], |ev, a, _| {
        let kind = ev.force(&a[2])?;
        if kind.is_string() && ev.mem.text(kind) == b"directory" {
            return Ok(Value::TRUE);
        }
        let name = base_name(ev, &a[1])?;
        for ext in items(ev, &a[0])? {
            if has_suffix(ev, &[slot(share(ev, ext)?), slot(name)], Pos::NONE)? == Value::TRUE {
                return Ok(Value::TRUE);
            }
        }
        Ok(Value::FALSE)
    });
    filtered(ev, share(ev, &a[0])?, ev.partial(&FILTER, &[share(ev, &a[1])?])?, Value::NULL)
}

/// `lib.sources.canCleanSource`: whether a source is one that a filter can be put on.
fn can_clean_source(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    if is_filtered(ev, &a[0])?.is_some() {
        return Ok(Value::TRUE);
    }
    let text = to_string(ev, &a[0])?;
    Ok(Value::bool(ev.mem.context(text).is_empty()))
}

/// `lib.sources.urlToName`: a name for what is at a URL.
fn url_to_name(ev: &Evaluator, url: &Slot) -> Res<Value> {
    const EXTENSIONS: [&[u8]; 13] = [
        b".git", b".tar", b".zip", b".gz", b".tgz", b".bz", b".tbz", b".bz2", b".tbz2", b".lzma", b".txz",
        b".xz", b".zstd",
    ];
    let text = to_string(ev, url)?;
    let last = split_text(ev.mem.text(text), b":").pop().unwrap_or_default();
    let last = last.strip_suffix(b"/").unwrap_or(last);
    let base = call_builtin(ev, "baseNameOf", &[ev.mem.string(last, ev.mem.context(text))?])?;
    let mut name = ev.mem.text(base);
    let whole = name.len();
    while let Some(rest) = EXTENSIONS.iter().find_map(|e| name.strip_suffix(*e)) {
        name = rest;
    }
    if name.len() == whole { Ok(base) } else { Ok(ev.mem.string(name, Default::default())?) }
}

/// `lib.sources.shortRev`: a revision in short: the start of a hash, or a version without what is before it.
fn short_rev(ev: &Evaluator, rev: &Slot) -> Res<Value> {
    let base = call_builtin(ev, "baseNameOf", &[to_string(ev, rev)?])?;
    let text = ev.mem.text(base);
    let hash = |c: &u8| matches!(c, b'a'..=b'f' | b'0'..=b'9');
    if !text.is_empty() && text.iter().all(hash) {
        return Ok(ev.mem.string(&text[..text.len().min(7)], ev.mem.context(base))?);
    }
    let regex = ev.mem.str("([A-Za-z]+[-_. ]?)*(v)?([0-9.]+.*)")?;
    match call_builtin(ev, "match", &[regex, base])? {
        Value::NULL => Ok(base),
        groups => ev.force(&ev.mem.items(groups)[2]),
    }
}

/// `lib.sources.revOrTag`: a tag, or a revision, or `HEAD`.
fn rev_or_tag(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    for candidate in [&a[1], &a[0]] {
        match ev.force(candidate)? {
            Value::NULL => {}
            found => return Ok(found),
        }
    }
    Ok(ev.mem.str("HEAD")?)
}

/// The name of a repository's contents with its revision and perhaps more.
fn full_name(ev: &Evaluator, a: &[Slot], with_suffix: bool) -> Res<Value> {
    let mut text = Text::new();
    text.add(ev, url_to_name(ev, &a[0])?);
    if ev.force(&a[1])? != Value::NULL {
        text.put("-").add(ev, string(ev, &slot(short_rev(ev, &a[1])?))?);
    }
    if with_suffix && ev.force(&a[2])? != Value::NULL {
        text.put("-").interpolate(ev, &a[2])?;
    }
    text.put("-source");
    text.finish(ev)
}

/// `lib.sources.repoRevToName`: how names are made of a repository, a revision and a suffix.
fn repo_rev_to_name(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    const ARGS: &[&str] = &["repo", "rev", "suffix"];
    static SOURCE: Builtin = Builtin::hidden("repoRevToName", ARGS, |ev, _, _| Ok(ev.mem.str("source")?));
    static VERSIONED: Builtin = Builtin::hidden("repoRevToName", ARGS, |ev, a, _| full_name(ev, a, false));
    static FULL: Builtin = Builtin::hidden("repoRevToName", ARGS, |ev, a, _| full_name(ev, a, true));
    let kind = ev.force(&a[0])?;
    let text = if kind.is_string() { ev.mem.text(kind) } else { b"" };
    match text {
        b"source" => Ok(ev.builtin(&SOURCE)),
        b"versioned" => Ok(ev.builtin(&VERSIONED)),
        b"full" => Ok(ev.builtin(&FULL)),
        _ => Err(throw("repoRevToName: invalid kind")),
    }
}
