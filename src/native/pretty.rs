//! Human-readable values: `lib.generators.toPretty`.

use super::attributes::get;
use super::calls::{apply, function_args, is_function};
use super::cells::share;
use super::errors::context;
use super::force::{boolean, entries, to_json, to_string};
use super::quoting::nix_identifier;
use super::search::replaced;
use super::text::{Text, lossy};
use crate::eval::{Evaluator, Res};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::{Type, Value, slot};

/// `toPretty { }`
pub fn pretty(ev: &Evaluator, v: &Slot) -> Res<Value> {
    Pretty::default().show(ev, v)
}

/// `toPretty { multiline = false; }`
pub fn pretty_line(ev: &Evaluator, v: &Slot) -> Res<Value> {
    Pretty { multiline: Some(&slot(Value::FALSE)), ..Pretty::default() }.show(ev, v)
}

/// `toPretty { allowPrettyValues = true; }`
pub fn pretty_values(ev: &Evaluator, v: &Slot) -> Res<Value> {
    Pretty { allow_pretty_values: Some(&slot(Value::TRUE)), ..Pretty::default() }.show(ev, v)
}

/// The options of `toPretty`. Those in slots are forced on first use.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pretty<'a> {
    /// `allowPrettyValues or false`: sets with `__pretty` and `val` determine how they are shown.
    pub allow_pretty_values: Option<&'a Slot>,
    /// `multiline or true`
    pub multiline: Option<&'a Slot>,
    /// `indent or ""`: the start of every line but the first.
    pub indent: &'a [u8],
    /// `withRecursion { depthLimit = …; throwOnDepthLimit = false; }` of the value: deeper values are not evaluated.
    pub depth_limit: Option<usize>,
}

/// The result of a set's `__pretty`, not yet interpolated into the surrounding text.
type Own = Option<Value>;

