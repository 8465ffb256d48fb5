//! `lib.kernel`: settings of a kernel configuration.

use super::strings::is_older;
use crate::eval::{Builtin, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{Entry, Table, attrs, computed, function, set_of, shared_args, with_attr};
use crate::source::Pos;
use crate::value::Value;

/// `lib.kernel`
pub static TABLE: Table = Table { namespace: "kernel", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    function("option", &["x"], option),
    computed("yes", |ev| tristate(ev, Some("y"))),
    computed("no", |ev| tristate(ev, Some("n"))),
    computed("module", |ev| tristate(ev, Some("m"))),
    computed("unset", |ev| tristate(ev, None)),
    function("freeform", &["x"], freeform),
    function("whenHelpers", &["version"], when_helpers),
];

/// `lib.kernel.option`: a setting that the kernel need not support.
fn option(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = exactly(args);
    with_attr(ev, attrs(ev, x)?, "optional", Value::TRUE)
}

/// `lib.kernel.yes`, `no`, `module`, `unset`: a setting that is on, off, or a module.
fn tristate(ev: &Evaluator, state: Option<&str>) -> Res<Value> {
    let state = state.map_or(Ok(Value::NULL), |s| ev.mem.str(s))?;
    set_of(ev, &[("tristate", state), ("optional", Value::FALSE)])
}

/// `lib.kernel.freeform`: a setting with an arbitrary value.
fn freeform(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = shared_args(ev, args)?;
    set_of(ev, &[("freeform", x), ("optional", Value::FALSE)])
}

/// `mkIf condition content`
fn when(ev: &Evaluator, condition: Value, content: Value) -> Res<Value> {
    set_of(ev, &[("_type", Value::symbol(sym!("if"))), ("condition", condition), ("content", content)])
}

suspended! {
    /// `versionAtLeast version ver`
    struct AtLeast { version, ver }
}

impl AtLeast<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        Ok(Value::bool(!is_older(ev, self.version, self.ver)?))
    }
}

suspended! {
    /// `versionOlder version ver`
    struct Older { version, ver }
}

impl Older<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        Ok(Value::bool(is_older(ev, self.version, self.ver)?))
    }
}

suspended! {
    /// `versionAtLeast version verLow && versionOlder version verHigh`
    struct Between { version, low, high }
}

impl Between<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let within = !is_older(ev, self.version, self.low)? && is_older(ev, self.version, self.high)?;
        Ok(Value::bool(within))
    }
}

/// `lib.kernel.whenHelpers`: settings for certain kernel versions only.
fn when_helpers(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    static WHEN_AT_LEAST: Builtin =
        Builtin::hidden("whenAtLeast", &["version", "ver", "content"], |ev, args, _| {
            let [version, ver, content] = shared_args(ev, args)?;
            when(ev, ev.delay(AtLeast { version, ver })?, content)
        });
    static WHEN_OLDER: Builtin =
        Builtin::hidden("whenOlder", &["version", "ver", "content"], |ev, args, _| {
            let [version, ver, content] = shared_args(ev, args)?;
            when(ev, ev.delay(Older { version, ver })?, content)
        });
    static WHEN_BETWEEN: Builtin =
        Builtin::hidden("whenBetween", &["version", "verLow", "verHigh", "content"], |ev, args, _| {
            let [version, low, high, content] = shared_args(ev, args)?;
            when(ev, ev.delay(Between { version, low, high })?, content)
        });
    let [version] = shared_args(ev, args)?;
    set_of(
        ev,
        &[
            ("whenAtLeast", ev.partial(&WHEN_AT_LEAST, &[version])?),
            ("whenOlder", ev.partial(&WHEN_OLDER, &[version])?),
            ("whenBetween", ev.partial(&WHEN_BETWEEN, &[version])?),
        ],
    )
}
