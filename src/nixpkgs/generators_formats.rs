//! The part of `lib.generators` for property lists, Dhall and Lua.

use super::generators::{NOTHING, json, pretty};
use super::strings::type_name;
use super::strings_escape::xml_escaped;
use crate::eval::{Evaluator, Formals, Res};
use crate::heap::Slot;
use crate::native::{
    Text, abort, attrs, boolean, get, interpolate, lossy, select, slot_text, strings, throw, to_string,
    warn_text,
};
use crate::source::Pos;
use crate::value::{Context, Type, Value, peek, slot};

pub(super) const PLIST: Formals = Formals { arg: 0, names: &[("escape", true)], ellipsis: false };

/// `lib.generators.toPlist`: a property list in XML.
pub(super) fn to_plist(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let options = ev.force_formals("toPlist", &a[0], &PLIST, pos)?;
    let escape = get(ev, options, "escape").map_or(Ok(false), |s| boolean(ev, s))?;
    if !escape {
        warn_text(ev, "Using `lib.generators.toPlist` without `escape = true` is deprecated", Value::NULL)?;
    }
    let mut plist = Plist { ev, escape, text: Text::new() };
    plist.text.put(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple Computer//DTD PLIST 1.0//EN\" \
         \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n",
    );
    plist.value(0, &a[1])?;
    plist.text.put("\n</plist>");
    plist.text.finish(ev)
}

struct Plist<'a> {
    ev: &'a Evaluator,
    escape: bool,
    text: Text,
}

impl Plist<'_> {
    fn tag(&mut self, depth: usize, tag: &str, v: Value) {
        self.text.put("\t".repeat(depth)).put(format!("<{tag}>"));
        let text = self.ev.mem.text(v);
        let escaped = if self.escape { xml_escaped(text) } else { text.to_vec() };
        self.text.put(escaped).add_context(self.ev, v).put(format!("</{tag}>"));
    }

    fn line(&mut self, depth: usize, line: &str) {
        self.text.put("\t".repeat(depth)).put(line);
    }

    fn value(&mut self, depth: usize, of: &Slot) -> Res<()> {
        let ev = self.ev;
        let _depth = ev.enter(Pos::NONE)?;
        let v = ev.force(of)?;
        match v.type_of() {
            Type::Null => {}
            Type::Bool => self.line(depth, if v == Value::TRUE { "<true/>" } else { "<false/>" }),
            Type::Int => self.tag(depth, "integer", to_string(ev, of)?),
            Type::Float => self.tag(depth, "real", to_string(ev, of)?),
            Type::String => self.tag(depth, "string", v),
            Type::Path => self.tag(depth, "string", to_string(ev, of)?),
            Type::List => {
                self.line(depth, "<array>\n");
                for (i, item) in ev.mem.items(v).iter().enumerate() {
                    self.text.put(if i > 0 { "\n" } else { "" });
                    self.value(depth + 1, item)?;
                }
                self.text.put("\n");
                self.line(depth, "</array>");
            }
            Type::Attrs => self.set(depth, v)?,
            Type::Function | Type::Thunk => {
                // The message itself cannot be made of what is left.
                let shown = interpolate(ev, of)?;
                let shown = lossy(ev.mem.text(shown));
                return Err(abort(format!("generators.toPlist: should never happen (v = {shown})")));
            }
        }
        Ok(())
    }

    fn set(&mut self, depth: usize, v: Value) -> Res<()> {
        let ev = self.ev;
        self.line(depth, "<dict>\n");
        let mut first = true;
        for e in ev.mem.entries_by_name(v) {
            if ev.mem.heap.name(e.name) == b"_module" || ev.force(e.slot)? == Value::NULL {
                continue;
            }
            self.text.put(if std::mem::take(&mut first) { "" } else { "\n" });
            self.tag(depth + 1, "key", Value::symbol(e.name));
            self.text.put("\n");
            self.value(depth + 1, e.slot)?;
        }
        self.text.put("\n");
        self.line(depth, "</dict>");
        Ok(())
    }
}

/// `lib.generators.toDhall`: a value in Dhall.
pub(super) fn to_dhall(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    ev.force_formals("toDhall", &a[0], &NOTHING, pos)?;
    let mut text = Text::new();
    dhall(ev, &mut text, &a[1])?;
    text.finish(ev)
}

fn dhall(ev: &Evaluator, text: &mut Text, of: &Slot) -> Res<()> {
    let _depth = ev.enter(Pos::NONE)?;
    let v = ev.force(of)?;
    match v.type_of() {
        Type::Attrs => {
            text.put("{ ");
            for (i, e) in ev.mem.entries_by_name(v).into_iter().enumerate() {
                text.put(if i > 0 { ", " } else { "" }).put(ev.mem.heap.name(e.name)).put(" = ");
                dhall(ev, text, e.slot)?;
            }
            text.put(" }");
        }
        Type::List => {
            text.put("[ ");
            for (i, item) in ev.mem.items(v).iter().enumerate() {
                text.put(if i > 0 { ", " } else { "" });
                dhall(ev, text, item)?;
            }
            text.put(" ]");
        }
        Type::Int => {
            let sign = if ev.mem.integer(v) < 0 { "" } else { "+" };
            text.put(sign).add(ev, to_string(ev, of)?);
        }
        Type::Bool => _ = text.put(if v == Value::TRUE { "True" } else { "False" }),
        Type::Function => return Err(abort("generators.toDhall: cannot convert a function to Dhall")),
        Type::Null => return Err(abort("generators.toDhall: cannot convert a null to Dhall")),
        _ => _ = text.add(ev, json(ev, of)?),
    }
    Ok(())
}

