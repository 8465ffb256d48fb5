//! Package scopes: `makeScope`, and `makeScopeWithSplicing` for cross compilation.

use crate::eval::{Builtin, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{
    apply, attr, attrs, cell, delay_select, delay_update, get, knot, set_of, share, shared, shared_args,
    with_attr,
};
use crate::nixpkgs::fixed_points::EXTENDS;
use crate::source::Pos;
use crate::value::{Value, put, slot};

/// `scope: newScope (self // scope)`
static NEW_SCOPE: Builtin = Builtin::hidden("newScope", &["newScope", "self", "scope"], |ev, args, _| {
    let [new_scope, below, above] = exactly(args);
    apply(ev, new_scope, &[delay_update(ev, share(ev, below)?, share(ev, above)?)?])
});

suspended! {
    /// `self` in `makeScope newScope f`
    struct Scope { new_scope, f, this }
}

impl Scope<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let (new_scope, f, this) = (share(ev, self.new_scope)?, share(ev, self.f)?, share(ev, self.this)?);
        let fixed = set_of(
            ev,
            &[
                ("newScope", ev.partial(&NEW_SCOPE, &[new_scope, this])?),
                ("overrideScope", ev.partial(&OVERRIDE_SCOPE, &[new_scope, f])?),
                ("packages", f),
            ],
        )?;
        let own = slot(apply(ev, self.f, &[this])?);
        let made = ev.mem.update(attrs(ev, &own)?, fixed)?;
        let call = set_of(ev, &[("callPackage", ev.delay(CallPackage { this })?)])?;
        Ok(ev.mem.update(call, made)?)
    }
}

suspended! {
    /// `self.newScope { }`
    struct CallPackage { this }
}

impl CallPackage<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let this = ev.force(self.this)?;
        apply(ev, attr(ev, this, "newScope")?, &[Value::EMPTY_SET])
    }
}

/// `g: makeScope newScope (extends g f)`
static OVERRIDE_SCOPE: Builtin = Builtin::hidden("overrideScope", &["newScope", "f", "g"], |ev, args, _| {
    let [new_scope, f, g] = shared_args(ev, args)?;
    make_scope(ev, new_scope, ev.partial(&EXTENDS, &[g, f])?)
});

/// `lib.customisation.makeScope`: packages that can use each other and be overridden together.
pub(super) fn make_scope_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [new_scope, f] = shared_args(ev, args)?;
    make_scope(ev, new_scope, f)
}

/// `makeScope newScope f`
pub(in crate::nixpkgs) fn make_scope(ev: &Evaluator, new_scope: Value, f: Value) -> Res<Value> {
    ev.force_value(knot(ev, |this| ev.delay(Scope { new_scope, f, this }))?)
}

/// The first pattern of `makeScopeWithSplicing'`.
pub(super) const SPLICING: Formals =
    Formals { arg: 0, names: &[("newScope", false), ("splicePackages", false)], ellipsis: false };
/// The second pattern.
pub(super) const SCOPE: Formals = Formals {
    arg: 1,
    names: &[("otherSplices", false), ("keep", true), ("extra", true), ("f", false)],
    ellipsis: false,
};

/// `lib.customisation.makeScopeWithSplicing`: the same with separate arguments.
pub(super) fn make_scope_with_splicing(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [splice_packages, new_scope, other_splices, keep, extra, f] = shared_args(ev, args)?;
    let splicing = set_of(ev, &[("splicePackages", splice_packages), ("newScope", new_scope)])?;
    let scope = set_of(ev, &[("otherSplices", other_splices), ("keep", keep), ("extra", extra), ("f", f)])?;
    make_scope_with_splicing_prime(ev, &[slot(splicing), slot(scope)], pos)
}

/// `lib.customisation.makeScopeWithSplicing'`: a package scope for cross compilation.
pub(super) fn make_scope_with_splicing_prime(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [splicing, scope] = exactly(args);
    let splicing = ev.force_formals("makeScopeWithSplicing'", splicing, &SPLICING, pos)?;
    let scope = ev.force_formals("makeScopeWithSplicing'", scope, &SCOPE, pos)?;
    let f = shared(ev, scope, "f")?;
    let new_scope = shared(ev, splicing, "newScope")?;
    let at = ev.mem.heap.alloc(1)?;
    let this = Value::forward(at);
    let spliced = cell(ev, ev.delay(Spliced { splicing, scope, this })?)?;
    let fixed = set_of(
        ev,
        &[
            ("newScope", ev.partial(&NEW_SCOPE, &[new_scope, spliced])?),
            ("callPackage", ev.delay_call(new_scope, &[spliced])?),
            ("overrideScope", ev.partial(&OVERRIDE_SPLICED, &[splicing, scope])?),
            ("packages", f),
        ],
    )?;
    put(ev.mem.heap.slot(at), ev.delay(SplicedScope { f, this, fixed })?);
    ev.force(ev.mem.heap.slot(at))
}

suspended! {
    /// `f self // fixed`
    struct SplicedScope { f, this, fixed }
}

impl SplicedScope<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let own = slot(apply(ev, self.f, &[share(ev, self.this)?])?);
        Ok(ev.mem.update(attrs(ev, &own)?, ev.force(self.fixed)?)?)
    }
}

suspended! {
    /// The scope as its packages see it.
    struct Spliced { splicing, scope, this }
}

impl Spliced<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let (splicing, scope, this) =
            (ev.force(self.splicing)?, ev.force(self.scope)?, share(ev, self.this)?);
        let others = shared(ev, scope, "otherSplices")?;
        let sets = set_of(
            ev,
            &[
                ("pkgsBuildBuild", delay_select(ev, others, "selfBuildBuild")?),
                ("pkgsBuildHost", delay_select(ev, others, "selfBuildHost")?),
                ("pkgsBuildTarget", delay_select(ev, others, "selfBuildTarget")?),
                ("pkgsHostHost", delay_select(ev, others, "selfHostHost")?),
                ("pkgsHostTarget", this),
                ("pkgsTargetTarget", delay_select(ev, others, "selfTargetTarget")?),
            ],
        )?;
        let plain = ev.delay_call(shared(ev, splicing, "splicePackages")?, &[sets])?;
        let plain = slot(cell(ev, plain)?);
        let kept = optional_call(ev, get(ev, scope, "keep"), this)?;
        let below = ev.mem.update(attrs(ev, &plain)?, kept)?;
        let extra = optional_call(ev, get(ev, scope, "extra"), share(ev, &plain)?)?;
        Ok(ev.mem.update(extra, below)?)
    }
}

/// The result of an optional function; without one, the empty set.
fn optional_call(ev: &Evaluator, f: Option<&Slot>, arg: Value) -> Res<Value> {
    match f {
        Some(f) => {
            let made = slot(apply(ev, f, &[arg])?);
            attrs(ev, &made)
        }
        None => Ok(Value::EMPTY_SET),
    }
}

/// `g: makeScopeWithSplicing' splicing (scope // { f = extends g f; })`
static OVERRIDE_SPLICED: Builtin =
    Builtin::hidden("overrideScope", &["splicing", "scope", "g"], |ev, args, pos| {
        let [splicing, scope, g] = shared_args(ev, args)?;
        let scope = ev.force_value(scope)?;
        let extended = ev.partial(&EXTENDS, &[g, shared(ev, scope, "f")?])?;
        let scope = with_attr(ev, scope, "f", extended)?;
        make_scope_with_splicing_prime(ev, &[slot(splicing), slot(scope)], pos)
    });
