//! What the tool nixos-option prints, as in nixpkgs 26.11.

use crate::builtins::from_json;
use crate::eval::{Evaluator, Res};
use crate::heap::{Slot, Sym};
use crate::modules::native_lib;
use crate::native::{
    attr, bytes, call_builtin, cut, function_args, get, has, is_type, lossy, select, share, shared, text,
    throw,
};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Context, Entry, Value, slot};

/// What stands for a value whose evaluation fails, in a list of values.
const FAILED: &str = "\x1b[1;31m«error»\x1b[m";

/// The output for an option, or a set of options, of a NixOS configuration. With `recursive`, the values at and below it.
///
/// # Errors
/// When there is no such option, and what its evaluation gives.
pub fn nixos_option(ev: &Evaluator, nixos: Value, path: &[u8], recursive: bool) -> Res<Vec<u8>> {
    // NixOS of 2013 has no packages beside its options.
    let lib = match get(ev, nixos, "pkgs") {
        Some(packages) => select(ev, ev.force(packages)?, "lib")?,
        None => native_lib(ev)?,
    };
    let path = names(ev, path)?;
    let shown = Shown { ev, lib, path: &path };
    let config = shared(ev, nixos, sym!("config"))?;
    let Some(value) = shown.value(config)? else {
        return Err(throw(format!("Couldn't resolve config path '{}'", lossy(&shown.name(&[])?))));
    };
    if recursive {
        return shown.values(value);
    }
    let found = shown.option(select(ev, nixos, sym!("options"))?)?;
    if is_type(ev, found, b"option")? {
        return shown.facts(found, value);
    }
    if !found.is_attrs() {
        let name = lossy(&shown.name(&[])?);
        return Err(throw(format!("Found neither an attrset nor option at option path '{name}'")));
    }
    let names: Vec<&[u8]> =
        ev.mem.entries_by_name(found).iter().map(|entry| ev.mem.heap.name(entry.name)).collect();
    let names: Vec<&[u8]> = names.into_iter().filter(|name| *name != b"_module").collect();
    Ok([b"This attribute set contains:\n", &names.join(&b"\n"[..])[..]].concat())
}

/// Splits the name of an option, in which a name may be a string of Nix.
fn names(ev: &Evaluator, path: &[u8]) -> Res<Vec<Sym>> {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    if path.is_empty() {
        return Ok(Vec::new());
    }
    // The names since the last string, or those of an open string.
    let mut open: Vec<&[u8]> = Vec::new();
    for part in cut(path, b".") {
        if part.starts_with(b"\"") {
            parts.extend(open.drain(..).map(<[u8]>::to_vec));
        }
        open.push(part);
        if part.ends_with(b"\"") {
            let quoted = std::mem::take(&mut open).join(&b"."[..]);
            let string = from_json(ev, &cut(&quoted, b"\\$").join(&b"$"[..]))?;
            parts.push(bytes(ev, &slot(string))?.to_vec());
        }
    }
    parts.extend(open.into_iter().map(<[u8]>::to_vec));
    parts.iter().map(|part| Ok(ev.mem.heap.intern(part)?)).collect()
}

struct Shown<'e, 'a> {
    ev: &'e Evaluator,
    /// The configuration's own library.
    lib: Value,
    /// The option that was asked for.
    path: &'a [Sym],
}

