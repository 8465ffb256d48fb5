//! Lua: `toLua` and `mkLuaInline`.

use crate::eval::{Evaluator, Formals, Res, exactly};
use crate::heap::Slot;
use crate::native::{
    Text, abort, attrs, boolean, get, interpolate, is_type, lossy, pretty, select, set_of, share, strings,
    throw, to_json,
};
use crate::source::Pos;
use crate::value::{Context, Type, Value, slot};

/// The pattern of `toLua`.
pub(super) const OPTIONS: Formals = Formals {
    arg: 0,
    names: &[("multiline", true), ("indent", true), ("asBindings", true)],
    ellipsis: false,
};

/// `lib.generators.toLua`: a value in Lua, or assignments for a set's attributes.
pub(super) fn to_lua(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [options, v] = exactly(args);
    let options = ev.force_formals("toLua", options, &OPTIONS, pos)?;
    let indent = match get(ev, options, "indent") {
        Some(indent) => ev.mem.text(interpolate(ev, indent)?).to_vec(),
        None => Vec::new(),
    };
    let mut lua = Lua { ev, multiline: get(ev, options, "multiline"), text: Text::new() };
    match get(ev, options, "asBindings").map_or(Ok(false), |s| boolean(ev, s))? {
        true => lua.bindings(&indent, v)?,
        false => lua.value(&indent, v)?,
    }
    lua.text.finish(ev)
}

/// A Lua text under construction.
struct Lua<'a> {
    ev: &'a Evaluator,
    multiline: Option<&'a Slot>,
    text: Text,
}

impl Lua<'_> {
    /// An assignment for each attribute.
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
            Type::Int | Type::Float | Type::String | Type::Bool => _ = self.text.add(ev, to_json(ev, of)?),
            Type::Path => self.interpolated(of)?,
            Type::Attrs if ev.is_derivation(v)? => self.interpolated(of)?,
            Type::List => {
                let items = ev.mem.items(v);
                self.table(indent, items, |lua, inner, item| lua.value(inner, item))?;
            }
            Type::Attrs if is_type(ev, v, b"lua-inline")? => {
                let expr = slot(select(ev, v, "expr")?);
                self.text.put("(").interpolate(ev, &expr)?.put(")");
            }
            Type::Attrs => {
                let entries = ev.mem.entries_by_name(v);
                self.table(indent, &entries, |lua, inner, e| {
                    let name = to_json(ev, &slot(Value::symbol(e.name)))?;
                    lua.text.put("[").add(ev, name).put("] = ");
                    lua.value(inner, e.slot)
                })?;
            }
            Type::Function | Type::Thunk => {
                return Err(abort(format!("generators.toLua: type {} is unsupported", v.type_of().name())));
            }
        }
        Ok(())
    }

    /// `toJSON "${of}"`
    fn interpolated(&mut self, of: &Slot) -> Res<()> {
        let text = slot(interpolate(self.ev, of)?);
        self.text.add(self.ev, to_json(self.ev, &text)?);
        Ok(())
    }

    /// A table, on several lines or on one.
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

/// Whether a text is a Lua variable, possibly a table field.
fn is_variable(text: &[u8]) -> bool {
    let start = |c: &u8| c.is_ascii_alphabetic() || *c == b'_';
    let part = |p: &[u8]| p.first().is_some_and(start) && p.iter().all(|c| start(c) || c.is_ascii_digit());
    text.split(|c| *c == b'.').all(part)
}

/// `lib.generators.mkLuaInline`: an expression that `toLua` writes verbatim.
pub(super) fn mk_lua_inline(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [expr] = exactly(args);
    set_of(ev, &[("_type", ev.mem.str("lua-inline")?), ("expr", share(ev, expr)?)])
}
