//! Files: importing, reading, and the search path.

use crate::eval::{Builtin, Coerce, Error, ErrorKind, Evaluator, Res};
use crate::heap::{Slot, sym};
use crate::host::FileType;
use crate::source::Pos;
use crate::syntax::normalise;
use crate::value::{AttrsBuilder, Context, Type, Value};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[
    Builtin::new("import", &["path"], "The value of the Nix expression in a file.", |ev, args, pos| {
        let path = real_path(ev, &args[0], pos)?;
        ev.import(&path)
    }),
    Builtin::new(
        "scopedImport",
        &["attrs", "path"],
        "Like import, with the attributes of a set in scope.",
        |ev, args, pos| {
            let doing = "while evaluating the first argument passed to builtins.scopedImport";
            let scope = ev.force_attrs(&args[0], pos, doing)?;
            let path = real_path(ev, &args[1], pos)?;
            ev.scoped_import(scope, &path)
        },
    ),
    Builtin::new("readFile", &["path"], "The contents of a file.", read_file),
    Builtin::new("readDir", &["path"], "The entries of a directory and their types.", read_dir),
    Builtin::new("readFileType", &["path"], "What kind of thing is at a path.", read_file_type),
    Builtin::new("pathExists", &["path"], "Whether something is at a path.", path_exists),
    Builtin::new(
        "findFile",
        &["search-path", "lookup-path"],
        "Looks a path up in a search path.",
        |ev, args, pos| {
            let doing = "while evaluating the first argument passed to builtins.findFile";
            let entries = search_entries(ev, &args[0], pos, doing)?;
            let doing = "while evaluating the second argument passed to builtins.findFile";
            let name = ev.force_plain_string(&args[1], pos, doing)?;
            let found = find_in(ev, &entries, ev.mem.text(name))?;
            Ok(ev.mem.path(&found)?)
        },
    ),
    Builtin::new("dirOf", &["s"], "The directory part of a path.", dir_of),
    Builtin::new("baseNameOf", &["x"], "The last part of a path.", base_name_of),
    Builtin::new("toPath", &["s"], "An absolute path as a string; deprecated.", |ev, args, pos| {
        let doing = "while evaluating the first argument passed to builtins.toPath";
        let (path, context) = ev.coerce_to_path(&args[0], pos, doing)?;
        Ok(ev.mem.string(&path, context)?)
    }),
];

/// A path argument, ready to be read: what it depends on must exist.
pub fn real_path(ev: &Evaluator, slot: &Slot, pos: Pos) -> Res<Vec<u8>> {
    let doing = "while realising the context of a path";
    let (path, _context) = ev.coerce_to_path(slot, pos, doing).map_err(|e| {
        // Forcing is part of what the line describes.
        let described = e.data().traces.last().is_some_and(|t| t.text == doing);
        if described { e } else { e.trace(Pos::NONE, doing) }
    })?;
    Ok(path)
}

fn read_file(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let path = real_path(ev, &args[0], pos)?;
    let text = ev.host.read_file(&path).map_err(|e| ev.host_error(e))?;
    if text.contains(&0) {
        let path = String::from_utf8_lossy(&path);
        let message = format!("the contents of the file '{path}' cannot be represented as a Nix string");
        return Err(Error::eval(message));
    }
    Ok(ev.mem.string(&text, Context::EMPTY)?)
}

fn read_dir(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let path = real_path(ev, &args[0], pos)?;
    let entries = ev.host.read_dir(&path).map_err(|e| ev.host_error(e))?;
    let mut set = AttrsBuilder::with_capacity(entries.len());
    for (name, kind) in entries {
        set.push(ev.mem.heap.intern(&name)?, Value::symbol(ev.intern(kind.name())?));
    }
    Ok(ev.mem.attrs(set)?)
}

fn read_file_type(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let path = real_path(ev, &args[0], pos)?;
    match ev.host.file_type(&path).map_err(|e| ev.host_error(e))? {
        Some(kind) => Ok(Value::symbol(ev.intern(kind.name())?)),
        None => {
            let path = String::from_utf8_lossy(&path).into_owned();
            Err(Error::new(ErrorKind::System, format!("path '{path}' does not exist")))
        }
    }
}

