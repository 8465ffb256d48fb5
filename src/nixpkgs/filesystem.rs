//! `lib.filesystem`: inspecting files and directories.

use super::customisation::make_scope;
use crate::eval::{Builtin, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{
    Entry, Table, alias, apply, attr, attrs, builtin, call_builtin, delay_select, entries, function, get,
    lossy, pattern, select, set_of, share, shared, throw, to_string, with_attr,
};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Context, Value, peek, slot};

/// `lib.filesystem`
pub static TABLE: Table = Table { namespace: "filesystem", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    builtin("baseNameOf").top(),
    builtin("dirOf").top(),
    builtin("isPath").top(),
    builtin("readDir").top(),
    builtin("readFileType").top(),
    builtin("hashFile").top(),
    alias("pathType", "readFileType").top(),
    function("pathIsDirectory", &["path"], path_is_directory).top(),
    function("pathIsRegularFile", &["path"], path_is_regular_file).top(),
    function("haskellPathsInDir", &["root"], haskell_paths_in_dir),
    function("locateDominatingFile", &["pattern", "file"], locate_dominating_file),
    function("listFilesRecursive", &["dir"], list_files_recursive),
    pattern("packagesFromDirectoryRecursive", &["args"], &[PACKAGES], packages_from_directory_recursive)
        .top(),
    function("resolveDefaultNix", &["v"], resolve_default_nix),
];

/// `lib.filesystem.pathIsDirectory`: whether a directory is at a path.
fn path_is_directory(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [path] = exactly(args);
    Ok(Value::bool(is_of_type(ev, path, b"directory")?))
}

/// `lib.filesystem.pathIsRegularFile`: whether a regular file is at a path.
fn path_is_regular_file(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [path] = exactly(args);
    Ok(Value::bool(is_of_type(ev, path, b"regular")?))
}

/// `pathExists path && readFileType path == wanted`
pub(super) fn is_of_type(ev: &Evaluator, path: &Slot, wanted: &[u8]) -> Res<bool> {
    let path = share(ev, path)?;
    if call_builtin(ev, "pathExists", &[path])? != Value::TRUE {
        return Ok(false);
    }
    let found = call_builtin(ev, "readFileType", &[path])?;
    Ok(ev.mem.text(found) == wanted)
}

/// `path + "/name"`
pub(super) fn below(ev: &Evaluator, path: Value, name: &[u8]) -> Res<Value> {
    let name = ev.mem.concat(&[b"/", name], Context::EMPTY)?;
    ev.plus(path, &slot(name))
}

/// The names in a directory and their types.
fn read_dir(ev: &Evaluator, path: Value) -> Res<Vec<crate::value::Entry<'_>>> {
    entries(ev, &slot(call_builtin(ev, "readDir", &[path])?))
}

/// `lib.filesystem.haskellPathsInDir`: the directories that contain a Cabal file of the same name.
fn haskell_paths_in_dir(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [root] = exactly(args);
    let root = ev.force(root)?;
    let mut found = AttrsBuilder::new();
    for e in read_dir(ev, root)? {
        let name = ev.mem.heap.name(e.name);
        let path = below(ev, root, name)?;
        let file = below(ev, path, &[name, b".cabal"].concat())?;
        if call_builtin(ev, "pathExists", &[file])? == Value::TRUE {
            found.push(e.name, path);
        }
    }
    Ok(ev.mem.attrs(found)?)
}

/// `lib.filesystem.locateDominatingFile`: the nearest directory upwards that contains a file with a matching name.
fn locate_dominating_file(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pattern, file] = exactly(args);
    let is_root = |path: Value| -> Res<bool> { Ok(ev.mem.text(to_string(ev, &slot(path))?) == b"/") };
    let file = ev.force(file)?;
    let parent = call_builtin(ev, "dirOf", &[file])?;
    let mut path = file;
    if !is_root(file)? {
        let name = call_builtin(ev, "baseNameOf", &[file])?;
        let siblings = call_builtin(ev, "readDir", &[parent])?;
        let kind = get(ev, siblings, lossy(ev.mem.text(name)).as_str()).map(|s| ev.force(s)).transpose()?;
        if kind.is_none_or(|k| ev.mem.text(k) != b"directory") {
            path = parent;
        }
    }
    loop {
        let mut matches = Vec::new();
        for e in read_dir(ev, path)? {
            let found = call_builtin(ev, "match", &[share(ev, pattern)?, Value::symbol(e.name)])?;
            if found != Value::NULL {
                matches.push(found);
            }
        }
        if !matches.is_empty() {
            return set_of(ev, &[("path", path), ("matches", ev.mem.list(&matches)?)]);
        }
        if is_root(path)? {
            return Ok(Value::NULL);
        }
        path = call_builtin(ev, "dirOf", &[path])?;
    }
}

