//! Option paths, files and definitions in messages: `showOption`, `showFiles`, `showDefs`.

use super::pretty;
use crate::builtins::quote_json;
use crate::eval::{Error, Evaluator, Res};
use crate::heap::Slot;
use crate::native::{attr, interpolate, select, text};
use crate::source::Pos;
use crate::value::{Value, peek, slot};

/// Where a definition comes from when nobody knows.
pub(super) const UNKNOWN: &str = "<unknown-file>";

/// What is suggested to people who define an option in conflicting ways.
pub(super) const PRIORITY_HINT: &str =
    "Use `lib.mkForce value` or `lib.mkDefault value` to change the priority on any of these definitions.\n";

/// A string literal, as `lib.strings.escapeNixString` writes it.
pub(super) fn escape_string(name: &[u8]) -> Vec<u8> {
    let mut quoted = Vec::with_capacity(name.len() + 2);
    // Text that is no UTF-8 has no JSON; nixpkgs fails on it, a message should not.
    if quote_json(&mut quoted, name).is_err() {
        return name.to_vec();
    }
    let mut out = Vec::with_capacity(quoted.len());
    for c in quoted {
        if c == b'$' {
            out.push(b'\\');
        }
        out.push(c);
    }
    out
}

/// A name as it is written in an attribute path (`lib.strings.escapeNixIdentifier`).
pub(super) fn escape_identifier(name: &[u8]) -> Vec<u8> {
    const KEYWORDS: &[&[u8]] =
        &[b"assert", b"else", b"if", b"in", b"inherit", b"let", b"or", b"rec", b"then", b"with"];
    let mut chars = name.iter();
    let plain = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || *c == b'_')
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'\'' | b'-'))
        && !KEYWORDS.contains(&name);
    if plain { name.to_vec() } else { escape_string(name) }
}

/// The path of an option as `lib.showOption` writes it; placeholders (`*`, `<name>`) stay as they are.
pub(super) fn path_text(ev: &Evaluator, parts: &[Slot]) -> Res<Vec<u8>> {
    let mut out = Vec::new();
    for (i, part) in parts.iter().enumerate() {
        let part = ev.force_string(part, Pos::NONE, "")?;
        let name = ev.mem.text(part);
        if i > 0 {
            out.push(b'.');
        }
        let placeholder = name == b"*" || (name.len() >= 2 && name.starts_with(b"<") && name.ends_with(b">"));
        if placeholder { out.extend_from_slice(name) } else { out.extend(escape_identifier(name)) }
    }
    Ok(out)
}

/// The path of an option for a message.
pub(super) fn option(ev: &Evaluator, loc: Value) -> Res<String> {
    Ok(String::from_utf8_lossy(&path_text(ev, ev.mem.items(loc))?).into_owned())
}

/// An option's path that is only needed for a message; a path that cannot be shown is the error then.
pub(super) fn with_option(ev: &Evaluator, loc: Value, message: impl FnOnce(&str) -> Error) -> Error {
    match option(ev, loc) {
        Ok(path) => message(&path),
        Err(e) => e,
    }
}

/// Files, quoted, with "and" in between.
pub(super) fn files(ev: &Evaluator, files: &[Slot]) -> Res<String> {
    let mut quoted = Vec::with_capacity(files.len());
    for file in files {
        let file = interpolate(ev, file)?;
        quoted.push(format!("`{}'", text(ev, file)));
    }
    Ok(quoted.join(" and "))
}

/// Definitions with their values, a line or more for each. Values that throw are left out.
pub(super) fn definitions(ev: &Evaluator, definitions: &[Value]) -> Res<String> {
    let mut out = String::new();
    for definition in definitions {
        let set = ev.force_value(*definition)?;
        out.push_str(&definition_text(ev, attr(ev, set, sym!("file"))?, attr(ev, set, sym!("value"))?)?);
    }
    Ok(out)
}

/// One definition with its value.
pub(super) fn definition_text(ev: &Evaluator, file: &Slot, value: &Slot) -> Res<String> {
    const LINES: usize = 5;
    let shown = match pretty::for_message(ev, value) {
        Ok(shown) => {
            let lines: Vec<&str> = shown.split('\n').collect();
            let mut kept = lines[..lines.len().min(LINES)].join("\n    ");
            if lines.len() > LINES {
                kept.push_str("\n    ...");
            }
            if lines.len() > 1 { format!(":\n    {kept}") } else { format!(": {kept}") }
        }
        Err(e) if e.is_catchable() => String::new(),
        Err(e) => return Err(e),
    };
    let file = interpolate(ev, file)?;
    Ok(format!("\n- In `{}'{shown}", text(ev, file)))
}

/// The files of definitions (sets with `file` and `value`), as suspensions that may be stored.
pub(super) fn files_of(ev: &Evaluator, definitions: &[Slot]) -> Res<String> {
    let mut all = Vec::with_capacity(definitions.len());
    for definition in definitions {
        let set = ev.force(definition)?;
        all.push(slot(select(ev, set, sym!("file"))?));
    }
    files(ev, &all)
}

/// The words in some slots.
pub(super) fn words(slots: &[Slot]) -> Vec<Value> {
    slots.iter().map(peek).collect()
}
