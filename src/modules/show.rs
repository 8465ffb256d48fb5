//! Option paths, files and definitions in messages: `showOption`, `showFiles`, `showDefs`.

use crate::eval::{Error, Evaluator, Res};
use crate::heap::Slot;
use crate::native::{Pretty, attr, interpolate, select, text};
use crate::source::Pos;
use crate::value::{Value, peek, slot};

pub(super) use crate::native::{escape_identifier, escape_string};

/// Where a definition comes from when nobody knows.
pub(super) const UNKNOWN: &str = "<unknown-file>";

/// What is suggested to people who define an option in conflicting ways.
pub(super) const PRIORITY_HINT: &str =
    "Use `lib.mkForce value` or `lib.mkDefault value` to change the priority on any of these definitions.\n";

/// What `toPretty { } (withRecursion { depthLimit = 10; throwOnDepthLimit = false; } v)` shows.
fn pretty(ev: &Evaluator, v: &Slot) -> Res<String> {
    const DEPTH: usize = 10;
    let shown = Pretty { depth_limit: Some(DEPTH), ..Pretty::default() }.show(ev, v)?;
    Ok(text(ev, shown))
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
    let shown = match pretty(ev, value) {
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
