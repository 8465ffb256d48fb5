//! Realises path arguments: what they depend on must be in the store before they are read, among the evaluation's own
//! objects, in the real store, or at a location that the user gave. Nothing is built.

use super::derivation::{derivation_file, is_derivation_of_ours, outputs};
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::heap::Slot;
use crate::host::{FileType, MemoryTree, Object, bytes_of, shown};
use crate::source::Pos;
use crate::store::StorePath;
use crate::value::{Context, ContextElement};

/// A path argument, ready to be read.
pub fn real_path(ev: &Evaluator, slot: &Slot, pos: Pos) -> Res<Vec<u8>> {
    let doing = "while realising the context of a path";
    let (path, context) = ev.coerce_to_path(slot, Pos::NONE, doing)?;
    realise(ev, context).map_err(|e| {
        let path = shown(&path).into_owned();
        e.trace(pos, format!("while realising the context of path '{path}'"))
    })?;
    make_readable(ev, &path)?;
    Ok(path)
}

/// Ensures that everything a string refers to is in the store.
///
/// # Errors
/// When something is missing and would have to be built.
pub fn realise(ev: &Evaluator, context: Context) -> Res<()> {
    if context.is_empty() {
        return Ok(());
    }
    let elements = ev.mem.contexts.elements(context);
    let mut needed = Vec::new();
    for element in elements.iter() {
        let path = ev.parse_store_path(element.path())?;
        if !is_valid(ev, &path)? {
            return Err(Error::eval(format!("path '{path}' is not valid")));
        }
        match element {
            ContextElement::Built { .. } | ContextElement::Dynamic { .. } => needed.push((path, element)),
            ContextElement::Opaque(_) | ContextElement::DrvDeep(_) => {}
        }
    }
    let Some((_, first)) = needed.first() else {
        return Ok(());
    };
    let first = first.show();
    if !ev.settings.allow_import_from_derivation {
        return Err(Error::eval(format!(
            "cannot build '{first}' during evaluation because the option 'allow-import-from-derivation' is disabled"
        )));
    }
    if ev.settings.trace_import_from_derivation {
        let message = format!("warning: built '{first}' during evaluation due to an import from derivation");
        ev.host.message(&bytes_of(&message));
    }
    needed.iter().try_for_each(|(path, element)| output_is_there(ev, path, element))
}

fn output_is_there(ev: &Evaluator, drv: &StorePath, element: &ContextElement) -> Res<()> {
    let shown = element.show();
    let path = match element {
        ContextElement::Built { output, .. } => {
            outputs(ev, drv)?.into_iter().find(|(name, _)| **name == **output).and_then(|(_, path)| path)
        }
        _ => None,
    };
    let Some(path) = path else {
        let message =
            format!("cannot build '{shown}' during evaluation: its path is known only when it is built");
        return Err(Error::new(ErrorKind::System, message));
    };
    if is_valid(ev, &path)? {
        return Ok(());
    }
    let output = ev.store_dir()?.print(&path);
    let message = match ev.settings.read_only {
        true => format!("path '{drv}' is not valid"),
        false => {
            format!("cannot build '{shown}' during evaluation: its output '{output}' is not in the store")
        }
    };
    let help = format!(
        "Its output '{output}' is not in the store, and nival builds nothing. Build the derivation with Nix, or give a \
         folder that has '{path}' with --store."
    );
    Err(Error::new(ErrorKind::System, message).help(help))
}

/// Whether a store object exists.
pub fn is_valid(ev: &Evaluator, path: &StorePath) -> Res<bool> {
    if is_derivation_of_ours(ev, path) {
        return Ok(true);
    }
    let path = ev.store_dir()?.print(path);
    Ok(ev.host.file_type(path.as_bytes()).map_err(|e| ev.host_error(e))?.is_some())
}

/// Creates the file of a derivation that is about to be read; such files are not stored otherwise.
pub fn make_readable(ev: &Evaluator, path: &[u8]) -> Res<()> {
    let Some((name, b"")) = ev.objects.split(path) else {
        return Ok(());
    };
    if !name.ends_with(b".drv") || matches!(ev.host.file_type(path), Ok(Some(FileType::Regular))) {
        return Ok(());
    }
    let Ok(drv) = StorePath::from_base_name(name) else {
        return Ok(());
    };
    if let Some((contents, references)) = derivation_file(ev, &drv)? {
        let dir = ev.store_dir()?;
        let references = references.iter().map(|r| dir.print(r)).collect();
        let file = MemoryTree::File { contents: contents.into(), executable: false };
        ev.objects.add(path, Object::Memory(file.into()), references);
    }
    Ok(())
}

/// The references of a file read from the store, as the context of its text.
pub fn references_in(ev: &Evaluator, path: &[u8], text: &[u8]) -> Res<Context> {
    let Some((name, _)) = ev.objects.split(path) else {
        return Ok(Context::EMPTY);
    };
    let dir = ev.store_dir()?;
    let prefix = [dir.as_str().as_bytes(), b"/"].concat();
    let candidates = match ev.objects.references(&[&prefix[..], name].concat()) {
        Some(known) => known.to_vec(),
        None => store_paths_in(ev, &prefix, text)?,
    };
    let mut found = Vec::new();
    for candidate in candidates {
        // Nix searches for the hash alone.
        let hash = candidate.as_bytes().get(prefix.len()..prefix.len() + HASH).unwrap_or_default();
        if memchr::memmem::find(text, hash).is_some() {
            found.push(ContextElement::Opaque(candidate.into()));
        }
    }
    Ok(ev.mem.contexts.make(found))
}

/// The number of digits of the hash in a store path.
const HASH: usize = 32;

/// The existing store paths that occur in a text: the references that a real store's database would list.
fn store_paths_in(ev: &Evaluator, prefix: &[u8], text: &[u8]) -> Res<Vec<String>> {
    let mut found = Vec::new();
    for at in memchr::memmem::find_iter(text, prefix) {
        let name = &text[at + prefix.len()..];
        let is_part = |c: &u8| c.is_ascii_alphanumeric() || b"+-._?=".contains(c);
        let end = name.iter().position(|c| !is_part(c)).unwrap_or(name.len());
        let whole = [prefix, &name[..end]].concat();
        if StorePath::from_base_name(&name[..end]).is_ok()
            && ev.host.file_type(&whole).map_err(|e| ev.host_error(e))?.is_some()
        {
            found.push(shown(&whole).into_owned());
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}
