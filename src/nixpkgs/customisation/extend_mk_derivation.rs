//! `extendMkDerivation`: builders of derivations that wrap another builder and take arguments of their own.

use crate::eval::{Builtin, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{
    ID, apply, attr, attrs, boolean, call_builtin, cell, function_args, get, is_function, select, set_of,
    share, shared, shared_args, shared_or,
};
use crate::source::Pos;
use crate::value::{Value, slot};

/// The pattern of `extendMkDerivation`.
pub(super) const ARGUMENTS: Formals = Formals {
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

/// `lib.customisation.extendMkDerivation`
pub(super) fn extend_mk_derivation(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [args] = exactly(args);
    let args = ev.force_formals("extendMkDerivation", args, &ARGUMENTS, pos)?;
    set_of(
        ev,
        &[
            ("__functor", ev.partial(&FUNCTOR, &[args])?),
            ("__functionArgs", ev.delay(ShownArgs { args })?),
            ("constructDrv", shared(ev, args, "constructDrv")?),
            ("excludeDrvArgNames", shared_or(ev, args, "excludeDrvArgNames", Value::EMPTY_LIST)?),
            ("extendDrvArgs", shared(ev, args, "extendDrvArgs")?),
            ("transformDrv", shared_or(ev, args, "transformDrv", ev.builtin(&ID))?),
        ],
    )
}

/// `self: fpargs: transformDrv (constructDrv (finalAttrs: …))`
static FUNCTOR: Builtin = Builtin::hidden("__functor", &["args", "self", "fpargs"], |ev, args, _| {
    let [args, _, given] = exactly(args);
    let args = ev.force(args)?;
    let final_args = ev.partial(&FINAL_ARGS, &[args, share(ev, given)?])?;
    let drv = ev.delay_call(shared(ev, args, "constructDrv")?, &[final_args])?;
    match get(ev, args, "transformDrv") {
        Some(transform) => apply(ev, transform, &[drv]),
        None => ev.force_value(drv),
    }
});

suspended! {
    /// `if isFunction fpargs then fpargs finalAttrs else fpargs`
    struct Previous { given, last }
}

impl Previous<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let given = ev.force(self.given)?;
        if is_function(ev, given)? { ev.call(given, &[share(ev, self.last)?], Pos::NONE) } else { Ok(given) }
    }
}

/// `finalAttrs: removeAttrs previous excludeDrvArgNames // extendDrvArgs finalAttrs previous`
static FINAL_ARGS: Builtin = Builtin::hidden("finalAttrs", &["args", "fpargs", "final"], |ev, args, _| {
    let [args, given, last] = shared_args(ev, args)?;
    let args = ev.force_value(args)?;
    let previous = cell(ev, ev.delay(Previous { given, last })?)?;
    let own = slot(apply(ev, attr(ev, args, "extendDrvArgs")?, &[last, previous])?);
    let own = attrs(ev, &own)?;
    Ok(ev.mem.update(without(ev, previous, get(ev, args, "excludeDrvArgNames"))?, own)?)
});

/// `removeAttrs set names` with optional names.
fn without(ev: &Evaluator, set: Value, names: Option<&Slot>) -> Res<Value> {
    match names {
        Some(names) => call_builtin(ev, "removeAttrs", &[set, share(ev, names)?]),
        None => attrs(ev, &slot(set)),
    }
}

suspended! {
    /// The result's `__functionArgs`.
    struct ShownArgs { args }
}

impl ShownArgs<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let args = ev.force(self.args)?;
        let extended = apply(ev, attr(ev, args, "extendDrvArgs")?, &[Value::EMPTY_SET])?;
        let own = slot(function_args(ev, extended)?);
        let own = attrs(ev, &own)?;
        let inherits = get(ev, args, "inheritFunctionArgs").map_or(Ok(true), |s| boolean(ev, s))?;
        let inherited = match inherits {
            true => {
                let of = function_args(ev, select(ev, args, "constructDrv")?)?;
                without(ev, of, get(ev, args, "excludeDrvArgNames"))?
            }
            false => Value::EMPTY_SET,
        };
        without(ev, ev.mem.update(inherited, own)?, get(ev, args, "excludeFunctionArgNames"))
    }
}
