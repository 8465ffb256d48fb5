//! Built-ins for errors, strictness and messages.

use crate::eval::{
    BLANKS, Builtin, Coerce, Error, ErrorKind, Evaluator, PrintOptions, Res, exactly, for_terminal, indent,
    print_value,
};
use crate::heap::Slot;
use crate::host::{bytes_of, shown};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[
    Builtin::new("throw", &["s"], "An error that tryEval can catch.", |ev, args, _| {
        let [s] = exactly(args);
        let doing = "while evaluating the error message passed to builtin.throw";
        Err(Error::new(ErrorKind::Throw, message(ev, s, doing)?))
    }),
    Builtin::new("abort", &["s"], "An error that ends the evaluation.", |ev, args, _| {
        let [s] = exactly(args);
        let doing = "while evaluating the error message passed to builtins.abort";
        let text = message(ev, s, doing)?;
        let message = format!("evaluation aborted with the following error message: '{text}'");
        Err(Error::new(ErrorKind::Abort, message))
    }),
    Builtin::new("tryEval", &["e"], "Whether e can be evaluated, and its value.", try_eval),
    Builtin::new("seq", &["e1", "e2"], "Evaluates e1, then returns e2.", |ev, args, pos| {
        let [e1, e2] = exactly(args);
        ev.force_at(e1, pos)?;
        ev.force_at(e2, pos)
    }),
    Builtin::new("deepSeq", &["e1", "e2"], "Evaluates all of e1, then returns e2.", |ev, args, pos| {
        let [e1, e2] = exactly(args);
        ev.force_deep(e1)?;
        ev.force_at(e2, pos)
    }),
    Builtin::new("trace", &["e1", "e2"], "Prints e1 to standard error, then returns e2.", trace),
    Builtin::new("traceVerbose", &["e1", "e2"], "Like trace, if --trace-verbose is on.", |ev, args, pos| {
        let [_, e2] = exactly(args);
        if ev.settings.trace_verbose { trace(ev, args, pos) } else { ev.force_at(e2, pos) }
    }),
    Builtin::new("warn", &["e1", "e2"], "Prints the warning e1, then returns e2.", warn),
    Builtin::new(
        "addErrorContext",
        &["context", "e"],
        "Evaluates e; errors in it get a line of context.",
        add_error_context,
    )
    .untraced(),
    Builtin::new("break", &["v"], "Stops in the debugger, which nival does not have.", |ev, args, _| {
        let [v] = exactly(args);
        ev.force(v)
    })
    .untraced(),
    Builtin::new("getEnv", &["s"], "The value of an environment variable.", |ev, args, _| {
        let [s] = exactly(args);
        let doing = "while evaluating the first argument passed to builtins.getEnv";
        let name = ev.force_plain_string(s, Pos::NONE, doing)?;
        let value =
            if ev.settings.pure || ev.settings.restrict { None } else { ev.host.env(ev.mem.text(name)) };
        Ok(ev.mem.string(&value.unwrap_or_default(), Default::default())?)
    }),
];

fn message(ev: &Evaluator, slot: &Slot, doing: &'static str) -> Res<String> {
    let text = ev.coerce(slot, Pos::NONE, Coerce::INTERPOLATE, doing)?;
    Ok(shown(ev.mem.text(text)).into_owned())
}

fn try_eval(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [e] = exactly(args);
    let (success, value) = match ev.force_at(e, pos) {
        Ok(v) => (Value::TRUE, v),
        Err(e) if e.is_catchable() => {
            ev.caught(&e);
            (Value::FALSE, Value::FALSE)
        }
        Err(e) => return Err(e),
    };
    let mut set = AttrsBuilder::with_capacity(2);
    set.push(sym!("success"), success);
    set.push(sym!("value"), value);
    Ok(ev.mem.attrs(set)?)
}

fn trace(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [e1, e2] = exactly(args);
    let v = ev.force_at(e1, pos)?;
    if ev.is_silent() {
        return ev.force_at(e2, pos);
    }
    let text = match v.is_string() {
        true => ev.mem.text(v).to_vec(),
        false => bytes_of(&print_value(ev, v, &PrintOptions::ALL)).into_owned(),
    };
    ev.host.message(&for_terminal(&[b"trace: ", &text[..]].concat()));
    ev.force_at(e2, pos)
}

fn warn(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [e1, e2] = exactly(args);
    let doing = "while evaluating the first argument; the message passed to builtins.warn";
    let text = ev.force_string(e1, Pos::NONE, doing)?;
    let text = shown(ev.mem.text(text));
    let text = if text.trim_matches(BLANKS).is_empty() {
        String::new()
    } else {
        indent("evaluation warning: ", &text)
    };
    if !ev.is_silent() {
        ev.host.message(&for_terminal(&bytes_of(&text)));
    }
    if ev.settings.abort_on_warn {
        let message = "aborting to reveal stack trace of warning, as abort-on-warn is set";
        return Err(Error::new(ErrorKind::Abort, message));
    }
    ev.force_at(e2, pos)
}

fn add_error_context(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [context, e] = exactly(args);
    ev.force(e).map_err(|e| {
        // Thunks that failed with this error fail with the full trace when forced again.
        ev.caught(&e);
        let doing = "while evaluating the error message passed to builtins.addErrorContext";
        match ev.coerce(context, Pos::NONE, Coerce::PLAIN, doing) {
            Ok(text) => e.trace_always(Pos::NONE, shown(ev.mem.text(text)).into_owned()),
            Err(e) => e,
        }
    })
}
