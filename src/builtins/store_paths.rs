//! Adding files to the store: `path`, `filterSource`, `toFile`, `storePath`.

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use super::reading::resolve_links;
use super::realise::{is_valid, make_readable, realise};
use crate::eval::{Builtin, Error, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::host::{FileType, Kept, MemoryTree, Object, bytes_of, shown};
use crate::source::Pos;
use crate::store::build_path::{build_ca_path, build_text_path};
use crate::store::{CAHash, HashAlgo, HashMode, NixHash, StorePath, hash_bytes};
use crate::value::{Context, ContextElement, Value, slot};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[
    Builtin::new("toFile", &["name", "s"], "A file with the given contents, in the store.", to_file),
    Builtin::new(
        "filterSource",
        &["e1", "e2"],
        "A tree in the store, without what a function refuses.",
        filter_source,
    ),
    Builtin::new("path", &["args"], "A file or tree in the store, with options.", path),
    Builtin::new(
        "storePath",
        &["path"],
        "A string that refers to a path that is in the store already.",
        store_path,
    ),
];

fn base_name(path: &[u8]) -> Vec<u8> {
    path.rsplit(|c| *c == b'/').next().unwrap_or_default().to_vec()
}

fn filter_source(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [e1, e2] = exactly(args);
    let doing = "while evaluating the second argument (the path to filter) passed to 'builtins.filterSource'";
    let (path, context) = ev.coerce_to_path(e2, pos, doing)?;
    let doing = "while evaluating the first argument passed to builtins.filterSource";
    let filter = Some(ev.force_function(e1, pos, doing)?);
    let name = base_name(&path);
    add(ev, &Addition { path, context, name, filter, mode: HashMode::Nar, expected: None }, pos)
}

fn to_file(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [name, s] = exactly(args);
    let doing = "while evaluating the first argument passed to builtins.toFile";
    let name = ev.force_plain_string(name, pos, doing)?;
    let doing = "while evaluating the second argument passed to builtins.toFile";
    let contents = ev.force_string(s, pos, doing)?;
    let shown = shown(ev.mem.text(name)).into_owned();
    let dir = ev.store_dir()?;
    let mut references = BTreeSet::new();
    for element in ev.mem.contexts.elements(ev.mem.context(contents)).iter() {
        match element {
            ContextElement::Opaque(path) => {
                references.insert(ev.parse_store_path(path)?);
            }
            other => {
                let reference = other.encode().replace(&format!("{}/", dir.as_str()), "");
                return Err(Error::eval(format!(
                    "files created by builtins.toFile may not reference derivations, but {shown} references {reference}"
                ))
                .at(pos));
            }
        }
    }
    let contents = ev.mem.text(contents);
    let path =
        build_text_path(dir, ev.mem.text(name), contents, &references).map_err(|e| ev.store_error(&e))?;
    let path = dir.print(&path);
    let file = MemoryTree::File { contents: contents.into(), executable: false };
    let references = references.iter().map(|r| dir.print(r)).collect();
    ev.objects.add(path.as_bytes(), Object::Memory(file.into()), references);
    ev.opaque(&path)
}

/// A file or tree to add to the store.
struct Addition {
    path: Vec<u8>,
    context: Context,
    name: Vec<u8>,
    filter: Option<Value>,
    mode: HashMode,
    expected: Option<NixHash>,
}

/// Adds a file or tree, possibly filtered or with a known hash, and returns its store path.
fn add(ev: &Evaluator, what: &Addition, pos: Pos) -> Res<Value> {
    add_unnamed(ev, what, pos).map_err(|e| {
        let path = shown(&what.path).into_owned();
        e.trace(pos, format!("while adding path '{path}'"))
    })
}

fn add_unnamed(ev: &Evaluator, what: &Addition, pos: Pos) -> Res<Value> {
    let dir = ev.store_dir()?;
    if let Some(file) = ev.internal_file(&what.path) {
        return ev.internal_to_store(file);
    }
    let references = references(ev, what)?;
    let ca_path = |hash: NixHash| {
        let ca = CAHash { mode: what.mode, hash };
        let path = build_ca_path(dir, &what.name, &ca, &references, false);
        path.map_err(|e| ev.store_error(&e))
    };
    let expected = what.expected.map(ca_path).transpose()?;
    if let Some(expected) = &expected
        && is_valid(ev, expected)?
    {
        return ev.opaque(&dir.print(expected));
    }
    // Links in the path are also followed, and a filter sees the resolved path.
    let real = match ev.host.resolve(&what.path) {
        Ok(real) => real,
        Err(_) => resolve_links(ev, &what.path, true)?,
    };
    let mut kept = HashSet::new();
    let hash = match (what.mode, what.filter) {
        (HashMode::Nar, None) => ev.hash_tree(&real, None, HashAlgo::Sha256)?,
        (HashMode::Nar, Some(filter)) => {
            let mut keep = |entry: &[u8], kind: FileType| {
                let path = ev.mem.string(entry, Context::EMPTY)?;
                let kind = Value::symbol(ev.intern(kind.name())?);
                let answer = slot(ev.call(filter, &[path, kind], pos)?);
                let doing = "while evaluating the return value of the path filter function";
                let keep = ev.force_bool(&answer, pos, doing)?;
                if keep {
                    let inside = entry.strip_prefix(&real[..]).unwrap_or(entry);
                    kept.insert(inside.strip_prefix(b"/").unwrap_or(inside).to_vec());
                }
                Ok(keep)
            };
            ev.hash_tree(&real, Some(&mut keep), HashAlgo::Sha256)?
        }
        _ => hash_bytes(HashAlgo::Sha256, &ev.host.read_file(&real).map_err(|e| ev.host_error(e))?),
    };
    let made = ca_path(hash)?;
    if expected.is_some_and(|expected| expected != made) {
        let path = shown(&what.path).into_owned();
        let message = format!("store path mismatch in (possibly filtered) path added from '{path}'");
        return Err(Error::eval(message).at(pos));
    }
    let made = dir.print(&made);
    let kept = what.filter.map(|_| Rc::new(Kept { paths: kept, tracked: false }));
    let references = references.iter().map(|r| dir.print(r)).collect();
    ev.objects.add(made.as_bytes(), Object::Elsewhere { path: real, kept }, references);
    ev.opaque(&made)
}

/// The references of the source: a part of a store object keeps those of the object.
fn references(ev: &Evaluator, what: &Addition) -> Res<BTreeSet<StorePath>> {
    let dir = ev.store_dir()?;
    let Some((name, _)) = ev.objects.split(&what.path).filter(|_| !what.context.is_empty()) else {
        return Ok(BTreeSet::new());
    };
    realise(ev, what.context)?;
    make_readable(ev, &what.path)?;
    let object = [dir.as_str().as_bytes(), b"/", name].concat();
    let known = ev.objects.references(&object).unwrap_or_default();
    known.iter().map(|r| ev.parse_store_path(r)).collect()
}

fn path(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [args] = exactly(args);
    let set = ev.force_attrs(args, pos, "while evaluating the argument passed to 'builtins.path'")?;
    let (mut from, mut name, mut filter, mut expected) = (None, Vec::new(), None, None);
    let mut mode = HashMode::Nar;
    for entry in ev.mem.entries_in_order(set) {
        match ev.mem.heap.name(entry.name) {
            b"path" => {
                let doing = "while evaluating the 'path' attribute passed to 'builtins.path'";
                from = Some(ev.coerce_to_path(entry.slot, entry.pos, doing)?);
            }
            b"name" => {
                let doing = "while evaluating the `name` attribute passed to builtins.path";
                let v = ev.force_plain_string(entry.slot, entry.pos, doing)?;
                name = ev.mem.text(v).to_vec();
            }
            b"filter" => {
                let doing = "while evaluating the `filter` parameter passed to builtins.path";
                filter = Some(ev.force_function(entry.slot, entry.pos, doing)?);
            }
            b"recursive" => {
                let doing = "while evaluating the `recursive` attribute passed to builtins.path";
                let recursive = ev.force_bool(entry.slot, entry.pos, doing)?;
                mode = if recursive { HashMode::Nar } else { HashMode::Flat };
            }
            b"sha256" => {
                let doing = "while evaluating the `sha256` attribute passed to builtins.path";
                let v = ev.force_plain_string(entry.slot, entry.pos, doing)?;
                expected = Some(parse_sha256(ev, ev.mem.text(v))?);
            }
            _ => {
                let other = ev.quoted(entry.name);
                let message = format!("unsupported argument '{other}' to 'builtins.path'");
                return Err(Error::eval(message).at(entry.pos));
            }
        }
    }
    let Some((path, context)) = from else {
        let message = "missing required 'path' attribute in the first argument to 'builtins.path'";
        return Err(Error::eval(message).at(pos));
    };
    if name.is_empty() {
        name = base_name(&path);
    }
    add(ev, &Addition { path, context, name, filter, mode, expected }, pos)
}

/// A SHA-256 hash in any encoding; an empty one means zeros and gives a warning.
pub fn parse_sha256(ev: &Evaluator, text: &[u8]) -> Res<NixHash> {
    let parsed = NixHash::parse_output_hash(text, Some(HashAlgo::Sha256), ev.settings.store_features);
    let (hash, warning) = parsed.map_err(|e| ev.store_error(&e))?;
    if let Some(warning) = warning {
        ev.host.message(&bytes_of(&format!("warning: {warning}")));
    }
    Ok(hash)
}

fn store_path(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [path] = exactly(args);
    if ev.settings.pure {
        let message = "'builtins.storePath' is not allowed in pure evaluation mode";
        return Err(Error::eval(message).at(pos));
    }
    let doing = "while evaluating the first argument passed to 'builtins.storePath'";
    let (mut path, context) = ev.coerce_to_path(path, pos, doing)?;
    let dir = ev.store_dir()?;
    // A link directly in the store is itself the object; other links are resolved.
    if dir.parse(&path).is_err() {
        path = resolve_links(ev, &path, true)?;
    }
    let (base, _) = dir.split(&path).map_err(|e| ev.store_error(&e).at(pos))?;
    let element = ContextElement::Opaque(dir.print(&base).into());
    let context = ev.mem.contexts.union(context, ev.mem.contexts.make(vec![element]));
    Ok(ev.mem.string(&path, context)?)
}
