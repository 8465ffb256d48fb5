//! Values as XML: `builtins.toXML` and `--xml`.

use hashbrown::HashSet;

use crate::eval::{Evaluator, Res};
use crate::heap::Slot;
use crate::source::Pos;
use crate::syntax::print_float;
use crate::value::{Context, Tag, Type, Value};

/// A value as an XML document, with the context of all strings in it. `strict` says whether thunks inside are forced
/// (otherwise they become `<unevaluated />`), and `location` whether attributes and functions carry their positions.
/// If forcing fails, the document ends there.
pub fn to_xml(ev: &Evaluator, value: &Slot, strict: bool, location: bool) -> (Vec<u8>, Res<Context>) {
    let mut writer = Writer {
        ev,
        strict,
        location,
        out: b"<?xml version='1.0' encoding='utf-8'?>\n".to_vec(),
        depth: 0,
        context: Context::EMPTY,
        seen: HashSet::new(),
    };
    let done = writer.within("expr", &[], |w| w.slot(value, Pos::NONE));
    let context = writer.context;
    (writer.out, done.map(|()| context))
}

struct Writer<'a> {
    ev: &'a Evaluator,
    strict: bool,
    location: bool,
    out: Vec<u8>,
    depth: usize,
    context: Context,
    /// The derivations printed so far.
    seen: HashSet<Vec<u8>>,
}

/// An attribute's key and value.
type Attribute = (&'static str, Vec<u8>);

impl Writer<'_> {
    fn tag(&mut self, name: &str, attributes: &[Attribute], end: &str) {
        self.out.extend(std::iter::repeat_n(b' ', 2 * self.depth));
        self.out.push(b'<');
        self.out.extend_from_slice(name.as_bytes());
        for (key, value) in attributes {
            self.out.extend_from_slice(format!(" {key}=\"").as_bytes());
            for &c in value {
                match c {
                    b'"' => self.out.extend_from_slice(b"&quot;"),
                    b'<' => self.out.extend_from_slice(b"&lt;"),
                    b'>' => self.out.extend_from_slice(b"&gt;"),
                    b'&' => self.out.extend_from_slice(b"&amp;"),
                    b'\n' => self.out.extend_from_slice(b"&#xA;"),
                    c => self.out.push(c),
                }
            }
            self.out.push(b'"');
        }
        self.out.extend_from_slice(end.as_bytes());
    }

    /// Writes an element around the output of `write`; it is closed even if `write` fails.
    fn within(
        &mut self,
        name: &str,
        attributes: &[Attribute],
        write: impl FnOnce(&mut Self) -> Res<()>,
    ) -> Res<()> {
        self.open(name, attributes);
        let done = write(self);
        self.close(name);
        done
    }

    fn open(&mut self, name: &str, attributes: &[Attribute]) {
        self.tag(name, attributes, ">\n");
        self.depth += 1;
    }

    fn close(&mut self, name: &str) {
        self.depth -= 1;
        self.out.extend(std::iter::repeat_n(b' ', 2 * self.depth));
        self.out.extend_from_slice(format!("</{name}>\n").as_bytes());
    }

    fn empty(&mut self, name: &str, attributes: &[Attribute]) {
        self.tag(name, attributes, " />\n");
    }

    fn slot(&mut self, slot: &Slot, pos: Pos) -> Res<()> {
        let v = if self.strict { self.ev.force_at(slot, pos)? } else { self.ev.known(slot) };
        self.value(v, pos)
    }

    fn value(&mut self, v: Value, pos: Pos) -> Res<()> {
        let ev = self.ev;
        let _depth = ev.enter(pos)?;
        let value = |text: &[u8]| [("value", text.to_vec())];
        match v.type_of() {
            Type::Int => self.empty("int", &value(ev.mem.integer(v).to_string().as_bytes())),
            Type::Float => {
                self.empty("float", &value(print_float(ev.mem.real(v)).as_bytes()));
            }
            Type::Bool => self.empty("bool", &value(if v == Value::TRUE { b"true" } else { b"false" })),
            Type::Null => self.empty("null", &[]),
            Type::String => {
                self.context = ev.mem.contexts.union(self.context, ev.mem.context(v));
                self.empty("string", &value(ev.mem.text(v)));
            }
            Type::Path => self.empty("path", &value(ev.mem.text(v))),
            Type::List => {
                self.within("list", &[], |w| ev.mem.items(v).iter().try_for_each(|item| w.slot(item, pos)))?;
            }
            Type::Attrs if ev.is_derivation(v)? => self.derivation(v)?,
            Type::Attrs => self.within("attrs", &[], |w| w.attributes(v))?,
            Type::Function => self.function(v),
            Type::Thunk => self.empty("unevaluated", &[]),
        }
        Ok(())
    }

    fn attributes(&mut self, set: Value) -> Res<()> {
        for entry in self.ev.mem.entries_by_name(set) {
            let mut attributes = self.place(entry.pos);
            attributes.push(self.name(entry.name));
            attributes.sort_by_key(|a| a.0);
            self.within("attr", &attributes, |w| w.slot(entry.slot, entry.pos))?;
        }
        Ok(())
    }

    fn name(&self, name: crate::heap::Sym) -> Attribute {
        ("name", self.ev.mem.heap.name(name).to_vec())
    }

    /// `column`, `line` and `path` of a position, if wanted.
    fn place(&self, pos: Pos) -> Vec<Attribute> {
        let Some(place) = self.ev.sources.place(pos).filter(|_| self.location) else {
            return Vec::new();
        };
        let mut out = vec![
            ("column", place.column.to_string().into_bytes()),
            ("line", place.line.to_string().into_bytes()),
        ];
        if let Some(path) = place.source.position_path() {
            out.push(("path", path.to_vec()));
        }
        out
    }

    fn derivation(&mut self, set: Value) -> Res<()> {
        let ev = self.ev;
        let mut attributes = Vec::new();
        let mut drv_path = Vec::new();
        for (key, name) in [("drvPath", sym!("drvPath")), ("outPath", sym!("outPath"))] {
            let Some(slot) = ev.mem.get(set, name) else {
                continue;
            };
            let v = if self.strict { ev.force(slot)? } else { ev.known(slot) };
            if v.is_string() {
                attributes.push((key, ev.mem.text(v).to_vec()));
                if key == "drvPath" {
                    drv_path = ev.mem.text(v).to_vec();
                }
            }
        }
        self.within("derivation", &attributes, |w| {
            if !drv_path.is_empty() && w.seen.insert(drv_path) {
                return w.attributes(set);
            }
            w.empty("repeated", &[]);
            Ok(())
        })
    }

    fn function(&mut self, v: Value) {
        let ev = self.ev;
        let (function, held) = ev.underlying_function(v);
        if function.tag() != Tag::Lambda {
            return self.empty("unevaluated", &[]);
        }
        let place = self.place(ev.lambda_pos(function, held));
        self.open("function", &place);
        match ev.formals(function) {
            Some(mut formals) => {
                let mut attributes = Vec::new();
                if ev.has_ellipsis(function) {
                    attributes.push(("ellipsis", b"1".to_vec()));
                }
                attributes.extend(ev.argument_name(function, 0).map(|n| self.name(n)));
                self.open("attrspat", &attributes);
                formals.sort_by_key(|f| ev.mem.heap.name(f.0));
                for (name, _, _) in formals {
                    let name = self.name(name);
                    self.empty("attr", &[name]);
                }
                self.close("attrspat");
            }
            None => {
                let name = ev.argument_name(function, held).map(|n| self.name(n));
                self.empty("varpat", name.as_slice());
            }
        }
        self.close("function");
    }
}
