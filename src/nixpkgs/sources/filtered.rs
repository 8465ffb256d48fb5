//! Filtered sources: `cleanSourceWith` and `trace`.

use crate::eval::{Builtin, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{
    Text, boolean, call_builtin, cell, delay_select, get, has, holds, select, set_of, share, shared,
    shared_args, shared_or, to_string, with_attr,
};
use crate::source::Pos;
use crate::value::{Value, slot};

/// The pattern of `cleanSourceWith`.
pub(super) const OPTIONS: Formals =
    Formals { arg: 0, names: &[("src", false), ("filter", true), ("name", true)], ellipsis: false };

/// `lib.sources.cleanSourceWith`: a directory with a filter, in addition to one that it may already have.
pub(super) fn clean_source_with_of(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [options] = exactly(args);
    let options = ev.force_formals("cleanSourceWith", options, &OPTIONS, pos)?;
    let src = shared(ev, options, "src")?;
    let filter = shared_or(ev, options, "filter", Value::NULL)?;
    clean_source_with(ev, src, filter, shared_or(ev, options, "name", Value::NULL)?)
}

/// `src`, if it has a filter already.
fn has_filter(ev: &Evaluator, src: &Slot) -> Res<Option<Value>> {
    let src = ev.force(src)?;
    Ok(has(ev, src, "_isLibCleanSourceWith").then_some(src))
}

/// `if src ? _isLibCleanSourceWith then src.origSrc else src`
pub(super) fn origin(ev: &Evaluator, src: &Slot) -> Res<Value> {
    match has_filter(ev, src)? {
        Some(src) => select(ev, src, "origSrc"),
        None => ev.force(src),
    }
}

suspended! {
    /// `if src ? _isLibCleanSourceWith then src.origSrc else src`
    struct Origin { src }
}

impl Origin<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        origin(ev, self.src)
    }
}

suspended! {
    /// `path: type: filter path type && src.filter path type`, or just the filter that exists; null if neither does.
    struct BothFilters { filter, src }
}

impl BothFilters<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        static BOTH: Builtin =
            Builtin::hidden("filter", &["filter", "old", "path", "type"], |ev, args, _| {
                let [filter, old, path, kind] = exactly(args);
                let args = [share(ev, path)?, share(ev, kind)?];
                Ok(Value::bool(holds(ev, filter, &args)? && holds(ev, old, &args)?))
            });
        let old = match has_filter(ev, self.src)? {
            Some(src) => select(ev, src, "filter")?,
            None => Value::NULL,
        };
        match (old, ev.force(self.filter)?) {
            (Value::NULL, new) => Ok(new),
            (old, Value::NULL) => Ok(old),
            (old, new) => ev.partial(&BOTH, &[new, old]),
        }
    }
}

suspended! {
    /// `if name != null then name else src.name or "source"`
    struct Name { name, src }
}

impl Name<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let name = ev.force(self.name)?;
        if name != Value::NULL {
            return Ok(name);
        }
        match has_filter(ev, self.src)? {
            Some(src) => select(ev, src, "name"),
            None => Ok(ev.mem.str("source")?),
        }
    }
}

/// `cleanSourceWith { inherit src filter name; }` of shared values; filter and name may be null.
pub(super) fn clean_source_with(ev: &Evaluator, src: Value, filter: Value, name: Value) -> Res<Value> {
    let origin = cell(ev, ev.delay(Origin { src })?)?;
    let filter = cell(ev, ev.delay(BothFilters { filter, src })?)?;
    let name = cell(ev, ev.delay(Name { name, src })?)?;
    from_source_attributes(ev, SourceAttributes { origin, filter, name })
}

suspended! {
    /// `path { inherit name filter; path = origin; }`
    struct SourceAttributes { origin, filter, name }
}

impl SourceAttributes<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let mut args = set_of(ev, &[("name", share(ev, self.name)?), ("path", share(ev, self.origin)?)])?;
        let filter = ev.force(self.filter)?;
        if filter != Value::NULL {
            args = with_attr(ev, args, "filter", filter)?;
        }
        call_builtin(ev, "path", &[args])
    }
}

suspended! {
    /// `if filter == null then path: type: true else filter`
    struct Filter { filter }
}

impl Filter<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        static ALL: Builtin = Builtin::hidden("filter", &["path", "type"], |_, _, _| Ok(Value::TRUE));
        match ev.force(self.filter)? {
            Value::NULL => Ok(ev.builtin(&ALL)),
            filter => Ok(filter),
        }
    }
}

/// `fromSourceAttributes`: the set that represents a filtered source. The filter may be null.
fn from_source_attributes(ev: &Evaluator, of: SourceAttributes) -> Res<Value> {
    set_of(
        ev,
        &[
            ("_isLibCleanSourceWith", Value::TRUE),
            ("origSrc", of.origin),
            ("name", of.name),
            ("filter", ev.delay(Filter { filter: of.filter })?),
            ("outPath", ev.delay(of)?),
        ],
    )
}

suspended! {
    /// `src.satisfiesSubpathInvariant or false`
    struct SubpathInvariant { src }
}

impl SubpathInvariant<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        match get(ev, ev.force(self.src)?, "satisfiesSubpathInvariant") {
            Some(found) => Ok(Value::bool(boolean(ev, found)?)),
            None => Ok(Value::FALSE),
        }
    }
}

/// `lib.sources.trace`: a source whose filter prints its decisions.
pub(super) fn trace(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    /// `path: type: let r = filter path type; in builtins.trace "${name}.filter ${path} = ${r}" r`
    static TRACED: Builtin = Builtin::hidden("filter", &["name", "filter", "path", "type"], |ev, args, _| {
        let [name, filter, path, kind] = exactly(args);
        let verdict = match ev.force(filter)? {
            Value::NULL => Value::TRUE,
            filter => ev.call(filter, &[share(ev, path)?, share(ev, kind)?], Pos::NONE)?,
        };
        let mut text = Text::new();
        text.interpolate(ev, name)?.put(".filter ").interpolate(ev, path)?;
        text.put(if boolean(ev, &slot(verdict))? { " = true" } else { " = false" });
        call_builtin(ev, "trace", &[text.finish(ev)?, verdict])
    });
    let [given] = exactly(args);
    let set = has_filter(ev, given)?;
    let of = |name: &str, default: Value| match set {
        Some(set) => delay_select(ev, set, name),
        None => Ok(default),
    };
    let name = cell(ev, of("name", ev.mem.str("source")?)?)?;
    let filter = ev.partial(&TRACED, &[name, of("filter", Value::NULL)?])?;
    let [src] = shared_args(ev, args)?;
    let origin = cell(ev, ev.delay(Origin { src })?)?;
    let invariant = ev.delay(SubpathInvariant { src })?;
    let traced = from_source_attributes(ev, SourceAttributes { origin, filter, name })?;
    with_attr(ev, traced, "satisfiesSubpathInvariant", invariant)
}

/// `removePrefix (toString root + "/") path`
pub(super) fn path_within<'a>(ev: &'a Evaluator, root: Value, path: &'a [u8]) -> &'a [u8] {
    let root = ev.mem.text(root);
    path.strip_prefix(root).and_then(|p| p.strip_prefix(b"/")).unwrap_or(path)
}

/// `lib.sources.canCleanSource`: whether a source can be filtered.
pub(super) fn can_clean_source(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [src] = exactly(args);
    if has_filter(ev, src)?.is_some() {
        return Ok(Value::TRUE);
    }
    let text = to_string(ev, src)?;
    Ok(Value::bool(ev.mem.context(text).is_empty()))
}