/// A string that ends in `/` or `/.` must name a directory.
fn path_exists(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let v = ev.force_at(&args[0], pos)?;
    let must_be_dir = v.is_string() && {
        let text = ev.mem.text(v);
        text.ends_with(b"/") || text.ends_with(b"/.")
    };
    let path = real_path(ev, &args[0], pos)?;
    let found = match ev.host.file_type(&path) {
        Ok(Some(FileType::Symlink)) if must_be_dir => {
            let target = ev.host.resolve(&path).and_then(|p| ev.host.file_type(&p));
            matches!(target, Ok(Some(FileType::Directory)))
        }
        Ok(Some(kind)) => !must_be_dir || kind == FileType::Directory,
        _ => false,
    };
    Ok(Value::bool(found))
}

/// Prefix and path of each entry of a search path.
fn search_entries(
    ev: &Evaluator,
    list: &Slot,
    pos: Pos,
    doing: &'static str,
) -> Res<Vec<(Vec<u8>, Vec<u8>)>> {
    let list = ev.force_list(list, pos, doing)?;
    let mut entries = Vec::new();
    for item in ev.mem.items(list) {
        let doing = "while evaluating an element of the list passed to builtins.findFile";
        let entry = ev.force_attrs(item, pos, doing)?;
        let prefix = match ev.mem.get(entry, sym("prefix")) {
            Some(slot) => {
                let doing = "while evaluating the `prefix` attribute of an element of the list passed to builtins.findFile";
                let prefix = ev.force_plain_string(slot, pos, doing)?;
                ev.mem.text(prefix).to_vec()
            }
            None => Vec::new(),
        };
        let path = ev.need_attr(entry, sym("path"), "in an element of the __nixPath")?;
        let doing =
            "while evaluating the `path` attribute of an element of the list passed to builtins.findFile";
        let path = ev.coerce(path, pos, Coerce::PLAIN, doing)?;
        entries.push((prefix, ev.mem.text(path).to_vec()));
    }
    Ok(entries)
}

fn find_in(ev: &Evaluator, entries: &[(Vec<u8>, Vec<u8>)], name: &[u8]) -> Res<Vec<u8>> {
    for (prefix, path) in entries {
        let rest = match prefix.is_empty() {
            true => name,
            false => match name.strip_prefix(&prefix[..]) {
                Some(b"") => b"",
                Some([b'/', rest @ ..]) => rest,
                _ => continue,
            },
        };
        if !path.starts_with(b"/") {
            continue;
        }
        let candidate = match rest {
            b"" => normalise(path),
            rest => normalise(&[path, &b"/"[..], rest].concat()),
        };
        if matches!(ev.host.file_type(&candidate), Ok(Some(_))) && ev.host.resolve(&candidate).is_ok() {
            return Ok(candidate);
        }
    }
    let name = String::from_utf8_lossy(name);
    let message = match ev.settings.pure {
        true => format!("cannot look up '<{name}>' in pure evaluation mode (use '--impure' to override)"),
        false => format!("file '{name}' was not found in the Nix search path (add it using $NIX_PATH or -I)"),
    };
    Err(Error::new(ErrorKind::Throw, message))
}

/// Where `<name>` is in the search path that the user set.
///
/// # Errors
/// When it is not there.
pub fn find_file(ev: &Evaluator, name: &[u8]) -> Res<Vec<u8>> {
    let entries: Vec<_> = ev
        .settings
        .nix_path
        .iter()
        .map(|(prefix, path)| (prefix.clone().into_bytes(), path.clone().into_bytes()))
        .collect();
    find_in(ev, &entries, name)
}

fn dir_of(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let v = ev.force_at(&args[0], pos)?;
    let parent = |text: &[u8]| match text.iter().rposition(|c| *c == b'/') {
        None => b".".to_vec(),
        Some(0) => b"/".to_vec(),
        Some(i) => text[..i].to_vec(),
    };
    if v.type_of() == Type::Path {
        return Ok(ev.mem.path(&parent(ev.mem.text(v)))?);
    }
    let doing = "while evaluating the first argument passed to 'builtins.dirOf'";
    let s = ev.coerce(&args[0], Pos::NONE, Coerce::PLAIN, doing)?;
    Ok(ev.mem.string(&parent(ev.mem.text(s)), ev.mem.context(s))?)
}

fn base_name_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let doing = "while evaluating the first argument passed to builtins.baseNameOf";
    let s = ev.coerce(&args[0], Pos::NONE, Coerce::PLAIN, doing)?;
    let text = ev.mem.text(s);
    // One last slash does not count.
    let text = text.strip_suffix(b"/").unwrap_or(text);
    let start = text.iter().rposition(|c| *c == b'/').map_or(0, |i| i + 1);
    Ok(ev.mem.string(&text[start..], ev.mem.context(s))?)
}
