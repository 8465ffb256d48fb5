//! Flake references as text and as attributes.

use crate::eval::{Builtin, Error, Evaluator, Res, exactly, type_name};
use crate::heap::Slot;
use crate::host::bytes_of;
use crate::source::Pos;
use crate::store::inputs::{Attr, Attrs, FlakeRef, Reading};
use crate::value::{AttrsBuilder, Type, Value};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[
    Builtin::new("parseFlakeRef", &["flake-ref"], "The attributes of a flake reference.", parse),
    Builtin::new("flakeRefToString", &["attrs"], "The flake reference that a set describes.", to_string),
];

/// The flake reference in a string.
pub fn flake_ref(ev: &Evaluator, text: Value) -> Res<FlakeRef> {
    let warn = |text: &str| ev.host.message(&bytes_of(&format!("warning: {text}")));
    let how = Reading { features: ev.settings.store_features, warn: &warn, is_flake: true };
    FlakeRef::parse(ev.mem.text(text), how).map_err(|e| ev.store_error(&e))
}

fn parse(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [reference] = exactly(args);
    let doing = "while evaluating the argument passed to builtins.parseFlakeRef";
    let text = ev.force_plain_string(reference, Pos::NONE, doing)?;
    let found = flake_ref(ev, text)?;
    let mut set = AttrsBuilder::new();
    for (name, value) in found.to_attrs().0 {
        let value = match value {
            Attr::Text(text) => ev.mem.string(&text, Default::default())?,
            // Large numbers become negative, as in Nix.
            Attr::Number(n) => ev.mem.int(n.cast_signed())?,
            Attr::Bool(b) => {
                if b {
                    Value::TRUE
                } else {
                    Value::FALSE
                }
            }
        };
        set.push(ev.mem.heap.intern(&name)?, value);
    }
    Ok(ev.mem.attrs(set)?)
}

fn to_string(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [attrs] = exactly(args);
    let doing = "while evaluating the argument passed to builtins.flakeRefToString";
    let set = ev.force_attrs(attrs, Pos::NONE, doing)?;
    let mut attrs = Attrs::default();
    for entry in ev.mem.entries_in_order(set) {
        let v = ev.force_at(entry.slot, entry.pos)?;
        let value = match v.type_of() {
            Type::Int => {
                let n = ev.mem.integer(v);
                let Ok(n) = u64::try_from(n) else {
                    let name = ev.quoted(entry.name);
                    return Err(Error::eval(format!("negative value given for flake ref attr {name}: {n}")));
                };
                Attr::Number(n)
            }
            Type::Bool => Attr::Bool(v == Value::TRUE),
            Type::String => Attr::Text(ev.mem.text(v).to_vec()),
            _ => {
                return Err(Error::eval(format!(
                    "flake reference attribute sets may only contain integers, Booleans, and strings, but \
                     attribute '{}' is {}",
                    ev.quoted(entry.name),
                    type_name(ev, v)
                )));
            }
        };
        attrs.0.insert(ev.mem.heap.name(entry.name).to_vec(), value);
    }
    let warn = |text: &str| ev.host.message(&bytes_of(&format!("warning: {text}")));
    let text = FlakeRef::from_attrs(attrs, ev.settings.store_features, &warn).and_then(|r| r.to_text(&warn));
    Ok(ev.mem.string(&text.map_err(|e| ev.store_error(&e))?, Default::default())?)
}
