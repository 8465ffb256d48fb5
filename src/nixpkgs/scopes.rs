//! The part of `lib.customisation` about package scopes, and `extendMkDerivation`.

use super::fixed_points::EXTENDS;
use super::function_args::{function_args, is_function};
use super::support::{
    apply, attrs, boolean, call_builtin, cell, delay_select, get, select, set_of, share, with_attr,
};
use super::trivial::ID;
use crate::eval::{Builtin, Evaluator, Formals, Lazy, Res};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::{Value, peek, put, slot};

/// A suspended `newScope (a // scope)` as a function of `scope`: captures are `newScope` and `a`.
static NEW_SCOPE: Builtin = Builtin::hidden("newScope", &["newScope", "self", "scope"], |ev, a, _| {
    static MERGED: Lazy = Lazy {
        name: "lib.newScope",
        run: |ev, c, _| {
            let scope = attrs(ev, &c[1])?;
            Ok(ev.mem.update(attrs(ev, &c[0])?, scope)?)
        },
    };
    let merged = ev.delay(&MERGED, &[share(ev, &a[1])?, share(ev, &a[2])?])?;
    apply(ev, &a[0], &[merged])
});

/// `lib.customisation.makeScope`: packages that find each other, and can be overridden together.
pub(super) fn make_scope(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static CALL_PACKAGE: Lazy = Lazy {
        name: "lib.makeScope.callPackage",
        run: |ev, c, _| {
            let this = ev.force(&c[0])?;
            apply(ev, select(ev, this, "newScope")?, &[Value::EMPTY_SET])
        },
    };
    static OVERRIDE: Builtin = Builtin::hidden("overrideScope", &["newScope", "f", "g"], |ev, a, pos| {
        let extended = ev.partial(&EXTENDS, &[share(ev, &a[2])?, share(ev, &a[1])?])?;
        make_scope(ev, &[slot(share(ev, &a[0])?), slot(extended)], pos)
    });
    let (new_scope, f) = (share(ev, &a[0])?, share(ev, &a[1])?);
    static SCOPE: Lazy = Lazy {
        name: "lib.makeScope",
        run: |ev, c, _| {
            let (new_scope, f, this) = (share(ev, &c[0])?, share(ev, &c[1])?, share(ev, &c[2])?);
            let fixed = set_of(
                ev,
                &[
                    ("newScope", ev.partial(&NEW_SCOPE, &[new_scope, this])?),
                    ("overrideScope", ev.partial(&OVERRIDE, &[new_scope, f])?),
                    ("packages", f),
                ],
            )?;
            let own = slot(apply(ev, &c[1], &[this])?);
            let made = ev.mem.update(attrs(ev, &own)?, fixed)?;
            let call = set_of(ev, &[("callPackage", ev.delay(&CALL_PACKAGE, &[this])?)])?;
            Ok(ev.mem.update(call, made)?)
        },
    };
    ev.force_value(super::support::knot(ev, |this| ev.delay(&SCOPE, &[new_scope, f, this]))?)
}

pub(super) const SPLICING: Formals =
    Formals { arg: 0, names: &[("newScope", false), ("splicePackages", false)], ellipsis: false };
pub(super) const SCOPE: Formals = Formals {
    arg: 1,
    names: &[("otherSplices", false), ("keep", true), ("extra", true), ("f", false)],
    ellipsis: false,
};

/// `lib.customisation.makeScopeWithSplicing`: the same with its arguments one by one.
pub(super) fn make_scope_with_splicing(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let all = ev.mem.share_all(a)?;
    let splicing = set_of(ev, &[("splicePackages", all[0]), ("newScope", all[1])])?;
    let scope = set_of(ev, &[("otherSplices", all[2]), ("keep", all[3]), ("extra", all[4]), ("f", all[5])])?;
    make_scope_with_splicing_prime(ev, &[slot(splicing), slot(scope)], pos)
}

