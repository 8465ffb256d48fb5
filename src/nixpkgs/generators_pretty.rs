//! The part of `lib.generators` that shows values to people, and limits how deep they are looked into.

use super::generators::json;
use super::strings_escape::nix_identifier;
use crate::eval::{Builtin, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{
    Text, apply, assert, boolean, entries, entry_at, function_args, get, integer, interpolate, is_function,
    lossy, map_set, share, throw, to_string,
};
use crate::source::Pos;
use crate::value::{Context, Type, Value, peek, slot};

pub(super) const OPTIONS: Formals = Formals {
    arg: 0,
    names: &[("allowPrettyValues", true), ("multiline", true), ("indent", true)],
    ellipsis: false,
};

/// `lib.generators.toPretty`: a value as it might be written in Nix.
pub(super) fn to_pretty(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let options = ev.force_formals("toPretty", &a[0], &OPTIONS, pos)?;
    let printer =
        Pretty { ev, allow: get(ev, options, "allowPrettyValues"), multiline: get(ev, options, "multiline") };
    let indent = match get(ev, options, "indent") {
        Some(indent) => ev.mem.text(interpolate(ev, indent)?).to_vec(),
        None => Vec::new(),
    };
    printer.go(&indent, &a[1])
}

/// `lib.generators.toPretty { } v`
pub(super) fn pretty(ev: &Evaluator, v: &Slot) -> Res<Value> {
    Pretty { ev, allow: None, multiline: None }.go(b"", v)
}

/// `lib.generators.toPretty { multiline = false; } v`
pub(super) fn pretty_line(ev: &Evaluator, v: &Slot) -> Res<Value> {
    Pretty { ev, allow: None, multiline: Some(&slot(Value::FALSE)) }.go(b"", v)
}

/// `lib.generators.toPretty { allowPrettyValues = true; } v`
pub(super) fn pretty_values(ev: &Evaluator, v: &Slot) -> Res<Value> {
    Pretty { ev, allow: Some(&slot(Value::TRUE)), multiline: None }.go(b"", v)
}

struct Pretty<'a> {
    ev: &'a Evaluator,
    allow: Option<&'a Slot>,
    multiline: Option<&'a Slot>,
}

impl Pretty<'_> {
    /// Whether several lines may be used; looked at only where that matters.
    fn multiline(&self) -> Res<bool> {
        self.multiline.map_or(Ok(true), |s| boolean(self.ev, s))
    }

    /// What comes before each element and behind the last one.
    fn spaces(&self, indent: &[u8]) -> Res<(Vec<u8>, Vec<u8>)> {
        Ok(match self.multiline()? {
            true => ([b"\n", indent, b"  "].concat(), [b"\n", indent].concat()),
            false => (b" ".to_vec(), b" ".to_vec()),
        })
    }

    fn go(&self, indent: &[u8], of: &Slot) -> Res<Value> {
        let ev = self.ev;
        let _depth = ev.enter(Pos::NONE)?;
        let v = ev.force(of)?;
        match v.type_of() {
            Type::Int | Type::Path => to_string(ev, of),
            Type::Float => json(ev, of),
            Type::String => self.string(indent, ev.mem.text(v)),
            Type::Bool => Ok(ev.mem.str(if v == Value::TRUE { "true" } else { "false" })?),
            Type::Null => Ok(ev.mem.str("null")?),
            Type::List => self.list(indent, v),
            Type::Attrs if !is_function(ev, v)? => self.set(indent, v),
            _ => self.function(v),
        }
    }

    fn string(&self, indent: &[u8], text: &[u8]) -> Res<Value> {
        let ev = self.ev;
        let several = self.multiline()? && text.contains(&b'\n');
        let mut out = Vec::with_capacity(text.len() + 2);
        if !several {
            out.push(b'"');
            for (i, c) in text.iter().enumerate() {
                match c {
                    b'\n' => out.extend_from_slice(b"\\n"),
                    b'\\' | b'"' => out.extend_from_slice(&[b'\\', *c]),
                    b'$' if text.get(i + 1) == Some(&b'{') => out.extend_from_slice(b"\\$"),
                    _ => out.push(*c),
                }
            }
            out.push(b'"');
            return Ok(ev.mem.string(&out, Context::EMPTY)?);
        }
        let (intro, outro) = self.spaces(indent)?;
        out.extend_from_slice(b"''");
        let mut lines = text.split(|c| *c == b'\n').peekable();
        while let Some(line) = lines.next() {
            if lines.peek().is_none() && line.is_empty() {
                out.extend_from_slice(&outro);
                break;
            }
            out.extend_from_slice(&intro);
            let mut rest = line;
            while let [c, after @ ..] = rest {
                if rest.starts_with(b"${") {
                    out.extend_from_slice(b"''${");
                    rest = &rest[2..];
                } else if rest.starts_with(b"''") {
                    out.extend_from_slice(b"'''");
                    rest = &rest[2..];
                } else {
                    out.push(*c);
                    rest = after;
                }
            }
        }
        out.extend_from_slice(b"''");
        Ok(ev.mem.string(&out, Context::EMPTY)?)
    }

    fn list(&self, indent: &[u8], v: Value) -> Res<Value> {
        let ev = self.ev;
        if v.list_len() == 0 {
            return Ok(ev.mem.str("[ ]")?);
        }
        let (intro, outro) = self.spaces(indent)?;
        let inner = [indent, b"  "].concat();
        let mut text = Text::new();
        text.put("[");
        for item in ev.mem.items(v) {
            let made = slot(self.go(&inner, item)?);
            text.put(&intro).interpolate(ev, &made)?;
        }
        text.put(&outro).put("]");
        text.finish(ev)
    }

    fn function(&self, v: Value) -> Res<Value> {
        let ev = self.ev;
        let args = slot(function_args(ev, v)?);
        let mut shown = Vec::new();
        for e in entries(ev, &args)? {
            let mark = if boolean(ev, e.slot)? { "?" } else { "" };
            shown.push(format!("{}{mark}", ev.name(e.name)));
        }
        Ok(ev.mem.str(&match shown.is_empty() {
            true => "<function>".to_owned(),
            false => format!("<function, args: {{{}}}>", shown.join(", ")),
        })?)
    }

    fn set(&self, indent: &[u8], v: Value) -> Res<Value> {
        let ev = self.ev;
        if self.allow.map_or(Ok(false), |s| boolean(ev, s))?
            && let (Some(show), Some(value)) = (get(ev, v, "__pretty"), get(ev, v, "val"))
        {
            return apply(ev, show, &[share(ev, value)?]);
        }
        if ev.mem.attrs_len(v) == 0 {
            return Ok(ev.mem.str("{ }")?);
        }
        let mut text = Text::new();
        if ev.is_derivation(v)? {
            text.put("<derivation ");
            match get(ev, v, "name") {
                Some(name) => text.interpolate(ev, name)?,
                None => text.put("???"),
            };
            text.put(">");
            return text.finish(ev);
        }
        let (intro, outro) = self.spaces(indent)?;
        let inner = [indent, b"  "].concat();
        text.put("{");
        for e in ev.mem.entries_by_name(v) {
            let name = nix_identifier(ev, &slot(Value::symbol(e.name)))?;
            text.put(&intro).add(ev, name).put(" = ");
            let made = self.go(&inner, e.slot).map_err(|error| {
                let name = lossy(ev.mem.heap.name(e.name));
                error.trace_always(Pos::NONE, format!("while evaluating an attribute `{name}`"))
            })?;
            text.interpolate(ev, &slot(made))?.put(";");
        }
        text.put(&outro).put("}");
        text.finish(ev)
    }
}

