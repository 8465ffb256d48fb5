//! Values as nixpkgs' error messages and documentation show them (`lib.generators.toPretty`).

use super::names::escape_identifier;
use crate::builtins::json::write_float;
use crate::eval::{Evaluator, Res};
use crate::heap::Slot;
use crate::native::{Text, apply, context, entries, function_args, get, is_function, text, to_string};
use crate::source::Pos;
use crate::value::{Type, Value, slot};

/// How values are shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pretty {
    /// Nothing below this depth is looked at (`lib.generators.withRecursion`).
    pub depth_limit: Option<usize>,
    /// Sets with `__pretty` and `val` say themselves how they are shown.
    pub own: bool,
}

/// What stands in the place of what is too deep.
const TOO_DEEP: &str = "\"<unevaluated>\"";

impl Pretty {
    /// Appends what a slot's value looks like.
    pub fn show(self, ev: &Evaluator, out: &mut Text, v: &Slot) -> Res<()> {
        self.at(ev, out, v, 0, 0)
    }

    /// `depth` counts sets and lists around the value; it also is the indentation.
    fn at(self, ev: &Evaluator, out: &mut Text, v: &Slot, indent: usize, depth: usize) -> Res<()> {
        if self.depth_limit.is_some_and(|limit| depth > limit) {
            out.put(TOO_DEEP);
            return Ok(());
        }
        let v = ev.force(v)?;
        // A leaf counts as one level more than the set it is in.
        let leaf = !v.is_attrs() && !v.is_list();
        if leaf && self.depth_limit.is_some_and(|limit| depth + 1 > limit) {
            out.put(TOO_DEEP);
            return Ok(());
        }
        match v.type_of() {
            Type::Int => {
                out.put(ev.mem.integer(v).to_string());
            }
            Type::Float => {
                let mut digits = Vec::new();
                write_float(&mut digits, ev.mem.real(v));
                out.put(digits);
            }
            Type::String => string(ev, out, v, indent),
            Type::Bool => {
                out.put(if v.is_true() { "true" } else { "false" });
            }
            Type::Null => {
                out.put("null");
            }
            Type::Path => {
                let path = to_string(ev, &crate::value::slot(v))?;
                out.add(ev, path);
            }
            Type::List => return self.list(ev, out, v, indent, depth),
            _ if is_function(ev, v)? => return function(ev, out, v),
            _ => return self.attrs(ev, out, v, indent, depth),
        }
        Ok(())
    }

    fn list(self, ev: &Evaluator, out: &mut Text, v: Value, indent: usize, depth: usize) -> Res<()> {
        let _depth = ev.enter(Pos::NONE)?;
        if v == Value::EMPTY_LIST {
            out.put("[ ]");
            return Ok(());
        }
        out.put("[");
        for item in ev.mem.items(v) {
            new_line(out, indent + 1);
            self.at(ev, out, item, indent + 1, depth + 1)?;
        }
        new_line(out, indent);
        out.put("]");
        Ok(())
    }

    fn attrs(self, ev: &Evaluator, out: &mut Text, v: Value, indent: usize, depth: usize) -> Res<()> {
        let _depth = ev.enter(Pos::NONE)?;
        if self.own
            && let (Some(pretty), Some(val)) = (get(ev, v, sym!("__pretty")), get(ev, v, sym!("val")))
        {
            let shown = apply(ev, pretty, &[ev.mem.share(val)?])?;
            out.interpolate(ev, &crate::value::slot(shown))?;
            return Ok(());
        }
        if ev.mem.attrs_len(v) == 0 {
            out.put("{ }");
            return Ok(());
        }
        if ev.is_derivation(v)? {
            out.put("<derivation ");
            match get(ev, v, sym!("name")) {
                Some(name) => out.interpolate(ev, name)?,
                None => out.put("???"),
            };
            out.put(">");
            return Ok(());
        }
        out.put("{");
        for entry in ev.mem.entries_by_name(v) {
            new_line(out, indent + 1);
            let name = ev.mem.heap.name(entry.name);
            out.put(escape_identifier(name)).put(" = ");
            // These attributes are exempt from the limit.
            let special = [sym!("__functor"), sym!("__functionArgs"), sym!("__toString"), sym!("__pretty")];
            let inner =
                if special.contains(&entry.name) { Pretty { depth_limit: None, ..self } } else { self };
            inner.at(ev, out, entry.slot, indent + 1, depth + 1).map_err(|e| {
                let name = String::from_utf8_lossy(name).into_owned();
                context(e, format!("while evaluating an attribute `{name}`"))
            })?;
            out.put(";");
        }
        new_line(out, indent);
        out.put("}");
        Ok(())
    }
}

fn new_line(out: &mut Text, indent: usize) {
    out.put("\n");
    for _ in 0..indent {
        out.put("  ");
    }
}

/// Strings of one line are quoted, others are indented strings.
fn string(ev: &Evaluator, out: &mut Text, v: Value, indent: usize) {
    let bytes = ev.mem.text(v);
    // Keeps the context; the text itself needs escapes.
    out.add_context(ev, v);
    let lines: Vec<&[u8]> = bytes.split(|c| *c == b'\n').collect();
    if let [line] = lines[..] {
        out.put("\"").put(escaped(line, &[(b"\\", b"\\\\"), (b"\"", b"\\\""), (b"${", b"\\${")])).put("\"");
        return;
    }
    let escape = |line: &[u8]| escaped(line, &[(b"${", b"''${"), (b"''", b"'''")]);
    out.put("''");
    for line in &lines[..lines.len() - 1] {
        new_line(out, indent + 1);
        out.put(escape(line));
    }
    match lines[lines.len() - 1] {
        b"" => new_line(out, indent),
        last => {
            new_line(out, indent + 1);
            out.put(escape(last));
        }
    }
    out.put("''");
}

/// `text` with the first of each pair replaced by the second, in one pass.
fn escaped(text: &[u8], pairs: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        match pairs.iter().find(|(from, _)| rest.starts_with(from)) {
            Some((from, to)) => {
                out.extend_from_slice(to);
                rest = &rest[from.len()..];
            }
            None => {
                out.push(*first);
                rest = tail;
            }
        }
    }
    out
}

fn function(ev: &Evaluator, out: &mut Text, v: Value) -> Res<()> {
    let args = slot(function_args(ev, v)?);
    let args = entries(ev, &args)?;
    if args.is_empty() {
        out.put("<function>");
        return Ok(());
    }
    out.put("<function, args: {");
    for (i, arg) in args.into_iter().enumerate() {
        out.put(if i > 0 { ", " } else { "" }).put(ev.mem.heap.name(arg.name));
        if crate::native::truth(ev, ev.force(arg.slot)?)? {
            out.put("?");
        }
    }
    out.put("}>");
    Ok(())
}

/// What `lib.generators.toPretty { }` makes of a value that is shown in an error message.
pub(super) fn for_message(ev: &Evaluator, v: &Slot) -> Res<String> {
    const DEPTH: usize = 10;
    let mut out = Text::default();
    Pretty { depth_limit: Some(DEPTH), own: false }.show(ev, &mut out, v)?;
    let shown = out.finish(ev)?;
    Ok(text(ev, shown))
}
