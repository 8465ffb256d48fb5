//! `lib.debug`: tracing values, and tests.

use super::lists::elem;
use crate::eval::{Builtin, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{
    Entry, Table, Text, apply, attr, attrs, boolean, builtin, cell, delay_select, entry_at, function, get,
    items, list, map_set, pattern, pretty_values, set_of, share, shared_args, throw_slot, to_json, trace,
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

/// `lib.debug.traceIf`: prints a message if a condition holds.
fn trace_if(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pred, msg, x] = exactly(args);
    if boolean(ev, pred)? { trace(ev, share(ev, msg)?, share(ev, x)?) } else { ev.force(x) }
}

/// `lib.debug.traceValFn`: prints a function of a value and returns the value.
fn trace_val_fn(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, x] = exactly(args);
    trace_made(ev, f, share(ev, x)?)
}

/// `traceValFn f x`
fn trace_made(ev: &Evaluator, f: &Slot, x: Value) -> Res<Value> {
    trace(ev, apply(ev, f, &[x])?, x)
}

/// `lib.debug.traceVal`: prints a value and returns it.
fn trace_val(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = exactly(args);
    let x = ev.force(x)?;
    trace(ev, x, x)
}

/// `lib.debug.traceSeq`: prints a deeply evaluated value and returns another.
fn trace_seq(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x, y] = exactly(args);
    ev.force_deep(x)?;
    trace(ev, ev.force(x)?, share(ev, y)?)
}

/// A value that is shown as a text.
fn snipped(ev: &Evaluator, text: &'static str, of: Value) -> Res<Value> {
    /// `_: text`
    static SHOWN: Builtin = Builtin::hidden("__pretty", &["text", "value"], |ev, args, _| {
        let [text, _] = exactly(args);
        ev.force(text)
    });
    let shown = ev.partial(&SHOWN, &[ev.mem.str(text)?])?;
    set_of(ev, &[("__pretty", shown), ("val", of)])
}

suspended! {
    /// `snip depth v.${name}`, by attribute.
    struct InSet { set, depth } []
}

suspended! {
    /// `snip depth (elemAt v n)`, by index.
    struct InList { list, depth } []
}

impl InSet<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        snip(ev, peek(self.depth), entry_at(ev, self.set, index)?.slot)
    }
}

impl InList<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        snip(ev, peek(self.depth), &ev.mem.items(peek(self.list))[index])
    }
}

/// `snip depth v`: a value cut off at a depth.
fn snip(ev: &Evaluator, depth: Value, of: &Slot) -> Res<Value> {
    let zero = ev.mem.int(0)?;
    let end = ev.slot_equals(&slot(depth), zero)?;
    let v = ev.force(of)?;
    let inner = || ev.subtract(depth, ev.mem.int(1)?);
    match (v.is_list(), v.is_attrs()) {
        (true, _) if end => snipped(ev, "[…]", v),
        (_, true) if end => snipped(ev, "{…}", v),
        (true, _) => ev.delayed_list(InList { list: v, depth: inner()? }, v.list_len()),
        (_, true) => {
            let depth = inner()?;
            map_set(ev, v, |set| InSet { set, depth })
        }
        _ => Ok(v),
    }
}

/// `traceSeqN depth x then`
fn trace_to_depth(ev: &Evaluator, depth: &Slot, x: &Slot, then: Value) -> Res<Value> {
    let depth = ev.force(depth)?;
    let shown = slot(snip(ev, depth, x)?);
    trace(ev, pretty_values(ev, &shown)?, then)
}

/// `lib.debug.traceSeqN`: prints a value down to a depth and returns another.
fn trace_seq_n(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [depth, x, y] = exactly(args);
    trace_to_depth(ev, depth, x, share(ev, y)?)
}

suspended! {
    /// `deepSeq v v`
    struct Deep { v }
}

impl Deep<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        ev.force_deep(self.v)?;
        ev.force(self.v)
    }
}

/// A suspended `deepSeq v v`, in a cell.
fn deep(ev: &Evaluator, v: &Slot) -> Res<Value> {
    cell(ev, ev.delay(Deep { v: share(ev, v)? })?)
}

/// `lib.debug.traceValSeqFn`: prints a function of a deeply evaluated value and returns the value.
fn trace_val_seq_fn(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, v] = exactly(args);
    trace_made(ev, f, deep(ev, v)?)
}

/// `lib.debug.traceValSeq`: deeply evaluates a value, prints it and returns it.
fn trace_val_seq(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [v] = exactly(args);
    ev.force_deep(v)?;
    let v = ev.force(v)?;
    trace(ev, v, v)
}

/// `lib.debug.traceValSeqNFn`: prints a function of a value down to a depth and returns the value.
fn trace_val_seq_n_fn(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, depth, v] = exactly(args);
    let v = share(ev, v)?;
    let shown = slot(ev.delay_call(share(ev, f)?, &[v])?);
    trace_to_depth(ev, depth, &shown, v)
}

/// `lib.debug.traceValSeqN`: prints a value down to a depth and returns it.
fn trace_val_seq_n(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [depth, v] = exactly(args);
    trace_to_depth(ev, depth, v, share(ev, v)?)
}

/// `lib.debug.traceFnSeqN`: calls a function and prints its argument and result.
fn trace_fn_seq_n(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [depth, name, f, v] = exactly(args);
    let v = share(ev, v)?;
    let made = cell(ev, ev.delay_call(share(ev, f)?, &[v])?)?;
    let shown = set_of(ev, &[("fn", share(ev, name)?), ("from", v), ("to", made)])?;
    let depth = ev.add(ev.force(depth)?, ev.mem.int(1)?)?;
    trace_to_depth(ev, &slot(depth), &slot(shown), made)
}

/// `lib.debug.runTests`: the failed tests: those whose expression does not equal the expected value.
fn run_tests(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [tests] = exactly(args);
    let tests = attrs(ev, tests)?;
    let chosen = get(ev, tests, "tests");
    let is_chosen = |name: Value| -> Res<bool> {
        match chosen {
            Some(chosen) => elem(ev, &slot(name), list(ev, chosen)?),
            None => Ok(false),
        }
    };
    let mut failed = Vec::new();
    for e in ev.mem.entries_by_name(tests) {
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
            let expected = delay_select(ev, test, "expected")?;
            let result = delay_select(ev, test, "expr")?;
            failed.push(set_of(ev, &[("name", name), ("expected", expected), ("result", result)])?);
        }
    }
    Ok(ev.mem.list(&failed)?)
}

const FAILURES: Formals =
    Formals { arg: 0, names: &[("failures", false), ("description", true)], ellipsis: true };

/// `lib.debug.throwTestFailures`: null, or an error that shows the failures that `runTests` found.
fn throw_test_failures(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [args] = exactly(args);
    let args = ev.force_formals("throwTestFailures", args, &FAILURES, pos)?;
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
    Err(throw_slot(ev, &slot(text.finish(ev)?)))
}

suspended! {
    /// `map (x: true) expr`
    struct Trues { expr }
}

impl Trues<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let n = list(ev, self.expr)?.list_len();
        Ok(ev.mem.list_from(n, std::iter::repeat_n(Value::TRUE, n))?)
    }
}

/// `lib.debug.testAllTrue`: a test that every element of a list is true.
fn test_all_true(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [expr] = shared_args(ev, args)?;
    set_of(ev, &[("expr", expr), ("expected", ev.delay(Trues { expr })?)])
}