pub(super) const RECURSION: Formals =
    Formals { arg: 0, names: &[("depthLimit", false), ("throwOnDepthLimit", true)], ellipsis: false };

/// `lib.generators.withRecursion`: makes a function that cuts values that are nested too deeply.
pub(super) fn with_recursion(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    static CUT: Builtin = Builtin::hidden("withRecursion", &["limit", "throws", "v"], |ev, args, _| {
        let [limit, throws, v] = exactly(args);
        limited(ev, Limit { limit, throws }, v, 0)
    });
    let options = ev.force_formals("withRecursion", &a[0], &RECURSION, pos)?;
    let limit = crate::native::select(ev, options, "depthLimit")?;
    assert(limit.type_of() == Type::Int, "(isInt depthLimit)")?;
    let throws = match get(ev, options, "throwOnDepthLimit") {
        Some(throws) => share(ev, throws)?,
        None => Value::TRUE,
    };
    ev.partial(&CUT, &[limit, throws])
}

suspended! {
    /// The attributes of a set at some depth, by index.
    struct InSet["lib.withRecursion"] { set, limit, throws, depth } []
}

suspended! {
    /// The elements of a list at some depth, by index.
    struct InList["lib.withRecursion"] { list, limit, throws, depth } []
}

impl InSet<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let e = entry_at(ev, self.set, index)?;
        let special: [&[u8]; 4] = [b"__functor", b"__functionArgs", b"__toString", b"__pretty"];
        match special.contains(&ev.mem.heap.name(e.name)) {
            true => ev.force(e.slot),
            false => deeper(ev, Limit { limit: self.limit, throws: self.throws }, self.depth, e.slot),
        }
    }
}

impl InList<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let item = &ev.mem.items(peek(self.list))[index];
        deeper(ev, Limit { limit: self.limit, throws: self.throws }, self.depth, item)
    }
}

/// How deep values may be, and whether deeper ones are an error.
#[derive(Clone, Copy)]
struct Limit<'a> {
    limit: &'a Slot,
    throws: &'a Slot,
}

/// A value at some depth.
fn limited(ev: &Evaluator, within: Limit<'_>, value: &Slot, depth: i64) -> Res<Value> {
    let v = ev.force(value)?;
    if v.is_attrs() || v.is_list() {
        let (limit, throws) = (share(ev, within.limit)?, share(ev, within.throws)?);
        let depth = ev.mem.int(depth)?;
        return match v.is_attrs() {
            true => map_set(ev, v, |set| InSet { set, limit, throws, depth }),
            false => ev.delayed_list(InList { list: v, limit, throws, depth }, v.list_len()),
        };
    }
    match over_limit(ev, within, depth + 1)? {
        Some(cut) => Ok(cut),
        None => Ok(v),
    }
}

/// What stands for a value that is too deep.
fn over_limit(ev: &Evaluator, within: Limit<'_>, depth: i64) -> Res<Option<Value>> {
    let limit = integer(ev, within.limit)?;
    if depth <= limit {
        return Ok(None);
    }
    if boolean(ev, within.throws)? {
        return Err(throw(format!(
            "Exceeded maximum eval-depth limit of {limit} while trying to evaluate with `generators.withRecursion'!"
        )));
    }
    Ok(Some(ev.mem.str("<unevaluated>")?))
}

fn deeper(ev: &Evaluator, within: Limit<'_>, depth: &Slot, value: &Slot) -> Res<Value> {
    let depth = integer(ev, depth)? + 1;
    match over_limit(ev, within, depth)? {
        Some(cut) => limited(ev, within, &slot(cut), depth),
        None => limited(ev, within, value, depth),
    }
}
