//! Types of paths: `path`, `pathInStore`, `externalPath`, `pathWith`.

use super::make::{Spec, functor, noun};
use super::simple::{IF_EQUAL, is_string_like};
use crate::eval::{Builtin, Evaluator, Formals, Lazy, Res};
use crate::heap::Slot;
use crate::modules::definitions::MERGE_EQUAL;
use crate::native::{shared_or, throw, to_string, truth};
use crate::source::Pos;
use crate::syntax::normalise;
use crate::value::{Record, Type, Value, slot};

/// What `pathWith` is called with.
const PATH_WITH_ARGS: Formals =
    Formals { arg: 0, names: &[("inStore", true), ("absolute", true)], ellipsis: false };

/// `lib.types.pathWith`
pub(in crate::modules) static PATH_WITH: Builtin = Builtin::hidden("pathWith", &["args"], |ev, args, pos| {
    let set = ev.force_formals("pathWith", &args[0], &PATH_WITH_ARGS, pos)?;
    let in_store = shared_or(ev, set, sym!("inStore"), Value::NULL)?;
    path_with(ev, in_store, shared_or(ev, set, sym!("absolute"), Value::NULL)?)
})
.with_formals(&[PATH_WITH_ARGS]);

/// A demand on paths: null if there is none.
fn demand(ev: &Evaluator, v: Value) -> Res<Option<bool>> {
    match ev.force_value(v)? {
        Value::NULL => Ok(None),
        other => truth(ev, other).map(Some),
    }
}

/// Paths that are, or are not, in the store; and that are, or are not, absolute.
pub(super) fn path_with(ev: &Evaluator, in_store: Value, absolute: Value) -> Res<Value> {
    static PAYLOAD: Record<2> = Record::new(["inStore", "absolute"]);
    if let Some(in_store) = demand(ev, in_store)?
        && let Some(absolute) = demand(ev, absolute)?
        && in_store
        && !absolute
    {
        return Err(throw("In pathWith, inStore means the path must be absolute"));
    }
    static DESCRIPTION: Lazy = Lazy {
        name: "types.path",
        run: |ev, captures, _| {
            let kind = match demand(ev, ev.force(&captures[1])?)? {
                None => "",
                Some(true) => "absolute ",
                Some(false) => "relative ",
            };
            let place = match demand(ev, ev.force(&captures[0])?)? {
                None => "",
                Some(true) => " in the Nix store",
                Some(false) => " not in the Nix store",
            };
            Ok(ev.mem.str(&format!("{kind}path{place}"))?)
        },
    };
    let payload = ev.mem.record(&PAYLOAD, [in_store, absolute])?;
    let spec = Spec {
        description: ev.delay_raw(&DESCRIPTION, &[in_store, absolute])?,
        class: noun(ev)?,
        check: match (in_store, absolute) {
            (Value::NULL, Value::TRUE) => ev.builtin(&IS_ABSOLUTE),
            _ => ev.partial(&CHECK, &[in_store, absolute])?,
        },
        merge: ev.builtin(&MERGE_EQUAL),
        functor: functor(ev, "path", ev.builtin(&PATH_WITH), payload, ev.builtin(&IF_EQUAL))?,
        ..Spec::new(ev, "path")?
    };
    spec.build(ev)
}

/// The check of `types.path`, which is in use far more often than the others.
static IS_ABSOLUTE: Builtin =
    Builtin::hidden("check", &["x"], |ev, args, _| Ok(Value::bool(is_path(ev, &args[0], None, Some(true))?)));

static CHECK: Builtin = Builtin::hidden("check", &["inStore", "absolute", "x"], |ev, args, _| {
    let in_store = demand(ev, ev.force(&args[0])?)?;
    let absolute = demand(ev, ev.force(&args[1])?)?;
    Ok(Value::bool(is_path(ev, &args[2], in_store, absolute)?))
});

/// Whether a value is a path that meets the demands.
pub(super) fn is_path(ev: &Evaluator, x: &Slot, in_store: Option<bool>, absolute: Option<bool>) -> Res<bool> {
    let v = ev.force(x)?;
    let kind = match in_store {
        // A path value might be copied to the store later on.
        Some(false) => v.is_string(),
        _ => is_string_like(ev, v),
    };
    if !kind {
        return Ok(false);
    }
    if let Some(in_store) = in_store
        && in_store != has_store_prefix(ev, v)?
    {
        return Ok(false);
    }
    match absolute {
        None => Ok(true),
        Some(absolute) => {
            let text = to_string(ev, &slot(v))?;
            Ok(absolute == ev.mem.text(text).starts_with(b"/"))
        }
    }
}

/// `lib.path.hasStorePathPrefix`, also for strings.
fn has_store_prefix(ev: &Evaluator, v: Value) -> Res<bool> {
    let text = match v.type_of() {
        Type::Path => v,
        _ => ev.coerce_value(
            v,
            Pos::NONE,
            crate::eval::Coerce::PLAIN,
            "while evaluating the argument passed to builtins.unsafeDiscardStringContext",
        )?,
    };
    let path = normalise(&[b"/", ev.mem.text(text)].concat());
    let parts = |path: &[u8]| -> Vec<Vec<u8>> {
        path.split(|c| *c == b'/').filter(|part| !part.is_empty()).map(<[u8]>::to_vec).collect()
    };
    let store = parts(ev.settings.store_dir.as_bytes());
    let path = parts(&path);
    if let Some([object, ..]) = path.strip_prefix(&store[..]) {
        const HASH: usize = 32;
        // `.{32}-.+` in the bytes of the name.
        if object.len() > HASH + 1 && object[HASH] == b'-' {
            return Ok(true);
        }
    }
    const ADDRESSED: usize = 52;
    let word = |c: &u8| c.is_ascii_digit() || c.is_ascii_lowercase();
    Ok(path.first().is_some_and(|first| first.len() == ADDRESSED && first.iter().all(word)))
}
