//! Limiting the nesting depth of values: `withRecursion`.

use crate::eval::{Builtin, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{assert, boolean, entry_at, integer, map_set, select, share, shared_or, throw};
use crate::source::Pos;
use crate::value::{Type, Value, peek, slot};

/// The pattern of `withRecursion`.
pub(super) const OPTIONS: Formals =
    Formals { arg: 0, names: &[("depthLimit", false), ("throwOnDepthLimit", true)], ellipsis: false };

/// `lib.generators.withRecursion`: a function that cuts off values nested too deeply.
pub(super) fn with_recursion(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    /// `transform 0 v`
    static CUT: Builtin = Builtin::hidden("withRecursion", &["limit", "throws", "v"], |ev, args, _| {
        let [limit, throws, v] = exactly(args);
        Limit { limit, throws, depth: 0 }.transform(ev, v)
    });
    let [options] = exactly(args);
    let options = ev.force_formals("withRecursion", options, &OPTIONS, pos)?;
    let limit = select(ev, options, "depthLimit")?;
    assert(limit.type_of() == Type::Int, "(isInt depthLimit)")?;
    ev.partial(&CUT, &[limit, shared_or(ev, options, "throwOnDepthLimit", Value::TRUE)?])
}

/// How deeply values may be nested, and the depth of the current one.
struct Limit<'a> {
    limit: &'a Slot,
    /// Whether exceeding the limit is an error.
    throws: &'a Slot,
    depth: i64,
}

suspended! {
    /// `mapAttrs (name: if isSpecial name then v: v else transform (depth + 1)) set`
    struct InSet { set, limit, throws, depth } []
}

impl InSet<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        const SPECIAL: [&[u8]; 4] = [b"__functor", b"__functionArgs", b"__toString", b"__pretty"];
        let e = entry_at(ev, self.set, index)?;
        if SPECIAL.contains(&ev.mem.heap.name(e.name)) {
            return ev.force(e.slot);
        }
        Limit { limit: self.limit, throws: self.throws, depth: integer(ev, self.depth)? }.deeper(ev, e.slot)
    }
}

suspended! {
    /// `map (transform (depth + 1)) list`
    struct InList { list, limit, throws, depth } []
}

impl InList<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let limit = Limit { limit: self.limit, throws: self.throws, depth: integer(ev, self.depth)? };
        limit.deeper(ev, &ev.mem.items(peek(self.list))[index])
    }
}

impl Limit<'_> {
    /// `transform depth v` of a value that is not too deep itself.
    fn transform(&self, ev: &Evaluator, v: &Slot) -> Res<Value> {
        let v = ev.force(v)?;
        if !v.is_attrs() && !v.is_list() {
            return Ok(self.cut(ev, self.depth + 1)?.unwrap_or(v));
        }
        let (limit, throws) = (share(ev, self.limit)?, share(ev, self.throws)?);
        let depth = ev.mem.int(self.depth)?;
        match v.is_attrs() {
            true => map_set(ev, v, |set| InSet { set, limit, throws, depth }),
            false => ev.delayed_list(InList { list: v, limit, throws, depth }, v.list_len()),
        }
    }

    /// `transform (depth + 1) v`
    fn deeper(&self, ev: &Evaluator, v: &Slot) -> Res<Value> {
        let depth = self.depth + 1;
        let inner = Limit { depth, ..*self };
        match self.cut(ev, depth)? {
            Some(cut) => inner.transform(ev, &slot(cut)),
            None => inner.transform(ev, v),
        }
    }

    /// The placeholder for a value at this depth, if that is too deep.
    fn cut(&self, ev: &Evaluator, depth: i64) -> Res<Option<Value>> {
        let limit = integer(ev, self.limit)?;
        if depth <= limit {
            return Ok(None);
        }
        if boolean(ev, self.throws)? {
            return Err(throw(format!(
                "Exceeded maximum eval-depth limit of {limit} while trying to evaluate with `generators.withRecursion'!"
            )));
        }
        Ok(Some(ev.mem.str("<unevaluated>")?))
    }
}
