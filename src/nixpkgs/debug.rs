//! `lib.debug`: printing values on the way, and tests.

use super::attrsets::map_set;
use crate::eval::{Builtin, Evaluator, Formals, Lazy, Res};
use crate::heap::Slot;
use crate::native::{
    Entry, Table, Text, apply, attr, boolean, builtin, call_builtin, cell, delay_select, entries, function,
    get, items, lazy_list, list, lossy, pattern, pretty_values, set_of, share, throw, to_json,
};
use crate::source::Pos;
use crate::value::{Value, peek, slot};

/// `lib.debug`
pub static TABLE: Table = Table { namespace: "debug", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    builtin("trace").top(),
    builtin("addErrorContext").top(),
    builtin("unsafeGetAttrPos").top(),
    function("traceIf", &["pred", "msg", "x"], trace_if).top(),
    function("traceValFn", &["f", "x"], trace_val_fn).top(),
    function("traceVal", &["x"], trace_val).top(),
    function("traceSeq", &["x", "y"], trace_seq).top(),
    function("traceSeqN", &["depth", "x", "y"], trace_seq_n).top(),
    function("traceValSeqFn", &["f", "v"], trace_val_seq_fn).top(),
    function("traceValSeq", &["v"], trace_val_seq).top(),
    function("traceValSeqNFn", &["f", "depth", "v"], trace_val_seq_n_fn).top(),
    function("traceValSeqN", &["depth", "v"], trace_val_seq_n).top(),
    function("traceFnSeqN", &["depth", "name", "f", "v"], trace_fn_seq_n).top(),
    function("runTests", &["tests"], run_tests).top(),
    pattern("throwTestFailures", &["args"], &[FAILURES], throw_test_failures),
    function("testAllTrue", &["expr"], test_all_true).top(),
];

fn trace(ev: &Evaluator, what: Value, then: Value) -> Res<Value> {
    call_builtin(ev, "trace", &[what, then])
}

/// `lib.debug.traceIf`: prints a message if a condition holds.
fn trace_if(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    if boolean(ev, &a[0])? { trace(ev, share(ev, &a[1])?, share(ev, &a[2])?) } else { ev.force(&a[2]) }
}

/// `lib.debug.traceValFn`: prints what a function makes of a value, then gives the value.
fn trace_val_fn(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let x = share(ev, &a[1])?;
    trace(ev, apply(ev, &a[0], &[x])?, x)
}

/// `lib.debug.traceVal`: prints a value and gives it.
fn trace_val(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let x = ev.force(&a[0])?;
    trace(ev, x, x)
}

/// `lib.debug.traceSeq`: prints a value, evaluated completely, then gives another.
fn trace_seq(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    ev.force_deep(&a[0])?;
    trace(ev, ev.force(&a[0])?, share(ev, &a[1])?)
}

/// A value that prints itself as a text.
fn snipped(ev: &Evaluator, text: &'static str, of: Value) -> Res<Value> {
    static SHOWN: Builtin = Builtin::hidden("__pretty", &["text", "value"], |ev, a, _| ev.force(&a[0]));
    let shown = ev.partial(&SHOWN, &[ev.mem.str(text)?])?;
    set_of(ev, &[("__pretty", shown), ("val", of)])
}

/// A value in which everything from a depth on is cut.
fn snip(ev: &Evaluator, depth: Value, of: &Slot) -> Res<Value> {
    static IN_SET: Lazy = Lazy {
        name: "lib.traceSeqN",
        run: |ev, c, i| snip(ev, peek(&c[1]), super::attrsets::own_entry(ev, c, i)?.slot),
    };
    static IN_LIST: Lazy =
        Lazy { name: "lib.traceSeqN", run: |ev, c, i| snip(ev, peek(&c[1]), &ev.mem.items(peek(&c[0]))[i]) };
    let zero = ev.mem.int(0)?;
    let end = ev.slot_equals(&slot(depth), zero)?;
    let v = ev.force(of)?;
    let inner = || ev.subtract(depth, ev.mem.int(1)?);
    match (v.is_list(), v.is_attrs()) {
        (true, _) if end => snipped(ev, "[…]", v),
        (_, true) if end => snipped(ev, "{…}", v),
        (true, _) => lazy_list(ev, &IN_LIST, &[v, inner()?], v.list_len()),
        (_, true) => map_set(ev, &IN_SET, v, &[inner()?]),
        _ => Ok(v),
    }
}

fn trace_to_depth(ev: &Evaluator, depth: &Slot, x: &Slot, then: Value) -> Res<Value> {
    let depth = ev.force(depth)?;
    let shown = slot(snip(ev, depth, x)?);
    trace(ev, pretty_values(ev, &shown)?, then)
}

/// `lib.debug.traceSeqN`: prints a value down to some depth, then gives another.
fn trace_seq_n(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    trace_to_depth(ev, &a[0], &a[1], share(ev, &a[2])?)
}

/// A suspended value that is evaluated completely.
fn deep(ev: &Evaluator, v: &Slot) -> Res<Value> {
    static DEEP: Lazy = Lazy {
        name: "deepSeq",
        run: |ev, captures, _| {
            ev.force_deep(&captures[0])?;
            ev.force(&captures[0])
        },
    };
    cell(ev, ev.delay_raw(&DEEP, &[share(ev, v)?])?)
}

