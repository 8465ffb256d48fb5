//! Property lists in XML: `toPlist`.

use crate::eval::{Evaluator, Formals, Res, exactly};
use crate::heap::Slot;
use crate::native::{Text, abort, boolean, get, interpolate, lossy, to_string, warn_text};
use crate::nixpkgs::strings::xml_escaped;
use crate::source::Pos;
use crate::value::{Type, Value};

/// The pattern of `toPlist`.
pub(super) const OPTIONS: Formals = Formals { arg: 0, names: &[("escape", true)], ellipsis: false };

/// `lib.generators.toPlist`: a property list in XML.
pub(super) fn to_plist(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [options, v] = exactly(args);
    let options = ev.force_formals("toPlist", options, &OPTIONS, pos)?;
    let escape = get(ev, options, "escape").map_or(Ok(false), |s| boolean(ev, s))?;
    if !escape {
        let message = "Using `lib.generators.toPlist` without `escape = true` is deprecated";
        warn_text(ev, message, Value::NULL)?;
    }
    let mut plist = Plist { ev, escape, text: Text::new() };
    plist.text.put(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple Computer//DTD PLIST 1.0//EN\" \
         \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n",
    );
    plist.value(0, v)?;
    plist.text.put("\n</plist>");
    plist.text.finish(ev)
}

/// A property list under construction.
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
                // Such a value cannot be interpolated, so building the message fails.
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
