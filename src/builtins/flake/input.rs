//! The inputs that a `flake.nix` names.

use std::collections::BTreeMap;

use super::reading::reading;
use super::trivial::{File, Written};
use crate::eval::{Error, Evaluator, Res};
use crate::host::shown;
use crate::source::Pos;
use crate::store::inputs::{Attr, Attrs, FlakeRef};
use crate::store::lock_file::{InputPath, input_path};
use crate::syntax::ast::{Bindings, Id, PathBase};
use crate::syntax::normalise;

/// Inputs by name.
pub type Inputs = BTreeMap<String, FlakeInput>;

/// An input of a flake.
#[derive(Debug, Clone)]
pub struct FlakeInput {
    /// Its reference, if one is given.
    pub reference: Option<FlakeRef>,
    /// Whether it is a flake.
    pub is_flake: bool,
    /// The input that it follows.
    pub follows: Option<InputPath>,
    /// What replaces its own inputs.
    pub overrides: Inputs,
}

impl FlakeInput {
    /// An input with a reference.
    pub fn of(reference: FlakeRef) -> FlakeInput {
        FlakeInput { reference: Some(reference), is_flake: true, follows: None, overrides: Inputs::new() }
    }
}

/// Reads inputs.
pub struct Reader<'a> {
    /// The evaluator.
    pub ev: &'a Evaluator,
    /// The file.
    pub file: File<'a>,
    /// Its folder.
    pub folder: &'a [u8],
    /// The path of inputs to the flake, which `follows` is relative to.
    pub above: &'a [String],
}

