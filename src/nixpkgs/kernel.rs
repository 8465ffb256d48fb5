//! `lib.kernel`: settings of a kernel's configuration.

use super::strings::{version_at_least, version_older};
use crate::eval::{Builtin, Evaluator, Lazy, Res};
use crate::heap::Slot;
use crate::native::{Entry, Table, attrs, computed, function, set_of, share, with_attr};
use crate::source::Pos;
use crate::value::{Value, slot};

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

/// `lib.kernel.option`: a setting that the kernel need not know.
fn option(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    with_attr(ev, attrs(ev, &a[0])?, "optional", Value::TRUE)
}

/// `lib.kernel.yes`, `no`, `module`, `unset`: a setting that is on, off, or a module.
fn tristate(ev: &Evaluator, state: Option<&str>) -> Res<Value> {
    let state = state.map_or(Ok(Value::NULL), |s| ev.mem.str(s))?;
    set_of(ev, &[("tristate", state), ("optional", Value::FALSE)])
}

/// `lib.kernel.freeform`: a setting with a value of its own.
fn freeform(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    set_of(ev, &[("freeform", share(ev, &a[0])?), ("optional", Value::FALSE)])
}

/// `lib.mkIf` with a condition that is computed later.
fn when(ev: &Evaluator, condition: Value, content: &Slot) -> Res<Value> {
    set_of(
        ev,
        &[("_type", Value::symbol(sym!("if"))), ("condition", condition), ("content", share(ev, content)?)],
    )
}

static AT_LEAST: Lazy =
    Lazy { name: "lib.kernel.whenAtLeast", run: |ev, captures, _| version_at_least(ev, captures, Pos::NONE) };
static OLDER: Lazy =
    Lazy { name: "lib.kernel.whenOlder", run: |ev, captures, _| version_older(ev, captures, Pos::NONE) };
static BETWEEN: Lazy = Lazy {
    name: "lib.kernel.whenBetween",
    run: |ev, c, _| match version_at_least(ev, &c[..2], Pos::NONE)? {
        Value::TRUE => version_older(ev, &[slot(share(ev, &c[0])?), slot(share(ev, &c[2])?)], Pos::NONE),
        no => Ok(no),
    },
};

/// `lib.kernel.whenHelpers`: settings for some versions of the kernel only.
fn when_helpers(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    fn made(ev: &Evaluator, a: &[Slot], lazy: &'static Lazy) -> Res<Value> {
        let (content, versions) = match a {
            [versions @ .., content] => (content, versions),
            [] => return Ok(Value::NULL),
        };
        when(ev, ev.delay_raw(lazy, &ev.mem.share_all(versions)?)?, content)
    }
    static WHEN_AT_LEAST: Builtin =
        Builtin::hidden("whenAtLeast", &["version", "ver", "content"], |ev, a, _| made(ev, a, &AT_LEAST));
    static WHEN_OLDER: Builtin =
        Builtin::hidden("whenOlder", &["version", "ver", "content"], |ev, a, _| made(ev, a, &OLDER));
    static WHEN_BETWEEN: Builtin =
        Builtin::hidden("whenBetween", &["version", "verLow", "verHigh", "content"], |ev, a, _| {
            made(ev, a, &BETWEEN)
        });
    let version = share(ev, &a[0])?;
    set_of(
        ev,
        &[
            ("whenAtLeast", ev.partial(&WHEN_AT_LEAST, &[version])?),
            ("whenOlder", ev.partial(&WHEN_OLDER, &[version])?),
            ("whenBetween", ev.partial(&WHEN_BETWEEN, &[version])?),
        ],
    )
}
