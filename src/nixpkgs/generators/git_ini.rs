//! The Git configuration format: `toGitINI`.

use super::ini::sections;
use super::key_values::{key_value, value_string};
use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{Text, attrs, changed, cut};
use crate::nixpkgs::attrsets::recursive_update;
use crate::source::Pos;
use crate::value::{AttrsBuilder, Context, Value, slot};

/// Whether a value is a set that Git's format writes as a section.
fn is_section(ev: &Evaluator, v: Value) -> Res<bool> {
    Ok(v.is_attrs() && !ev.is_derivation(v)?)
}

/// `gitFlattenAttrs of`: flattens nested sections into sets whose names are the paths to them.
fn flatten_git(ev: &Evaluator, of: &Slot) -> Res<Value> {
    let set = attrs(ev, of)?;
    let mut nested = Vec::new();
    for e in ev.mem.entries_by_name(set) {
        let v = ev.force(e.slot)?;
        if v.is_attrs() {
            for inner in ev.mem.entries_by_name(v) {
                if is_section(ev, ev.force(inner.slot)?)? {
                    nested.push(e);
                    break;
                }
            }
        }
    }
    let mut flat = Value::EMPTY_SET;
    for e in &nested {
        flatten_section(ev, &mut vec![ev.mem.heap.name(e.name)], e.slot, &mut flat)?;
    }
    let rest = ev.mem.filtered(set, |e| nested.iter().all(|n| n.name != e.name))?;
    Ok(ev.mem.update(rest, flat)?)
}

/// Adds a section, or the value at the end of `path`, to the flat set.
fn flatten_section<'a>(
    ev: &'a Evaluator,
    path: &mut Vec<&'a [u8]>,
    value: &Slot,
    flat: &mut Value,
) -> Res<()> {
    let _depth = ev.enter(Pos::NONE)?;
    let v = ev.force(value)?;
    if is_section(ev, v)? {
        for e in ev.mem.entries_by_name(v) {
            path.push(ev.mem.heap.name(e.name));
            flatten_section(ev, path, e.slot, flat)?;
            path.pop();
        }
        return Ok(());
    }
    // { ${name} = value; }
    let one = |name: &[u8], value| -> Res<Value> {
        let mut set = AttrsBuilder::with_capacity(1);
        set.push(ev.mem.heap.intern(name)?, value);
        Ok(ev.mem.attrs(set)?)
    };
    let made = match &path[..] {
        [sections @ .., key] if !sections.is_empty() => one(&sections.join(&b'.'), one(key, v)?)?,
        _ => one(&path.concat(), v)?,
    };
    *flat = recursive_update(ev, *flat, made)?;
    Ok(())
}

/// `lib.generators.toGitINI`: the Git configuration format.
pub(super) fn to_git_ini(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [attrs] = exactly(args);
    let separator = slot(ev.mem.str(" = ")?);
    let value = |v: &Slot| {
        let forced = ev.force(v)?;
        if !forced.is_string() {
            return value_string(ev, v);
        }
        changed(ev, forced, |text| {
            let mut out = vec![b'"'];
            for c in text {
                match c {
                    b'\n' => out.extend_from_slice(b"\\n"),
                    b'\t' => out.extend_from_slice(b"\\t"),
                    b'"' | b'\\' => out.extend_from_slice(&[b'\\', *c]),
                    _ => out.push(*c),
                }
            }
            out.push(b'"');
            out
        })
    };
    let line = |text: &mut Text, k: Value, v: &Slot| -> Res<()> {
        text.put("\t").add(ev, key_value(ev, &separator, &slot(k), || value(v))?);
        Ok(())
    };
    let mk = |k: Value, v: Value| {
        let v = slot(v);
        let mut text = Text::new();
        match ev.force(&v)? {
            list if list.is_list() => {
                for (i, item) in ev.mem.items(list).iter().enumerate() {
                    text.put(if i > 0 { "\n" } else { "" });
                    line(&mut text, k, item)?;
                }
            }
            _ => line(&mut text, k, &v)?,
        }
        text.finish(ev)
    };
    let section_name = |name: Value| {
        let text = ev.mem.text(name);
        let parts = cut(text, b".");
        match &parts[..] {
            [first, rest @ ..] if !text.contains(&b'"') && !rest.is_empty() => {
                let quoted = [first, &b" \""[..], &rest.join(&b'.'), b"\""].concat();
                Ok(ev.mem.string(&quoted, Context::EMPTY)?)
            }
            _ => Ok(name),
        }
    };
    let flat = flatten_git(ev, attrs)?;
    sections(ev, &section_name, &mk, None, &slot(flat))
}