impl<'e> Shown<'e, '_> {
    /// The value at the path, if there is one.
    fn value(&self, config: Value) -> Res<Option<Value>> {
        let ev = self.ev;
        let mut value = config;
        for name in self.path {
            let level = ev.force_value(value)?;
            match get(ev, level, *name) {
                Some(slot) => value = share(ev, slot)?,
                None => return Ok(None),
            }
        }
        Ok(Some(value))
    }

    /// What is at the path in the tree of options. The name after an option stands for any name in its value.
    fn option(&self, options: Value) -> Res<Value> {
        let ev = self.ev;
        let mut at = options;
        for name in self.path {
            if is_type(ev, at, b"option")? {
                let ty = select(ev, at, sym!("type"))?;
                if !is_composite(ev, ty)? {
                    return Err(throw(format!(
                        "Trying to access '{}' inside {} option while traversing option path '{}'",
                        ev.name(*name),
                        text(ev, select(ev, ty, sym!("name"))?),
                        lossy(&self.name(&[])?)
                    )));
                }
                let below = select(ev, ty, sym!("getSubOptions"))?;
                at = ev.force_value(ev.call(below, &[Value::EMPTY_LIST], Pos::NONE)?)?;
                continue;
            }
            let Some(slot) = get(ev, at, *name) else {
                return Err(throw(format!(
                    "Found neither an attrset nor supported option type near '{}' while traversing option path '{}'",
                    ev.name(*name),
                    lossy(&self.name(&[])?)
                )));
            };
            at = ev.force(slot)?;
        }
        Ok(at)
    }

    /// The facts about an option, each under its heading.
    fn facts(&self, option: Value, value: Value) -> Res<Vec<u8>> {
        let ev = self.ev;
        let mut facts = vec![fact("Value", self.pretty(value)?)];
        let mut push = |heading: &str, name: &str, text: &dyn Fn(&Slot) -> Res<Vec<u8>>| -> Res<()> {
            if let Some(slot) = get(ev, option, name) {
                facts.push(fact(heading, text(slot)?));
            }
            Ok(())
        };
        let pretty = |slot: &Slot| self.pretty(share(ev, slot)?);
        let lines = |slot: &Slot| {
            let list = share(ev, slot)?;
            let joined = call_builtin(ev, "concatStringsSep", &[ev.mem.str("\n")?, list])?;
            Ok(ev.mem.text(joined).to_vec())
        };
        push("Default", "default", &pretty)?;
        push("Type", "type", &|ty| Ok(bytes(ev, attr(ev, ev.force(ty)?, sym!("description"))?)?.to_vec()))?;
        push("Description", "description", &|description| {
            let text = bytes(ev, description)?;
            Ok(text.strip_suffix(b"\n").unwrap_or(text).to_vec())
        })?;
        push("Example", "example", &pretty)?;
        push("Declared by", "declarations", &lines)?;
        push("Defined by", "files", &lines)?;
        Ok(facts.join(&b"\n\n"[..]))
    }

    /// The values at and below the path, each on a line of its own.
    fn values(&self, value: Value) -> Res<Vec<u8>> {
        let ev = self.ev;
        let top = ev.force_value(value)?;
        if !top.is_attrs() {
            return self.line(&[], top);
        }
        let mut lines = Vec::new();
        self.below(top, &mut Vec::new(), &mut lines)?;
        Ok(lines.join(&b"\n"[..]))
    }

    fn below(&self, set: Value, path: &mut Vec<Sym>, lines: &mut Vec<Vec<u8>>) -> Res<()> {
        let ev = self.ev;
        let _depth = ev.enter(Pos::NONE)?;
        for Entry { name, slot, .. } in ev.mem.entries_by_name(set) {
            path.push(name);
            match caught(ev, ev.force(slot))? {
                Some(below) if below.is_attrs() && !ev.is_derivation(below)? => {
                    self.below(below, path, lines)?;
                }
                _ => lines.push(self.line(path, share(ev, slot)?)?),
            }
            path.pop();
        }
        Ok(())
    }

    fn line(&self, below: &[Sym], value: Value) -> Res<Vec<u8>> {
        let pretty = caught(self.ev, self.pretty(value))?.unwrap_or_else(|| FAILED.as_bytes().to_vec());
        Ok([&self.name(below)?[..], b" = ", &pretty, b";"].concat())
    }

    /// The path, followed by further names, as the library shows it.
    fn name(&self, below: &[Sym]) -> Res<Vec<u8>> {
        let ev = self.ev;
        let mut parts = Vec::new();
        for name in self.path.iter().chain(below) {
            parts.push(ev.mem.string(ev.mem.heap.name(*name), Context::EMPTY)?);
        }
        let show = select(ev, self.lib, "showOption")?;
        let shown = ev.call(show, &[ev.mem.list(&parts)?], Pos::NONE)?;
        Ok(bytes(ev, &slot(shown))?.to_vec())
    }

    /// A value on several lines, as the library shows it.
    fn pretty(&self, value: Value) -> Res<Vec<u8>> {
        let ev = self.ev;
        // Libraries from before 2021 have no such function, or it knows only one line.
        let of = |lib: Value| select(ev, select(ev, lib, "generators")?, "toPretty");
        let knows = |f: Value| function_args(ev, f).is_ok_and(|args| has(ev, args, "multiline"));
        let own = get(ev, self.lib, "generators").and_then(|_| of(self.lib).ok()).filter(|f| knows(*f));
        let to_pretty = match own {
            Some(own) => own,
            None => of(native_lib(ev)?)?,
        };
        let mut how = AttrsBuilder::new();
        how.push(ev.intern("multiline")?, Value::TRUE);
        let shown = ev.call(to_pretty, &[ev.mem.attrs(how)?, value], Pos::NONE)?;
        Ok(bytes(ev, &slot(shown))?.to_vec())
    }
}

/// Whether the values of a type have parts with options. Types from before 2022 do not say so.
fn is_composite(ev: &Evaluator, ty: Value) -> Res<bool> {
    match get(ev, ty, "descriptionClass") {
        Some(class) => {
            let class = ev.force(class)?;
            Ok(class.is_string() && ev.mem.text(class) == b"composite")
        }
        None => {
            let below = select(ev, ty, sym!("getSubOptions"))?;
            let below = ev.force_value(ev.call(below, &[Value::EMPTY_LIST], Pos::NONE)?)?;
            Ok(below.is_attrs() && ev.mem.attrs_len(below) > 0)
        }
    }
}

/// A result, or `None` for an error that `tryEval` catches.
fn caught<T>(ev: &Evaluator, result: Res<T>) -> Res<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(e) if e.is_catchable() => {
            ev.caught(&e);
            Ok(None)
        }
        Err(e) => Err(e),
    }
}

/// A text below its heading.
fn fact(heading: &str, text: Vec<u8>) -> Vec<u8> {
    [heading.as_bytes(), b":\n  ", &cut(&text, b"\n").join(&b"\n  "[..])].concat()
}
