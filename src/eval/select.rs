//! Attribute selection: `.`, `or` and `?`.

use super::{Error, Evaluator, Res};
use crate::heap::{CodeRef, Ref, Slot, Sym};
use crate::host::shown;
use crate::source::{INTERNAL_DERIVATION, Origin, Pos};
use crate::syntax::ast::Ast;
use crate::value::{Tag, Value, peek};

impl Evaluator {
    /// `base.name`.
    #[inline]
    pub(super) fn select(&self, unit: &[u32; 4], frame: Ref) -> Res<Value> {
        let (name, pos) = (Sym(unit[2]), Pos(unit[3]));
        let base = match self.eval(unit[1], frame) {
            Ok(base) => base,
            Err(e) => return Err(e.read_at(pos)),
        };
        if self.counting {
            self.count_lookup(base, name);
        }
        if base.is_attrs()
            && let Some(slot) = self.mem.get(base, name)
        {
            let v = peek(slot);
            if v.is_value() {
                return Ok(v);
            }
            // Only native suspensions use the position, and Nix gives them that of the attribute.
            let asked_at = if v.tag() == Tag::Thunk { pos } else { self.attribute_pos(base, name, pos) };
            return match self.force_at(slot, asked_at) {
                Err(e) => Err(self.select_failed(e, base, name)),
                ok => ok,
            };
        }
        self.select_answer(base, name, pos)
    }

    /// `base.name` where the set lacks the name.
    #[cold]
    fn select_answer(&self, base: Value, name: Sym, pos: Pos) -> Res<Value> {
        match self.open_attribute(base, name)? {
            Some(answer) => self.force_at(answer, pos),
            None => Err(self.cannot_select(base, name, pos)),
        }
    }

    /// The slot of `set.name`.
    pub fn attribute(&self, set: Value, name: Sym, pos: Pos) -> Res<&Slot> {
        match set.is_attrs().then(|| self.mem.get(set, name)).flatten() {
            Some(slot) => Ok(slot),
            None => match self.open_attribute(set, name)? {
                Some(answer) => Ok(answer),
                None => Err(self.cannot_select(set, name, pos)),
            },
        }
    }

    #[cold]
    fn cannot_select(&self, base: Value, name: Sym, pos: Pos) -> Error {
        if !base.is_attrs() {
            return self.expected("a set", base).trace(pos, "while selecting an attribute");
        }
        let text = self.quoted(name);
        let e = Error::eval(format!("attribute '{text}' missing")).at(pos).missing(base, name);
        e.suggest(self.suggestions(base, name))
    }

    /// Where an attribute is defined; `otherwise` if that is unknown.
    fn attribute_pos(&self, set: Value, name: Sym, otherwise: Pos) -> Pos {
        self.mem.get_entry(set, name).map(|e| e.pos).filter(|p| p.is_some()).unwrap_or(otherwise)
    }

    #[cold]
    fn select_failed(&self, e: Error, base: Value, name: Sym) -> Error {
        let attr_pos = self.attribute_pos(base, name, Pos::NONE);
        self.trace_attribute(e, attr_pos, || self.quoted(name))
    }

    /// Adds `while evaluating the attribute …` at the attribute's definition, unless the evaluator itself
    /// defines it.
    #[cold]
    fn trace_attribute(&self, e: Error, attr_pos: Pos, path: impl FnOnce() -> String) -> Error {
        match self.sources.source_of(attr_pos) {
            Some(source) if source.origin != Origin::Internal(INTERNAL_DERIVATION) => {
                e.trace(attr_pos, format!("while evaluating the attribute '{}'", path()))
            }
            _ => e,
        }
    }

    /// The same for a path selected at `pos`. Evaluates computed names again, as Nix does.
    #[cold]
    fn trace_path(&self, e: Error, attr_pos: Pos, path: &[u32], pos: Pos, frame: Ref) -> Error {
        self.trace_attribute(e, attr_pos, || self.show_path(path, pos, frame))
    }

    /// `base.a.b`, with computed names or `or`.
    #[inline(never)]
    pub(super) fn select_path(&self, code: CodeRef, unit: &[u32; 4], frame: Ref) -> Res<Value> {
        let n = (unit[0] >> 8) as usize;
        let path = &self.mem.heap.code(code, 4 + 2 * n)[4..];
        let (default, pos) = (unit[2], Pos(unit[3]));
        let mut set = self.eval(unit[1], frame).map_err(|e| e.read_at(pos))?;
        let mut attr_pos = Pos::NONE;
        for (i, part) in path.chunks_exact(2).enumerate() {
            let step = self.path_step(set, part, default != 0, frame, pos);
            let (slot, def_pos) = match step {
                Ok(Some(found)) => found,
                // Nix attributes an error in the default to the last attribute that was found.
                Ok(None) => {
                    return self
                        .eval(default, frame)
                        .map_err(|e| self.trace_path(e, attr_pos, path, pos, frame));
                }
                Err(e) => return Err(self.trace_path(e, attr_pos, path, pos, frame)),
            };
            attr_pos = def_pos;
            let last = i + 1 == n;
            let v = peek(slot);
            set = if v.is_value() {
                v
            } else {
                let asked_at = if last && attr_pos.is_some() { attr_pos } else { pos };
                self.force_at(slot, asked_at).map_err(|e| self.trace_path(e, attr_pos, path, pos, frame))?
            };
        }
        Ok(set)
    }