/// `lib.debug.traceValSeqFn`: prints what a function makes of a value, which it gets evaluated completely.
fn trace_val_seq_fn(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    trace_val_fn(ev, &[slot(share(ev, &a[0])?), slot(deep(ev, &a[1])?)], pos)
}

/// `lib.debug.traceValSeq`: prints a value, evaluated completely, and gives it.
fn trace_val_seq(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    trace_val(ev, &[slot(deep(ev, &a[0])?)], pos)
}

/// `lib.debug.traceValSeqNFn`: prints what a function makes of a value down to some depth, then gives the value.
fn trace_val_seq_n_fn(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let v = share(ev, &a[2])?;
    let shown = slot(ev.delay_call(share(ev, &a[0])?, &[v])?);
    trace_to_depth(ev, &a[1], &shown, v)
}

/// `lib.debug.traceValSeqN`: prints a value down to some depth and gives it.
fn trace_val_seq_n(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    trace_to_depth(ev, &a[0], &a[1], share(ev, &a[1])?)
}

/// `lib.debug.traceFnSeqN`: calls a function and prints what went in and came out.
fn trace_fn_seq_n(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let v = share(ev, &a[3])?;
    let made = cell(ev, ev.delay_call(share(ev, &a[2])?, &[v])?)?;
    let shown = set_of(ev, &[("fn", share(ev, &a[1])?), ("from", v), ("to", made)])?;
    let depth = ev.add(ev.force(&a[0])?, ev.mem.int(1)?)?;
    trace_to_depth(ev, &slot(depth), &slot(shown), made)
}

/// `lib.debug.runTests`: the tests whose expression is not what they expect.
fn run_tests(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let tests = crate::native::attrs(ev, &a[0])?;
    let chosen = get(ev, tests, "tests");
    let is_chosen = |name: Value| -> Res<bool> {
        match chosen {
            Some(chosen) => super::lists_members::elem(ev, &slot(name), list(ev, chosen)?),
            None => Ok(false),
        }
    };
    let mut failed = Vec::new();
    for e in entries(ev, &a[0])? {
        let name = Value::symbol(e.name);
        let wanted = ev.mem.heap.name(e.name).starts_with(b"test") || is_chosen(name)?;
        let all = match chosen {
            Some(chosen) => ev.slot_equals(chosen, Value::EMPTY_LIST)?,
            None => true,
        };
        if !wanted || !(all || is_chosen(name)?) {
            continue;
        }
        let test = ev.force(e.slot)?;
        if !ev.equal(attr(ev, test, "expr")?, attr(ev, test, "expected")?, Pos::NONE)? {
            let of = |name: &str| -> Res<Value> { delay_select(ev, test, ev.intern(name)?) };
            failed
                .push(set_of(ev, &[("name", name), ("expected", of("expected")?), ("result", of("expr")?)])?);
        }
    }
    Ok(ev.mem.list(&failed)?)
}

const FAILURES: Formals =
    Formals { arg: 0, names: &[("failures", false), ("description", true)], ellipsis: true };

/// `lib.debug.throwTestFailures`: null, or an error that shows what `runTests` found.
fn throw_test_failures(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let args = ev.force_formals("throwTestFailures", &a[0], &FAILURES, pos)?;
    let failures = attr(ev, args, "failures")?;
    if ev.slot_equals(failures, Value::EMPTY_LIST)? {
        return Ok(Value::NULL);
    }
    let items = items(ev, failures)?;
    for failure in items {
        let failure = ev.force(failure)?;
        let mut text = Text::new();
        for (head, name) in [("FAIL ", "name"), (":\nExpected:\n", "expected"), ("\n\nResult:\n", "result")] {
            let shown = pretty_values(ev, attr(ev, failure, name)?)?;
            text.put(head).put(ev.mem.text(shown));
        }
        text.put("\n");
        trace(ev, text.finish(ev)?, Value::NULL)?;
    }
    let mut text = Text::new();
    text.put(format!("{} ", items.len()));
    match get(ev, args, "description") {
        Some(description) => text.interpolate(ev, description)?,
        None => text.put("tests"),
    };
    text.put(" failed:");
    for failure in items {
        text.put("\n- ").interpolate(ev, attr(ev, ev.force(failure)?, "name")?)?;
    }
    text.put("\n\n").add(ev, to_json(ev, failures)?);
    let text = text.finish(ev)?;
    Err(throw(lossy(ev.mem.text(text))))
}

/// `lib.debug.testAllTrue`: a test that all elements of a list are true.
fn test_all_true(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static TRUES: Lazy = Lazy {
        name: "lib.testAllTrue",
        run: |ev, captures, _| {
            let n = list(ev, &captures[0])?.list_len();
            Ok(ev.mem.list_from(n, std::iter::repeat_n(Value::TRUE, n))?)
        },
    };
    let expr = share(ev, &a[0])?;
    set_of(ev, &[("expr", expr), ("expected", ev.delay_raw(&TRUES, &[expr])?)])
}
