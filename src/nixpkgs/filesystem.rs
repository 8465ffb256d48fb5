//! `lib.filesystem`: looking at files.

use super::entry::{Entry, Table, alias, builtin, function, pattern};
use super::support::{
    apply, attrs, call_builtin, entries, get, lossy, select, set_of, share, throw, to_string, with_attr,
};
use crate::eval::{Builtin, Evaluator, Formals, Lazy, Res};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, peek, slot};

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
    function("pathIsDirectory", &["path"], |ev, a, _| Ok(Value::bool(is_of_type(ev, &a[0], b"directory")?)))
        .top(),
    function("pathIsRegularFile", &["path"], |ev, a, _| Ok(Value::bool(is_of_type(ev, &a[0], b"regular")?)))
        .top(),
    function("haskellPathsInDir", &["root"], haskell_paths_in_dir),
    function("locateDominatingFile", &["pattern", "file"], locate_dominating_file),
    function("listFilesRecursive", &["dir"], list_files_recursive),
    pattern("packagesFromDirectoryRecursive", &["args"], &[PACKAGES], packages_from_directory_recursive)
        .top(),
    function("resolveDefaultNix", &["v"], resolve_default_nix),
];

/// Whether something of a type is at a path.
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
    let name = ev.mem.concat(&[b"/", name], Default::default())?;
    ev.plus(path, &slot(name))
}

/// The names in a directory and their types.
fn read_dir(ev: &Evaluator, path: Value) -> Res<Vec<crate::value::Entry<'_>>> {
    entries(ev, &slot(call_builtin(ev, "readDir", &[path])?))
}

/// `lib.filesystem.haskellPathsInDir`: the directories that have a Cabal file of their own name in them.
fn haskell_paths_in_dir(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let root = ev.force(&a[0])?;
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

/// `lib.filesystem.locateDominatingFile`: the first directory, going up, that has a file whose name matches.
fn locate_dominating_file(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let is_root = |path: Value| -> Res<bool> { Ok(ev.mem.text(to_string(ev, &slot(path))?) == b"/") };
    let file = ev.force(&a[1])?;
    let parent = call_builtin(ev, "dirOf", &[file])?;
    let mut path = file;
    if !is_root(file)? {
        let name = call_builtin(ev, "baseNameOf", &[file])?;
        let siblings = call_builtin(ev, "readDir", &[parent])?;
        let kind = get(ev, siblings, &lossy(ev.mem.text(name))).map(|s| ev.force(s)).transpose()?;
        if kind.is_none_or(|k| ev.mem.text(k) != b"directory") {
            path = parent;
        }
    }
    loop {
        let mut matches = Vec::new();
        for e in read_dir(ev, path)? {
            let found = call_builtin(ev, "match", &[share(ev, &a[0])?, Value::symbol(e.name)])?;
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

/// `lib.filesystem.listFilesRecursive`: all files in a directory and those below it.
fn list_files_recursive(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
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
    collect(ev, ev.force(&a[0])?, &mut found)?;
    Ok(ev.mem.list(&found)?)
}

const PACKAGES: Formals = Formals {
    arg: 0,
    names: &[("callPackage", false), ("newScope", true), ("directory", false)],
    ellipsis: false,
};

/// `lib.filesystem.packagesFromDirectoryRecursive`: a set of the packages that a directory's files make.
fn packages_from_directory_recursive(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    /// The packages of a scope: captures are the arguments and the scope.
    static SCOPE: Builtin = Builtin::hidden("self", &["args", "self"], |ev, a, _| {
        let this = share(ev, &a[1])?;
        let of = |name: &str| -> Res<Value> { super::support::delay_select(ev, this, ev.intern(name)?) };
        let own = set_of(ev, &[("callPackage", of("callPackage")?), ("newScope", of("newScope")?)])?;
        directory(ev, ev.mem.update(peek(&a[0]), own)?)
    });
    let args = ev.force_formals("anonymous lambda", &a[0], &PACKAGES, pos)?;
    let dir = ev.force(select(ev, args, "directory")?)?;
    let package = below(ev, dir, b"package.nix")?;
    if call_builtin(ev, "pathExists", &[package])? == Value::TRUE {
        return apply(ev, select(ev, args, "callPackage")?, &[package, Value::EMPTY_SET]);
    }
    let Some(new_scope) = get(ev, args, "newScope") else {
        return directory(ev, args);
    };
    let scope = ev.partial(&SCOPE, &[args])?;
    let made = super::scopes::make_scope(ev, &[slot(share(ev, new_scope)?), slot(scope)], pos)?;
    with_attr(ev, attrs(ev, &slot(made))?, "recurseForDerivations", Value::TRUE)
}

/// The packages that the files of a directory make.
fn directory(ev: &Evaluator, args: Value) -> Res<Value> {
    static BELOW: Lazy = Lazy {
        name: "lib.packagesFromDirectoryRecursive",
        run: |ev, c, _| packages_from_directory_recursive(ev, c, Pos::NONE),
    };
    let dir = ev.force(select(ev, args, "directory")?)?;
    let mut packages = AttrsBuilder::new();
    for e in read_dir(ev, dir)? {
        let name = ev.mem.heap.name(e.name);
        let path = below(ev, dir, name)?;
        let kind = ev.mem.text(ev.force(e.slot)?);
        match (kind, name.strip_suffix(b".nix")) {
            (b"directory", _) => {
                let inner = with_attr(ev, args, "directory", path)?;
                packages.push(e.name, ev.delay(&BELOW, &[inner])?);
            }
            (b"regular", Some(stem)) => {
                let call = share(ev, select(ev, args, "callPackage")?)?;
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

/// `lib.filesystem.resolveDefaultNix`: the file that importing a path means.
fn resolve_default_nix(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let v = ev.force(&a[0])?;
    if is_of_type(ev, &a[0], b"directory")? {
        return ev.plus(v, &slot(ev.mem.str("/default.nix")?));
    }
    match v.is_string() && ev.mem.text(v).ends_with(b"/") {
        true => ev.plus(v, &slot(ev.mem.str("default.nix")?)),
        false => Ok(v),
    }
}
