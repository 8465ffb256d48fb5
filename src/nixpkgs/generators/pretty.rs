//! Values in Nix syntax: `toPretty`.

use crate::eval::{Evaluator, Formals, Res, exactly};
use crate::heap::Slot;
use crate::native::{Pretty, get, interpolate};
use crate::source::Pos;
use crate::value::Value;

/// The pattern of `toPretty`.
pub(super) const OPTIONS: Formals = Formals {
    arg: 0,
    names: &[("allowPrettyValues", true), ("multiline", true), ("indent", true)],
    ellipsis: false,
};

/// `lib.generators.toPretty`: a value in Nix syntax.
pub(super) fn to_pretty(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [options, v] = exactly(args);
    let options = ev.force_formals("toPretty", options, &OPTIONS, pos)?;
    let indent = match get(ev, options, "indent") {
        Some(indent) => ev.mem.text(interpolate(ev, indent)?),
        None => b"",
    };
    let options = Pretty {
        allow_pretty_values: get(ev, options, "allowPrettyValues"),
        multiline: get(ev, options, "multiline"),
        indent,
        depth_limit: None,
    };
    options.show(ev, v)
}