pub(super) const LUA: Formals = Formals {
    arg: 0,
    names: &[("multiline", true), ("indent", true), ("asBindings", true)],
    ellipsis: false,
};

/// `lib.generators.toLua`: a value in Lua, or assignments of a set's attributes.
pub(super) fn to_lua(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let options = ev.force_formals("toLua", &a[0], &LUA, pos)?;
    let indent = match get(ev, options, "indent") {
        Some(indent) => ev.mem.text(interpolate(ev, indent)?).to_vec(),
        None => Vec::new(),
    };
    let mut lua = Lua { ev, multiline: get(ev, options, "multiline"), text: Text::new() };
    match get(ev, options, "asBindings").map_or(Ok(false), |s| boolean(ev, s))? {
        true => lua.bindings(&indent, &a[1])?,
        false => lua.value(&indent, &a[1])?,
    }
    lua.text.finish(ev)
}

struct Lua<'a> {
    ev: &'a Evaluator,
    multiline: Option<&'a Slot>,
    text: Text,
}

impl Lua<'_> {
    fn bindings(&mut self, indent: &[u8], of: &Slot) -> Res<()> {
        let ev = self.ev;
        let set = attrs(ev, of)?;
        let entries = ev.mem.entries_by_name(set);
        let names = entries.iter().map(|e| ev.mem.heap.name(e.name));
        let bad: Vec<&[u8]> = names.filter(|n| !is_variable(n)).collect();
        if !bad.is_empty() {
            let shown = pretty(ev, &slot(strings(ev, &bad, Context::EMPTY)?))?;
            return Err(throw(format!("Bad Lua var names: {}", lossy(ev.mem.text(shown)))));
        }
        for e in entries {
            self.text.put(indent).put(ev.mem.heap.name(e.name)).put(" = ");
            self.value(indent, e.slot)?;
            self.text.put("\n");
        }
        Ok(())
    }

    fn value(&mut self, indent: &[u8], of: &Slot) -> Res<()> {
        let ev = self.ev;
        let _depth = ev.enter(Pos::NONE)?;
        let v = ev.force(of)?;
        match v.type_of() {
            Type::Null => _ = self.text.put("nil"),
            Type::Int | Type::Float | Type::String | Type::Bool => _ = self.text.add(ev, json(ev, of)?),
            Type::Path => self.interpolated(of)?,
            Type::Attrs if ev.is_derivation(v)? => self.interpolated(of)?,
            Type::List => {
                let items = ev.mem.items(v);
                self.table(indent, items, |lua, inner, item| lua.value(inner, item))?;
            }
            Type::Attrs if slot_text(ev, get(ev, v, "_type"))? == Some(b"lua-inline") => {
                let expr = slot(select(ev, v, "expr")?);
                self.text.put("(").interpolate(ev, &expr)?.put(")");
            }
            Type::Attrs => {
                let entries = ev.mem.entries_by_name(v);
                self.table(indent, &entries, |lua, inner, e| {
                    let name = json(ev, &slot(Value::symbol(e.name)))?;
                    lua.text.put("[").add(ev, name).put("] = ");
                    lua.value(inner, e.slot)
                })?;
            }
            Type::Function | Type::Thunk => {
                return Err(abort(format!("generators.toLua: type {} is unsupported", type_name(peek(of)))));
            }
        }
        Ok(())
    }

    fn interpolated(&mut self, of: &Slot) -> Res<()> {
        let text = slot(interpolate(self.ev, of)?);
        self.text.add(self.ev, json(self.ev, &text)?);
        Ok(())
    }

    fn table<T>(
        &mut self,
        indent: &[u8],
        items: &[T],
        mut item: impl FnMut(&mut Self, &[u8], &T) -> Res<()>,
    ) -> Res<()> {
        if items.is_empty() {
            self.text.put("{}");
            return Ok(());
        }
        let multiline = self.multiline.map_or(Ok(true), |s| boolean(self.ev, s))?;
        let inner = [indent, b"  "].concat();
        self.text.put("{");
        for (i, of) in items.iter().enumerate() {
            self.text.put(if i > 0 { "," } else { "" });
            match multiline {
                true => _ = self.text.put("\n").put(&inner),
                false => _ = self.text.put(" "),
            }
            item(self, &inner, of)?;
        }
        match multiline {
            true => _ = self.text.put("\n").put(indent),
            false => _ = self.text.put(" "),
        }
        self.text.put("}");
        Ok(())
    }
}

/// Whether a text is a Lua variable, possibly inside tables.
fn is_variable(text: &[u8]) -> bool {
    let start = |c: &u8| c.is_ascii_alphabetic() || *c == b'_';
    let part = |p: &[u8]| p.first().is_some_and(start) && p.iter().all(|c| start(c) || c.is_ascii_digit());
    text.split(|c| *c == b'.').all(part)
}