/// A suspended call of an optional function; the empty set without it.
fn optional_call(ev: &Evaluator, f: Option<&Slot>, arg: Value) -> Res<Value> {
    match f {
        Some(f) => {
            let made = slot(apply(ev, f, &[arg])?);
            attrs(ev, &made)
        }
        None => Ok(Value::EMPTY_SET),
    }
}

/// `lib.customisation.makeScopeWithSplicing'`: a package scope for cross compilation.
pub(super) fn make_scope_with_splicing_prime(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    /// What the packages of the scope see: captures are the two sets of arguments and the scope.
    static SPLICED: Lazy = Lazy {
        name: "lib.makeScopeWithSplicing.spliced",
        run: |ev, c, _| {
            let (splicing, scope, this) = (peek(&c[0]), peek(&c[1]), share(ev, &c[2])?);
            let others = share(ev, select(ev, scope, "otherSplices")?)?;
            let other = |name: &str| -> Res<Value> { delay_select(ev, others, ev.intern(name)?) };
            let sets = set_of(
                ev,
                &[
                    ("pkgsBuildBuild", other("selfBuildBuild")?),
                    ("pkgsBuildHost", other("selfBuildHost")?),
                    ("pkgsBuildTarget", other("selfBuildTarget")?),
                    ("pkgsHostHost", other("selfHostHost")?),
                    ("pkgsHostTarget", this),
                    ("pkgsTargetTarget", other("selfTargetTarget")?),
                ],
            )?;
            let plain = ev.delay_call(share(ev, select(ev, splicing, "splicePackages")?)?, &[sets])?;
            let plain = slot(cell(ev, plain)?);
            let kept = optional_call(ev, get(ev, scope, "keep"), this)?;
            let below = ev.mem.update(attrs(ev, &plain)?, kept)?;
            let extra = optional_call(ev, get(ev, scope, "extra"), share(ev, &plain)?)?;
            Ok(ev.mem.update(extra, below)?)
        },
    };
    static OVERRIDE: Builtin = Builtin::hidden("overrideScope", &["splicing", "scope", "g"], |ev, a, pos| {
        let scope = peek(&a[1]);
        let f = share(ev, select(ev, scope, "f")?)?;
        let extended = ev.partial(&EXTENDS, &[share(ev, &a[2])?, f])?;
        let scope = with_attr(ev, scope, "f", extended)?;
        make_scope_with_splicing_prime(ev, &[slot(peek(&a[0])), slot(scope)], pos)
    });
    let splicing = ev.force_formals("makeScopeWithSplicing'", &a[0], &SPLICING, pos)?;
    let scope = ev.force_formals("makeScopeWithSplicing'", &a[1], &SCOPE, pos)?;
    let f = share(ev, select(ev, scope, "f")?)?;
    let new_scope = share(ev, select(ev, splicing, "newScope")?)?;
    let at = ev.mem.heap.alloc(1)?;
    let this = Value::forward(at);
    let spliced = cell(ev, ev.delay(&SPLICED, &[splicing, scope, this])?)?;
    let fixed = set_of(
        ev,
        &[
            ("newScope", ev.partial(&NEW_SCOPE, &[new_scope, spliced])?),
            ("callPackage", ev.delay_call(new_scope, &[spliced])?),
            ("overrideScope", ev.partial(&OVERRIDE, &[splicing, scope])?),
            ("packages", f),
        ],
    )?;
    static SELF: Lazy = Lazy {
        name: "lib.makeScopeWithSplicing",
        run: |ev, c, _| {
            let own = slot(apply(ev, &c[0], &[share(ev, &c[1])?])?);
            Ok(ev.mem.update(attrs(ev, &own)?, peek(&c[2]))?)
        },
    };
    put(ev.mem.heap.slot(at), ev.delay(&SELF, &[f, this, fixed])?);
    ev.force(ev.mem.heap.slot(at))
}

pub(super) const EXTENDING: Formals = Formals {
    arg: 0,
    names: &[
        ("constructDrv", false),
        ("excludeDrvArgNames", true),
        ("excludeFunctionArgNames", true),
        ("extendDrvArgs", false),
        ("inheritFunctionArgs", true),
        ("transformDrv", true),
    ],
    ellipsis: false,
};

