//! Coercion of values to strings and paths.

use super::print::found;
use super::{Error, Evaluator, Res};
use crate::heap::Slot;
use crate::host::shown;
use crate::source::Pos;
use crate::value::{Context, ContextSum, Type, Value};

/// What may be coerced to a string, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coerce {
    /// Accept numbers, Booleans, null and lists, as `toString` does.
    pub more: bool,
    /// Copy paths to the store and use their store paths.
    pub copy: bool,
    /// Remove the trailing slash of paths.
    pub canonicalise: bool,
}

impl Coerce {
    /// As in string interpolation: copies paths to the store.
    pub const INTERPOLATE: Coerce = Coerce { more: false, copy: true, canonicalise: true };
    /// As `toString` does.
    pub const TO_STRING: Coerce = Coerce { more: true, copy: false, canonicalise: true };
    /// Strings and sets with a string; paths stay as they are.
    pub const PLAIN: Coerce = Coerce { more: false, copy: false, canonicalise: true };
    /// As in environment variables of derivations.
    pub const ENVIRONMENT: Coerce = Coerce { more: true, copy: true, canonicalise: true };
}

impl Evaluator {
    /// The value of a slot as a string.
    pub fn coerce(&self, slot: &Slot, pos: Pos, how: Coerce, doing: &'static str) -> Res<Value> {
        let v = self.force_at(slot, pos)?;
        if v.is_string() {
            self.check_depth(pos)?;
            return Ok(v);
        }
        self.coerce_value(v, pos, how, doing)
    }

    /// A forced value as a string.
    pub fn coerce_value(&self, v: Value, pos: Pos, how: Coerce, doing: &'static str) -> Res<Value> {
        let _depth = self.deeper().map_err(|e| e.at(pos))?;
        let v = self.force_value(v)?;
        match v.type_of() {
            Type::String => return Ok(v),
            Type::Path if how.copy => return self.copy_to_store(v),
            Type::Path => {
                let text = self.path_text(v, how.canonicalise);
                if let Some(file) = self.internal_file(text) {
                    return Ok(self.mem.str(&format!("/{}", file.name))?);
                }
                return Ok(self.mem.string(text, Context::EMPTY)?);
            }
            Type::Attrs => return self.coerce_set(v, pos, how, doing),
            _ => {}
        }
        if how.more {
            let text = match v.type_of() {
                Type::Bool => if v == Value::TRUE { "1" } else { "" }.to_owned(),
                Type::Null => String::new(),
                Type::Int => return Ok(self.mem.decimal(self.mem.integer(v))?),
                Type::Float => crate::syntax::coerce_float(self.mem.real(v)),
                Type::List => return self.coerce_list(v, pos, how, doing),
                _ => return Err(self.cannot_coerce(v).trace(pos, doing)),
            };
            return Ok(self.mem.str(&text)?);
        }
        Err(self.cannot_coerce(v).trace(pos, doing))
    }

    #[cold]
    fn cannot_coerce(&self, v: Value) -> Error {
        Error::type_error(format!("cannot coerce {} to a string: {}", super::type_name(self, v), {
            let whole = found(self, v);
            whole.split_once(": ").map_or(String::new(), |(_, shown)| shown.to_owned())
        }))
    }

    pub(super) fn path_text(&self, v: Value, canonicalise: bool) -> &[u8] {
        let text = self.mem.text(v);
        match canonicalise && text.len() > 1 {
            true => text.strip_suffix(b"/").unwrap_or(text),
            false => text,
        }
    }

    fn coerce_set(&self, set: Value, pos: Pos, how: Coerce, doing: &'static str) -> Res<Value> {
        if let Some(method) = self.mem.get(set, sym!("__toString")) {
            let made = self.call(self.force_at(method, pos)?, &[set], pos)?;
            let doing = "while evaluating the result of the `__toString` attribute";
            return self.coerce_value(made, pos, how, doing);
        }
        if let Some(entry) = self.mem.get_entry(set, sym!("outPath")) {
            return self.coerce(entry.slot, pos, how, doing);
        }
        Err(self.cannot_coerce(set).trace(pos, doing))
    }

    fn coerce_list(&self, list: Value, pos: Pos, how: Coerce, doing: &'static str) -> Res<Value> {
        let items = self.mem.items(list);
        let mut context = ContextSum::default();
        let mut text = Vec::new();
        for (i, item) in items.iter().enumerate() {
            let s = self
                .coerce(item, pos, how, "while evaluating one element of the list")
                .map_err(|e| e.trace(pos, doing))?;
            text.extend_from_slice(self.mem.text(s));
            context.add(self.mem.context(s));
            // Nix puts no space after an element that is an empty list.
            let forced = self.force(item)?;
            if i + 1 < items.len() && !(forced.is_list() && forced.list_len() == 0) {
                text.push(b' ');
            }
        }
        Ok(self.mem.string(&text, self.mem.contexts.union_all(context))?)
    }

    /// Coerces a value to an absolute path: a path, or a string that is one. Returns the normalised text and
    /// the context.
    ///
    /// # Errors
    /// When it is not an absolute path.
    pub fn coerce_to_path(&self, slot: &Slot, pos: Pos, doing: &'static str) -> Res<(Vec<u8>, Context)> {
        let mut v = self.force_at(slot, pos).map_err(|e| e.trace(pos, doing))?;
        while v.is_attrs() {
            let next = match self.mem.get(v, sym!("__toString")) {
                Some(method) => self.force(method).and_then(|f| self.call(f, &[v], Pos::NONE))?,
                None => match self.mem.get(v, sym!("outPath")) {
                    Some(out) => self.force_at(out, pos)?,
                    None => return Err(self.cannot_coerce(v).trace(pos, doing)),
                },
            };
            v = next;
        }
        let v = match v.type_of() {
            Type::Path => return Ok((self.path_text(v, true).to_vec(), Context::EMPTY)),
            _ => self.coerce_value(v, pos, Coerce::PLAIN, doing)?,
        };
        let text = self.mem.text(v);
        if !text.starts_with(b"/") {
            let text = shown(text);
            return Err(
                Error::eval(format!("string '{text}' doesn't represent an absolute path")).trace(pos, doing)
            );
        }
        Ok((crate::syntax::normalise(text), self.mem.context(v)))
    }
}
