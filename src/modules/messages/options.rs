//! Option paths and files: `showOption`, `showFiles`.

use crate::eval::{Error, Evaluator, Res};
use crate::heap::Slot;
use crate::native::{escape_identifier, lossy, select, string, text_of};
use crate::value::{Value, slot};

/// The path of an option as `lib.showOption` prints it; placeholders (`*`, `<name>`) are not quoted.
pub fn path_text(ev: &Evaluator, parts: &[Slot]) -> Res<Vec<u8>> {
    let names = parts.iter().map(|part| Ok(ev.mem.text(string(ev, part)?)));
    Ok(show_option(names.collect::<Res<Vec<_>>>()?))
}

/// The path of an option with these names, likewise.
pub fn show_option<'a>(names: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    for (i, name) in names.into_iter().enumerate() {
        if i > 0 {
            out.push(b'.');
        }
        let placeholder = name == b"*" || (name.len() >= 2 && name.starts_with(b"<") && name.ends_with(b">"));
        if placeholder { out.extend_from_slice(name) } else { out.extend(escape_identifier(name)) }
    }
    out
}

/// The path of an option for a message.
pub fn option(ev: &Evaluator, loc: Value) -> Res<String> {
    Ok(lossy(&path_text(ev, ev.mem.items(loc))?))
}

/// The error with this message about an option. If the option's path cannot be shown, that is the error instead.
pub fn with_option(ev: &Evaluator, loc: Value, message: impl FnOnce(&str) -> Error) -> Error {
    match option(ev, loc) {
        Ok(path) => message(&path),
        Err(e) => e,
    }
}

/// A file for a message.
pub fn file(ev: &Evaluator, file: Value) -> Res<String> {
    text_of(ev, &slot(file))
}

/// Quoted files, joined with "and".
pub fn files(ev: &Evaluator, files: &[Slot]) -> Res<String> {
    let mut quoted = Vec::with_capacity(files.len());
    for file in files {
        quoted.push(format!("`{}'", text_of(ev, file)?));
    }
    Ok(quoted.join(" and "))
}

/// The files of definitions (sets with `file` and `value`).
pub fn files_of(ev: &Evaluator, definitions: &[Slot]) -> Res<String> {
    let mut all = Vec::with_capacity(definitions.len());
    for definition in definitions {
        let set = ev.force(definition)?;
        all.push(slot(select(ev, set, sym!("file"))?));
    }
    files(ev, &all)
}