/// `lib.customisation.extendMkDerivation`: a function that makes derivations by another one, with arguments of its own.
pub(super) fn extend_mk_derivation(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    /// `fpargs` becomes a derivation: the argument before is the set that was called.
    static FUNCTOR: Builtin = Builtin::hidden("__functor", &["args", "self", "fpargs"], |ev, a, _| {
        static FINAL: Builtin = Builtin::hidden("finalAttrs", &["args", "fpargs", "final"], final_args);
        let args = peek(&a[0]);
        let final_args = ev.partial(&FINAL, &[args, share(ev, &a[2])?])?;
        let drv = ev.delay_call(share(ev, select(ev, args, "constructDrv")?)?, &[final_args])?;
        match get(ev, args, "transformDrv") {
            Some(transform) => apply(ev, transform, &[drv]),
            None => ev.force_value(drv),
        }
    });
    static ARGS: Lazy =
        Lazy { name: "lib.extendMkDerivation.args", run: |ev, c, _| shown_args(ev, peek(&c[0])) };
    let args = ev.force_formals("extendMkDerivation", &a[0], &EXTENDING, pos)?;
    let or = |name: &str, default: Value| match get(ev, args, name) {
        Some(found) => share(ev, found),
        None => Ok(default),
    };
    set_of(
        ev,
        &[
            ("__functor", ev.partial(&FUNCTOR, &[args])?),
            ("__functionArgs", ev.delay(&ARGS, &[args])?),
            ("constructDrv", share(ev, select(ev, args, "constructDrv")?)?),
            ("excludeDrvArgNames", or("excludeDrvArgNames", Value::EMPTY_LIST)?),
            ("extendDrvArgs", share(ev, select(ev, args, "extendDrvArgs")?)?),
            ("transformDrv", or("transformDrv", ev.builtin(&ID))?),
        ],
    )
}

/// `removeAttrs set names`, where the names may be missing.
fn without(ev: &Evaluator, set: Value, names: Option<&Slot>) -> Res<Value> {
    match names {
        Some(names) => call_builtin(ev, "removeAttrs", &[set, share(ev, names)?]),
        None => attrs(ev, &slot(set)),
    }
}

/// The arguments for the inner function, of the final ones.
fn final_args(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static PREVIOUS: Lazy = Lazy {
        name: "lib.extendMkDerivation.previous",
        run: |ev, c, _| {
            let given = ev.force(&c[0])?;
            if is_function(ev, given)? { ev.call(given, &[share(ev, &c[1])?], Pos::NONE) } else { Ok(given) }
        },
    };
    let args = peek(&a[0]);
    let last = share(ev, &a[2])?;
    let previous = cell(ev, ev.delay(&PREVIOUS, &[share(ev, &a[1])?, last])?)?;
    let own = slot(apply(ev, select(ev, args, "extendDrvArgs")?, &[last, previous])?);
    let own = attrs(ev, &own)?;
    Ok(ev.mem.update(without(ev, previous, get(ev, args, "excludeDrvArgNames"))?, own)?)
}

/// The argument names that the function shows.
fn shown_args(ev: &Evaluator, args: Value) -> Res<Value> {
    let extended = apply(ev, select(ev, args, "extendDrvArgs")?, &[Value::EMPTY_SET])?;
    let own = slot(function_args(ev, extended)?);
    let own = attrs(ev, &own)?;
    let inherits = get(ev, args, "inheritFunctionArgs").map_or(Ok(true), |s| boolean(ev, s))?;
    let inherited = match inherits {
        true => {
            let of = function_args(ev, ev.force(select(ev, args, "constructDrv")?)?)?;
            without(ev, of, get(ev, args, "excludeDrvArgNames"))?
        }
        false => Value::EMPTY_SET,
    };
    without(ev, ev.mem.update(inherited, own)?, get(ev, args, "excludeFunctionArgNames"))
}
