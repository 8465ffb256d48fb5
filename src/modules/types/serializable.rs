//! Types of values that a data format can represent: `serializableValueWith`, `json`, `toml`.

use super::alternatives::either;
use super::collections::{attrs_of, list_of};
use super::made::made;
use super::option_type::OptionType;
use super::optional::null_or;
use super::{paths, simple};
use crate::eval::{Builtin, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::record;
use crate::native::{get, interpolate, knot, shared, text, truth};
use crate::value::Value;

/// The arguments of `serializableValueWith`.
const SERIALIZABLE_VALUE_WITH_ARGS: Formals =
    Formals { arg: 0, names: &[("typeName", false), ("nullable", true)], ellipsis: false };

/// `lib.types.serializableValueWith`
pub(super) static SERIALIZABLE: Builtin =
    Builtin::hidden("serializableValueWith", &["args"], |ev, args, pos| {
        let [given] = exactly(args);
        let set = ev.force_formals("serializableValueWith", given, &SERIALIZABLE_VALUE_WITH_ARGS, pos)?;
        let nullable = match get(ev, set, sym!("nullable")) {
            Some(nullable) => truth(ev, ev.force(nullable)?)?,
            None => true,
        };
        serializable(ev, shared(ev, set, sym!("typeName"))?, nullable)
    })
    .with_formals(&[SERIALIZABLE_VALUE_WITH_ARGS]);

/// `lib.types.json`
pub(super) fn json(ev: &Evaluator) -> Res<Value> {
    serializable(ev, ev.mem.str("JSON")?, true)
}

/// `lib.types.toml`
pub(super) fn toml(ev: &Evaluator) -> Res<Value> {
    serializable(ev, ev.mem.str("TOML")?, false)
}

record! {
    /// A new description.
    struct Description {
        description: "description",
    }
}

suspended! {
    /// `"${typeName} value"`
    struct FormatDescription { name }
}

impl FormatDescription<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let name = interpolate(ev, self.name)?;
        Ok(ev.mem.str(&format!("{} value", text(ev, name)))?)
    }
}

/// The type of values in the format `name`: scalars, and lists and sets of such values.
fn serializable(ev: &Evaluator, name: Value, nullable: bool) -> Res<Value> {
    let plain = [
        made(ev, "int", simple::int)?,
        made(ev, "float", simple::float)?,
        made(ev, "str", simple::str)?,
        made(ev, "path", paths::path)?,
    ];
    let ty = knot(ev, |this| {
        let mut all = made(ev, "bool", simple::bool)?;
        for ty in plain {
            all = either(ev, all, ty)?;
        }
        all = either(ev, all, attrs_of(ev, this, false)?)?;
        all = either(ev, all, list_of(ev, this)?)?;
        if nullable {
            all = null_or(ev, all)?;
        }
        let description = ev.delay(FormatDescription { name })?;
        OptionType::of(all).changed(ev, Description { description }.set(ev)?)
    })?;
    ev.force_value(ty)
}