    /// Looks up one name of a path: its slot, or `None` to use the default.
    fn path_step(
        &self,
        set: Value,
        part: &[u32],
        has_default: bool,
        frame: Ref,
        pos: Pos,
    ) -> Res<Option<(&Slot, Pos)>> {
        let name = self.attr_name(part[0], part[1], frame)?;
        if self.counting {
            self.count_lookup(set, name);
        }
        if set.is_attrs() {
            if let Some(entry) = self.mem.get_entry(set, name) {
                return Ok(Some((entry.slot, entry.pos)));
            }
            let answer = match has_default {
                true => self.scope_attribute(set, name)?,
                false => self.open_attribute(set, name)?,
            };
            if has_default || answer.is_some() {
                return Ok(answer.map(|slot| (slot, Pos::NONE)));
            }
            let text = self.quoted(name);
            return Err(Error::eval(format!("attribute '{text}' missing"))
                .at(pos)
                .missing(set, name)
                .suggest(self.suggestions(set, name)));
        }
        if has_default {
            return Ok(None);
        }
        Err(self.expected("a set", set).trace(pos, "while selecting an attribute"))
    }

    #[cold]
    fn show_path(&self, path: &[u32], pos: Pos, frame: Ref) -> String {
        let names: Vec<String> = path
            .chunks_exact(2)
            .enumerate()
            .map(|(i, part)| match self.attr_name(part[0], part[1], frame) {
                Ok(name) => {
                    let name = crate::syntax::show_name(self.mem.heap.name(name));
                    shown(&name).into_owned()
                }
                Err(_) => self.show_computed_name(pos, path.len() / 2, i),
            })
            .collect();
        names.join(".")
    }

    /// The expression of a computed name. The code does not contain it, so the text is parsed again.
    fn show_computed_name(&self, pos: Pos, n: usize, index: usize) -> String {
        let found = self.parse_again(pos, |ast, relative| {
            crate::syntax::show_computed_name(ast, relative, n, index).map(String::into_bytes)
        });
        found.map_or_else(|| "\"${…}\"".to_owned(), |text| shown(&text).into_owned())
    }

    /// Parses the text around `pos` again and completes what `find` [shows](crate::syntax::show) of it.
    /// `find` receives the tree and the position relative to the text.
    #[cold]
    pub(super) fn parse_again(
        &self,
        pos: Pos,
        find: impl FnOnce(&Ast, Pos) -> Option<Vec<u8>>,
    ) -> Option<Vec<u8>> {
        let source = self.sources.source_of(pos)?;
        let ast = crate::syntax::parse(&source.text()?, &source.origin_name(), self.parse_options()).ok()?;
        let relative = Pos(pos.0 - source.pos(0).0 + 1);
        Some(self.show_code(&find(&ast, relative)?, pos))
    }

    /// `base ? a.b`.
    #[inline(never)]
    pub(super) fn has_attr(&self, code: CodeRef, unit: &[u32; 4], frame: Ref) -> Res<Value> {
        let n = (unit[0] >> 8) as usize;
        let path = &self.mem.heap.code(code, 4 + 2 * n)[4..];
        let pos = Pos(unit[2]);
        let mut set = self.eval(unit[1], frame)?;
        for (i, part) in path.chunks_exact(2).enumerate() {
            let name = self.attr_name(part[0], part[1], frame)?;
            let slot = match set.is_attrs().then(|| self.mem.get(set, name)).flatten() {
                Some(slot) => slot,
                None => match self.scope_attribute(set, name)? {
                    Some(slot) => slot,
                    None => return Ok(Value::FALSE),
                },
            };
            if i + 1 < n {
                set = self.force_at(slot, pos)?;
            }
        }
        Ok(Value::TRUE)
    }

    /// Whether a value is a derivation: a set whose `type` is `"derivation"`.
    pub fn is_derivation(&self, v: Value) -> Res<bool> {
        if !v.is_attrs() {
            return Ok(false);
        }
        match self.mem.get(v, sym!("type")) {
            None => Ok(false),
            Some(slot) => {
                let kind = self.force(slot)?;
                // Usually it is the literal in the code of `derivation`.
                Ok(kind == Value::const_string(sym!("derivation").0)
                    || kind.is_string() && self.mem.text(kind) == b"derivation")
            }
        }
    }
}