impl Pretty<'_> {
    /// `toPretty options v`
    pub fn show(self, ev: &Evaluator, v: &Slot) -> Res<Value> {
        let mut out = Text::new();
        match self.put(ev, &mut out, v, 0)? {
            Some(own) => Ok(own),
            None => out.finish(ev),
        }
    }

    /// Whether the text may span several lines.
    fn multiline(self, ev: &Evaluator) -> Res<bool> {
        self.multiline.map_or(Ok(true), |s| boolean(ev, s))
    }

    /// Appends the space before an element (`depth` counts the sets and lists around it) or a closing bracket.
    fn space(self, out: &mut Text, multiline: bool, depth: usize) {
        match multiline {
            true => {
                out.put("\n").put(self.indent);
                for _ in 0..depth {
                    out.put("  ");
                }
            }
            false => _ = out.put(" "),
        }
    }

    /// Appends a value nested in `depth` sets and lists.
    fn put(self, ev: &Evaluator, out: &mut Text, of: &Slot, depth: usize) -> Res<Own> {
        const TOO_DEEP: &str = "\"<unevaluated>\"";
        let too_deep = |depth| self.depth_limit.is_some_and(|limit| depth > limit);
        if too_deep(depth) {
            out.put(TOO_DEEP);
            return Ok(None);
        }
        let _depth = ev.enter(Pos::NONE)?;
        let v = ev.force(of)?;
        // A leaf counts as one level deeper than the set that contains it.
        if !v.is_attrs() && !v.is_list() && too_deep(depth + 1) {
            out.put(TOO_DEEP);
            return Ok(None);
        }
        match v.type_of() {
            Type::Int | Type::Path => _ = out.add(ev, to_string(ev, of)?),
            Type::Float => _ = out.add(ev, to_json(ev, of)?),
            Type::String => self.string(ev, out, v, depth)?,
            Type::Bool => _ = out.put(if v.is_true() { "true" } else { "false" }),
            Type::Null => _ = out.put("null"),
            Type::List => self.list(ev, out, v, depth)?,
            Type::Attrs if !is_function(ev, v)? => return self.set(ev, out, v, depth),
            _ => function(ev, out, v)?,
        }
        Ok(None)
    }

    /// Writes single-line strings in quotes, and others as indented strings.
    fn string(self, ev: &Evaluator, out: &mut Text, v: Value, depth: usize) -> Res<()> {
        let text = ev.mem.text(v);
        let several = text.contains(&b'\n');
        if !several {
            // nixpkgs splits others with `builtins.split`, which drops the context.
            out.add_context(ev, v);
        }
        if !(self.multiline(ev)? && several) {
            let escaped = replaced(text, |rest, out| {
                let (taken, escaped): (usize, &[u8]) = match rest {
                    [b'\n', ..] => (1, b"\\n"),
                    [b'\\', ..] => (1, b"\\\\"),
                    [b'"', ..] => (1, b"\\\""),
                    [b'$', b'{', ..] => (2, b"\\${"),
                    _ => return 0,
                };
                out.extend_from_slice(escaped);
                taken
            });
            out.put("\"").put(escaped).put("\"");
            return Ok(());
        }
        out.put("''");
        let mut lines = text.split(|c| *c == b'\n').peekable();
        while let Some(line) = lines.next() {
            if lines.peek().is_none() && line.is_empty() {
                self.space(out, true, depth);
                break;
            }
            self.space(out, true, depth + 1);
            out.put(replaced(line, |rest, out| {
                let (taken, escaped): (usize, &[u8]) = match rest {
                    [b'$', b'{', ..] => (2, b"''${"),
                    [b'\'', b'\'', ..] => (2, b"'''"),
                    _ => return 0,
                };
                out.extend_from_slice(escaped);
                taken
            }));
        }
        out.put("''");
        Ok(())
    }

    fn list(self, ev: &Evaluator, out: &mut Text, v: Value, depth: usize) -> Res<()> {
        if v.list_len() == 0 {
            out.put("[ ]");
            return Ok(());
        }
        let multiline = self.multiline(ev)?;
        out.put("[");
        for item in ev.mem.items(v) {
            self.space(out, multiline, depth + 1);
            if let Some(own) = self.put(ev, out, item, depth + 1)? {
                out.interpolate(ev, &slot(own))?;
            }
        }
        self.space(out, multiline, depth);
        out.put("]");
        Ok(())
    }

    fn set(self, ev: &Evaluator, out: &mut Text, v: Value, depth: usize) -> Res<Own> {
        if self.allow_pretty_values.map_or(Ok(false), |s| boolean(ev, s))?
            && let (Some(pretty), Some(val)) = (get(ev, v, sym!("__pretty")), get(ev, v, sym!("val")))
        {
            return Ok(Some(apply(ev, pretty, &[share(ev, val)?])?));
        }
        if ev.mem.attrs_len(v) == 0 {
            out.put("{ }");
            return Ok(None);
        }
        if ev.is_derivation(v)? {
            out.put("<derivation ");
            match get(ev, v, sym!("name")) {
                Some(name) => out.interpolate(ev, name)?,
                None => out.put("???"),
            };
            out.put(">");
            return Ok(None);
        }
        let multiline = self.multiline(ev)?;
        out.put("{");
        for e in ev.mem.entries_by_name(v) {
            self.space(out, multiline, depth + 1);
            out.add(ev, nix_identifier(ev, &slot(Value::symbol(e.name)))?).put(" = ");
            // `withRecursion` does not descend into these attributes.
            let exempt = [sym!("__functor"), sym!("__functionArgs"), sym!("__toString"), sym!("__pretty")];
            let inner = match exempt.contains(&e.name) {
                true => Pretty { depth_limit: None, ..self },
                false => self,
            };
            let own = inner.put(ev, out, e.slot, depth + 1).map_err(|error| {
                let name = lossy(ev.mem.heap.name(e.name));
                context(error, format!("while evaluating an attribute `{name}`"))
            })?;
            if let Some(own) = own {
                out.interpolate(ev, &slot(own))?;
            }
            out.put(";");
        }
        self.space(out, multiline, depth);
        out.put("}");
        Ok(None)
    }
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
        out.put(if boolean(ev, arg.slot)? { "?" } else { "" });
    }
    out.put("}>");
    Ok(())
}
