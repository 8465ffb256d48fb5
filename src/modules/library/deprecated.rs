//! Deprecated functions: selecting one prints a warning.

use crate::eval::{Builtin, Evaluator, Res};
use crate::native::{ID, warn};
use crate::value::Value;

/// A value, with a warning.
pub(super) fn deprecated(ev: &Evaluator, message: &str, value: Value) -> Res<Value> {
    warn(ev, ev.mem.str(message)?, value)
}

/// A function that nixpkgs considers internal.
pub(super) fn private(ev: &Evaluator, name: &str, builtin: &'static Builtin) -> Res<Value> {
    deprecated(ev, &private_message(name), ev.builtin(builtin))
}

/// The same, for a function whose first argument is `lib`.
pub(super) fn private_with_lib(
    ev: &Evaluator,
    name: &str,
    builtin: &'static Builtin,
    lib: Value,
) -> Res<Value> {
    deprecated(ev, &private_message(name), ev.partial(builtin, &[lib])?)
}

fn private_message(name: &str) -> String {
    format!(
        "External use of `lib.{name}` is deprecated. If your use case isn't covered by non-deprecated functions, we'd \
         like to know more and perhaps support your use case well, instead of providing access to these low level \
         functions. In this case please open an issue in https://github.com/nixos/nixpkgs/issues/."
    )
}

/// `lib.modules.mkFixStrictness`
pub(super) fn mk_fix_strictness(ev: &Evaluator) -> Res<Value> {
    let message = "lib.mkFixStrictness has no effect and will be removed. It returns its argument unmodified, so you \
                   can just remove any calls.";
    deprecated(ev, message, ev.builtin(&ID))
}
