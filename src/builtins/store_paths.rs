//! Files that go to the store: `path`, `filterSource`, `toFile`, `storePath`.

use std::collections::BTreeSet;

use crate::eval::{Builtin, Error, Evaluator, Res};
use crate::heap::Slot;
use crate::host::FileType;
use crate::source::Pos;
use crate::store::build_path::{build_ca_path, build_text_path};
use crate::store::{CAHash, HashAlgo, HashMode, NixHash, hash_bytes};
use crate::value::{ContextElement, Value, slot};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[
    Builtin::new("toFile", &["name", "s"], "A file with the given contents, in the store.", to_file),
    Builtin::new(
        "filterSource",
        &["e1", "e2"],
        "A tree in the store, without what a function refuses.",
        |ev, args, pos| {
            let doing =
                "while evaluating the second argument (the path to filter) passed to 'builtins.filterSource'";
            let (path, _) = ev.coerce_to_path(&args[1], pos, doing)?;
            let doing = "while evaluating the first argument passed to builtins.filterSource";
            let filter = ev.force_function(&args[0], pos, doing)?;
            let name = base_name(&path);
            add(ev, &path, &name, Some(filter), true, None)
        },
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

fn to_file(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let doing = "while evaluating the first argument passed to builtins.toFile";
    let name = ev.force_plain_string(&args[0], pos, doing)?;
    let doing = "while evaluating the second argument passed to builtins.toFile";
    let contents = ev.force_string(&args[1], pos, doing)?;
    let shown = String::from_utf8_lossy(ev.mem.text(name)).into_owned();
    let mut references = BTreeSet::new();
    for element in ev.mem.contexts.elements(ev.mem.context(contents)).iter() {
        match element {
            ContextElement::Opaque(path) => {
                references.insert(ev.parse_store_path(path)?);
            }
            other => {
                let path = other.encode();
                return Err(Error::eval(format!(
                    "files created by builtins.toFile may not reference derivations, but {shown} references {path}"
                )));
            }
        }
    }
    let dir = ev.store_dir()?;
    let path = build_text_path(&dir, ev.mem.text(name), ev.mem.text(contents), &references)
        .map_err(|e| ev.store_error(&e))?;
    ev.opaque(&dir.print(&path))
}

/// The store path of a tree, perhaps filtered, perhaps with a known hash.
fn add(
    ev: &Evaluator,
    path: &[u8],
    name: &[u8],
    filter: Option<Value>,
    recursive: bool,
    expected: Option<NixHash>,
) -> Res<Value> {
    let (real, _) = ev.real_path_and_name(path)?;
    let mode = if recursive { HashMode::Nar } else { HashMode::Flat };
    let hash = if recursive {
        match filter {
            None => ev.hash_tree(&real, None, HashAlgo::Sha256)?,
            Some(f) => {
                let mut keep = |entry: &[u8], kind: FileType| {
                    // The filter sees the paths as they were given, not as links resolve them.
                    let shown = match entry.strip_prefix(&real[..]) {
                        Some(rest) => [path, rest].concat(),
                        None => entry.to_vec(),
                    };
                    let shown = ev.mem.string(&shown, Default::default())?;
                    let kind = Value::symbol(ev.intern(kind.name())?);
                    let kept = slot(ev.call(f, &[shown, kind], Pos::NONE)?);
                    let doing = "while evaluating the return value of the path filter function";
                    ev.force_bool(&kept, Pos::NONE, doing)
                };
                ev.hash_tree(&real, Some(&mut keep), HashAlgo::Sha256)?
            }
        }
    } else {
        hash_bytes(HashAlgo::Sha256, &ev.host.read_file(&real).map_err(|e| ev.host_error(e))?)
    };
    let dir = ev.store_dir()?;
    let ca_path = |hash: NixHash| {
        let ca = CAHash { mode, hash };
        let path = build_ca_path(&dir, name, &ca, &BTreeSet::new(), false).map_err(|e| ev.store_error(&e))?;
        Ok::<_, Error>(dir.print(&path))
    };
    let made = ca_path(hash)?;
    if let Some(expected) = expected
        && ca_path(expected)? != made
    {
        let path = String::from_utf8_lossy(path).into_owned();
        return Err(Error::eval(format!(
            "store path mismatch in (possibly filtered) path added from '{path}'"
        )));
    }
    ev.opaque(&made)
}

fn path(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let set = ev.force_attrs(&args[0], pos, "while evaluating the argument passed to 'builtins.path'")?;
    let (mut from, mut name, mut filter, mut recursive, mut hash) = (None, None, None, true, None);
    for entry in ev.mem.entries(set) {
        match ev.mem.heap.name(entry.name) {
            b"path" => {
                let doing = "while evaluating the 'path' attribute passed to 'builtins.path'";
                from = Some(ev.coerce_to_path(entry.slot, entry.pos, doing)?.0);
            }
            b"name" => {
                let doing = "while evaluating the `name` attribute passed to builtins.path";
                let v = ev.force_plain_string(entry.slot, entry.pos, doing)?;
                name = Some(ev.mem.text(v).to_vec());
            }
            b"filter" => {
                let doing = "while evaluating the `filter` parameter passed to builtins.path";
                filter = Some(ev.force_function(entry.slot, entry.pos, doing)?);
            }
            b"recursive" => {
                let doing = "while evaluating the `recursive` attribute passed to builtins.path";
                recursive = ev.force_bool(entry.slot, entry.pos, doing)?;
            }
            b"sha256" => {
                let doing = "while evaluating the `sha256` attribute passed to builtins.path";
                let v = ev.force_plain_string(entry.slot, entry.pos, doing)?;
                let features = ev.settings.store_features;
                let parsed = NixHash::parse_output_hash(ev.mem.text(v), Some(HashAlgo::Sha256), features);
                hash = Some(parsed.map_err(|e| ev.store_error(&e))?.0);
            }
            other => {
                let other = String::from_utf8_lossy(other).into_owned();
                let message = format!("unsupported argument '{other}' to 'builtins.path'");
                return Err(Error::eval(message).at(entry.pos));
            }
        }
    }
    let Some(from) = from else {
        let message = "missing required 'path' attribute in the first argument to 'builtins.path'";
        return Err(Error::eval(message));
    };
    let name = name.unwrap_or_else(|| base_name(&from));
    add(ev, &from, &name, filter, recursive, hash)
}

fn store_path(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let doing = "while evaluating the first argument passed to 'builtins.storePath'";
    let (path, context) = ev.coerce_to_path(&args[0], pos, doing)?;
    let dir = ev.store_dir()?;
    let (base, _) = dir.split(&path).map_err(|e| ev.store_error(&e))?;
    let element = ContextElement::Opaque(dir.print(&base).into());
    let context = ev.mem.contexts.union(context, ev.mem.contexts.make(vec![element]));
    Ok(ev.mem.string(&path, context)?)
}
