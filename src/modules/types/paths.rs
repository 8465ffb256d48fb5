//! Types of paths: `path`, `pathInStore`, `externalPath`, `pathWith`.

use super::functor::functor;
use super::make::{Spec, symbol};
use super::simple::IF_EQUAL;
use crate::eval::{Builtin, Coerce, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::modules::definitions::MERGE_EQUAL;
use crate::native::record;
use crate::native::{is_string_like, shared_or, throw, to_string, truth};
use crate::source::Pos;
use crate::syntax::normalise;
use crate::value::{Type, Value, slot};

/// The arguments of `pathWith`.
const PATH_WITH_ARGS: Formals =
    Formals { arg: 0, names: &[("inStore", true), ("absolute", true)], ellipsis: false };

/// `lib.types.pathWith`
pub(super) static PATH_WITH: Builtin = Builtin::hidden("pathWith", &["args"], |ev, args, pos| {
    let [given] = exactly(args);
    let set = ev.force_formals("pathWith", given, &PATH_WITH_ARGS, pos)?;
    let in_store = shared_or(ev, set, sym!("inStore"), Value::NULL)?;
    path_with(ev, in_store, shared_or(ev, set, sym!("absolute"), Value::NULL)?)
})
.with_formals(&[PATH_WITH_ARGS]);

/// A requirement on paths; `None` for null.
fn demand(ev: &Evaluator, v: Value) -> Res<Option<bool>> {
    match ev.force_value(v)? {
        Value::NULL => Ok(None),
        other => truth(ev, other).map(Some),
    }
}

fn demand_in(ev: &Evaluator, slot: &Slot) -> Res<Option<bool>> {
    demand(ev, ev.force(slot)?)
}

record! {
    /// The payload of `pathWith`.
    struct PathPayload {
        in_store: "inStore",
        absolute: "absolute",
    }
}

suspended! {
    /// The description of `pathWith { inherit inStore absolute; }`.
    struct PathDescription { in_store, absolute }
}

impl PathDescription<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let kind = match demand_in(ev, self.absolute)? {
            None => "",
            Some(true) => "absolute ",
            Some(false) => "relative ",
        };
        let place = match demand_in(ev, self.in_store)? {
            None => "",
            Some(true) => " in the Nix store",
            Some(false) => " not in the Nix store",
        };
        Ok(ev.mem.str(&format!("{kind}path{place}"))?)
    }
}

/// Paths that must, or must not, be in the store and be absolute.
fn path_with(ev: &Evaluator, in_store: Value, absolute: Value) -> Res<Value> {
    if let Some(in_store) = demand(ev, in_store)?
        && let Some(absolute) = demand(ev, absolute)?
        && in_store
        && !absolute
    {
        return Err(throw("In pathWith, inStore means the path must be absolute"));
    }
    let payload = PathPayload { in_store, absolute }.set(ev)?;
    let spec = Spec {
        description: ev.delay(PathDescription { in_store, absolute })?,
        class: symbol(ev, "noun")?,
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

/// `lib.types.path`
pub(super) fn path(ev: &Evaluator) -> Res<Value> {
    path_with(ev, Value::NULL, Value::TRUE)
}

/// `lib.types.pathInStore`
pub(super) fn path_in_store(ev: &Evaluator) -> Res<Value> {
    path_with(ev, Value::TRUE, Value::NULL)
}

/// `lib.types.externalPath`
pub(super) fn external_path(ev: &Evaluator) -> Res<Value> {
    path_with(ev, Value::FALSE, Value::TRUE)
}

/// The check of `types.path`, which is by far the most common one.
static IS_ABSOLUTE: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
    let [x] = exactly(args);
    Ok(Value::bool(is_path(ev, x, None, Some(true))?))
});

static CHECK: Builtin = Builtin::hidden("check", &["inStore", "absolute", "x"], |ev, args, _| {
    let [in_store, absolute, x] = exactly(args);
    let in_store = demand_in(ev, in_store)?;
    let absolute = demand_in(ev, absolute)?;
    Ok(Value::bool(is_path(ev, x, in_store, absolute)?))
});

/// Whether a value is a path that meets the requirements.
pub(super) fn is_path(ev: &Evaluator, x: &Slot, in_store: Option<bool>, absolute: Option<bool>) -> Res<bool> {
    let v = ev.force(x)?;
    let kind = match in_store {
        // A path value might be copied to the store later.
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

/// `lib.path.hasStorePathPrefix`, extended to strings.
fn has_store_prefix(ev: &Evaluator, v: Value) -> Res<bool> {
    let text = match v.type_of() {
        Type::Path => v,
        _ => ev.coerce_value(
            v,
            Pos::NONE,
            Coerce::PLAIN,
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