impl Reader<'_> {
    /// An error about a value of a wrong type.
    pub fn unexpected(&self, wanted: &str, got: &str, pos: Pos) -> Error {
        Error::eval(format!("expected {wanted} but got {got} at {}", self.ev.shown_place(pos)))
    }

    /// The inputs in a set, and the attributes of `self` if that is allowed.
    ///
    /// # Errors
    /// When something is not written as inputs are.
    pub fn inputs(&self, value: Id, pos: Pos, allow_self: bool) -> Res<(Inputs, Attrs)> {
        let (mut inputs, mut own) = (Inputs::new(), Attrs::default());
        for def in &self.set(value, pos)?.attrs {
            let name = shown(self.file.ast.names.get(def.name)).into_owned();
            let at = self.file.pos(def.pos);
            if name != "self" {
                inputs.insert(name, self.input(def.value, at)?);
                continue;
            }
            if !allow_self {
                let at = self.ev.shown_place(at);
                return Err(Error::eval(format!("'self' input attribute not allowed at {at}")));
            }
            for def in &self.set(def.value, at)?.attrs {
                let name = self.file.ast.names.get(def.name);
                own.0.insert(name.to_vec(), self.attribute(name, def.value)?);
            }
        }
        Ok((inputs, own))
    }

    fn set(&self, value: Id, pos: Pos) -> Res<&Bindings> {
        match self.file.written(value) {
            Written::Set(bindings) => Ok(bindings),
            other => Err(self.unexpected("a set", other.type_name(), pos)),
        }
    }

    fn input(&self, value: Id, pos: Pos) -> Res<FlakeInput> {
        let mut input =
            FlakeInput { reference: None, is_flake: true, follows: None, overrides: Inputs::new() };
        let (mut attrs, mut url) = (Attrs::default(), None);
        for def in &self.set(value, pos)?.attrs {
            let (name, at) = (self.file.ast.names.get(def.name), self.file.pos(def.pos));
            let mut read = || -> Res<()> {
                match name {
                    b"url" => {
                        let text = self.url(def.value, at)?;
                        attrs.set("url", &text);
                        url = Some(text);
                    }
                    b"flake" => match self.file.written(def.value) {
                        Written::Bool(is_flake) => input.is_flake = is_flake,
                        other => return Err(self.unexpected("a Boolean", other.type_name(), at)),
                    },
                    b"inputs" => input.overrides = self.inputs(def.value, at, false)?.0,
                    b"follows" => match self.file.written(def.value) {
                        Written::Text(text) => {
                            let path = input_path(&shown(text)).map_err(|e| self.ev.store_error(&e))?;
                            input.follows = Some([self.above, &path].concat());
                        }
                        other => return Err(self.unexpected("a string", other.type_name(), at)),
                    },
                    name => drop(attrs.0.insert(name.to_vec(), self.attribute(name, def.value)?)),
                }
                Ok(())
            };
            read().map_err(|e| e.trace(at, format!("while evaluating flake attribute '{}'", shown(name))))?;
        }
        if attrs.0.contains_key(&b"type"[..]) {
            let reference =
                reading(self.ev, input.is_flake, |how| FlakeRef::from_attrs(attrs, how.features, how.warn));
            input.reference = Some(reference.map_err(|e| e.trace(pos, "while evaluating flake input"))?);
        } else {
            attrs.0.remove(&b"url"[..]);
            if let Some(name) = attrs.0.keys().next() {
                let (name, at) = (shown(name), self.ev.shown_place(pos));
                return Err(Error::eval(format!("unexpected flake input attribute '{name}', at {at}")));
            }
            if let Some(url) = url {
                let reference = reading(self.ev, input.is_flake, |how| FlakeRef::parse_input(&url, how))?;
                input.reference = Some(reference);
            }
        }
        if input.reference.is_some() && input.follows.is_some() {
            let at = self.ev.shown_place(pos);
            let message = format!("flake input has both a flake reference and a follows attribute, at {at}");
            return Err(Error::eval(message));
        }
        Ok(input)
    }

    fn url(&self, value: Id, at: Pos) -> Res<Vec<u8>> {
        match self.file.written(value) {
            Written::Text(text) => Ok(text.to_vec()),
            Written::Path(PathBase::Folder, text) => {
                let path = normalise(&[self.folder, b"/", text].concat());
                Ok([b"path:", &relative(self.folder, &path)[..]].concat())
            }
            Written::Path(_, text) => Err(Error::eval(format!(
                "input attribute path '{}' at {} must be in the same source tree as {}",
                shown(text),
                self.ev.shown_place(at),
                shown(self.folder)
            ))),
            other => Err(self.unexpected("a string or a path", other.type_name(), at)),
        }
    }

    fn attribute(&self, name: &[u8], value: Id) -> Res<Attr> {
        match self.file.written(value) {
            Written::Text(text) => Ok(Attr::Text(text.to_vec())),
            Written::Bool(b) => Ok(Attr::Bool(b)),
            Written::Int(n) => u64::try_from(n).map(Attr::Number).map_err(|_| {
                let name = shown(name);
                Error::eval(format!("negative value given for flake input attribute {name}: {n}"))
            }),
            other => Err(Error::type_error(format!(
                "flake input attribute '{}' is {} while a string, Boolean, or integer is expected",
                shown(name),
                other.unforced_type_name()
            ))),
        }
    }
}

/// A path as it is written relative to a folder.
fn relative(folder: &[u8], path: &[u8]) -> Vec<u8> {
    let parts =
        |path: &[u8]| path.split(|c| *c == b'/').filter(|p| !p.is_empty()).map(<[u8]>::to_vec).collect();
    let (from, to): (Vec<Vec<u8>>, Vec<Vec<u8>>) = (parts(folder), parts(path));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n(&b".."[..], from.len() - common);
    let all: Vec<&[u8]> = up.chain(to[common..].iter().map(Vec::as_slice)).collect();
    if all.is_empty() { b".".to_vec() } else { all.join(&b'/') }
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn relative_paths() {
        let of = |folder: &str, path: &str| {
            String::from_utf8(relative(folder.as_bytes(), path.as_bytes())).expect("a text")
        };
        assert_eq!(of("/a/b", "/a/b/c/d"), "c/d");
        assert_eq!(of("/a/b", "/a/b"), ".");
        assert_eq!(of("/a/b", "/a/c"), "../c");
    }
}