/// `lib.filesystem.listFilesRecursive`: all files in a directory and its subdirectories.
fn list_files_recursive(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [dir] = exactly(args);
    fn collect(ev: &Evaluator, dir: Value, found: &mut Vec<Value>) -> Res<()> {
        let _depth = ev.enter(Pos::NONE)?;
        for e in read_dir(ev, dir)? {
            let path = below(ev, dir, ev.mem.heap.name(e.name))?;
            match ev.mem.text(ev.force(e.slot)?) {
                b"directory" => collect(ev, path, found)?,
                _ => found.push(path),
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    collect(ev, ev.force(dir)?, &mut found)?;
    Ok(ev.mem.list(&found)?)
}

const PACKAGES: Formals = Formals {
    arg: 0,
    names: &[("callPackage", false), ("newScope", true), ("directory", false)],
    ellipsis: false,
};

/// `lib.filesystem.packagesFromDirectoryRecursive`: the set of packages that a directory's files define.
fn packages_from_directory_recursive(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [args] = exactly(args);
    packages_from_directory(ev, args, pos)
}

/// `packagesFromDirectoryRecursive args`
fn packages_from_directory(ev: &Evaluator, args: &Slot, pos: Pos) -> Res<Value> {
    /// `self: processDir (args // { inherit (self) callPackage newScope; })`
    static SCOPE: Builtin = Builtin::hidden("self", &["args", "self"], |ev, args, _| {
        let [args, this] = exactly(args);
        let this = share(ev, this)?;
        let of = |name: &str| delay_select(ev, this, name);
        let own = set_of(ev, &[("callPackage", of("callPackage")?), ("newScope", of("newScope")?)])?;
        process_dir(ev, ev.mem.update(peek(args), own)?)
    });
    let args = ev.force_formals("anonymous lambda", args, &PACKAGES, pos)?;
    let dir = select(ev, args, "directory")?;
    let package = below(ev, dir, b"package.nix")?;
    if call_builtin(ev, "pathExists", &[package])? == Value::TRUE {
        return apply(ev, attr(ev, args, "callPackage")?, &[package, Value::EMPTY_SET]);
    }
    let Some(new_scope) = get(ev, args, "newScope") else {
        return process_dir(ev, args);
    };
    let scope = ev.partial(&SCOPE, &[args])?;
    let made = make_scope(ev, share(ev, new_scope)?, scope)?;
    with_attr(ev, attrs(ev, &slot(made))?, "recurseForDerivations", Value::TRUE)
}

suspended! {
    /// `packagesFromDirectoryRecursive args`
    struct PackagesBelow { args }
}

impl PackagesBelow<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        packages_from_directory(ev, self.args, Pos::NONE)
    }
}

/// The packages that the files of `args.directory` define.
fn process_dir(ev: &Evaluator, args: Value) -> Res<Value> {
    let dir = select(ev, args, "directory")?;
    let mut packages = AttrsBuilder::new();
    for e in read_dir(ev, dir)? {
        let name = ev.mem.heap.name(e.name);
        let path = below(ev, dir, name)?;
        let kind = ev.mem.text(ev.force(e.slot)?);
        match (kind, name.strip_suffix(b".nix")) {
            (b"directory", _) => {
                let inner = with_attr(ev, args, "directory", path)?;
                packages.push(e.name, ev.delay(PackagesBelow { args: inner })?);
            }
            (b"regular", Some(stem)) => {
                let call = shared(ev, args, "callPackage")?;
                packages.push(ev.mem.heap.intern(stem)?, ev.delay_call(call, &[path, Value::EMPTY_SET])?);
            }
            (b"regular", None) => {}
            _ => {
                let (kind, path) = (lossy(kind), lossy(ev.mem.text(path)));
                return Err(throw(format!(
                    "lib.filesystem.packagesFromDirectoryRecursive: Unsupported file type {kind} at path {path}\n"
                )));
            }
        }
    }
    Ok(ev.mem.attrs(packages)?)
}

/// `lib.filesystem.resolveDefaultNix`: the file that `import` reads for a path.
fn resolve_default_nix(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [path] = exactly(args);
    let v = ev.force(path)?;
    if is_of_type(ev, path, b"directory")? {
        return ev.plus(v, &slot(ev.mem.str("/default.nix")?));
    }
    match v.is_string() && ev.mem.text(v).ends_with(b"/") {
        true => ev.plus(v, &slot(ev.mem.str("default.nix")?)),
        false => Ok(v),
    }
}
