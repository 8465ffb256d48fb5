//! Search paths: `makeSearchPath`, `makeLibraryPath` and the like.

use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{Text, items, share};
use crate::nixpkgs::attrsets::{output, output_of};
use crate::source::Pos;
use crate::value::{Value, peek, slot};

/// `concatStringsSep ":" (map (path: output path + "/" + subDir) (filter (x: x != null) paths))`
pub(in crate::nixpkgs) fn search_path_of(
    ev: &Evaluator,
    paths: &Slot,
    sub_dir: &Slot,
    output: impl Fn(&Slot) -> Res<Value>,
) -> Res<Value> {
    let paths = items(ev, paths)?;
    for path in paths {
        ev.force(path)?;
    }
    let mut text = Text::new();
    let mut first = true;
    for path in paths.iter().filter(|p| peek(p) != Value::NULL) {
        let below = ev.plus(output(path)?, &slot(ev.mem.str("/")?))?;
        let whole = slot(ev.plus(below, sub_dir)?);
        if !std::mem::take(&mut first) {
            text.put(":");
        }
        text.interpolate(ev, &whole)?;
    }
    text.finish(ev)
}

/// `makeSearchPathOutput output subDir pkgs`
fn search_path_output(ev: &Evaluator, output: &str, sub_dir: &str, pkgs: &Slot) -> Res<Value> {
    let sub_dir = slot(ev.mem.str(sub_dir)?);
    search_path_of(ev, pkgs, &sub_dir, |pkg| output_of(ev, output, pkg))
}

/// `lib.strings.makeSearchPath`: a subdirectory of each of several paths, separated by colons.
pub(super) fn make_search_path(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [sub_dir, paths] = exactly(args);
    search_path_of(ev, paths, sub_dir, |path| ev.force(path))
}

/// `lib.strings.makeSearchPathOutput`: the same for an output of each package.
pub(super) fn make_search_path_output(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [of, sub_dir, pkgs] = exactly(args);
    search_path_of(ev, pkgs, sub_dir, |pkg| output(ev, share(ev, of)?, share(ev, pkg)?))
}

/// `lib.strings.makeLibraryPath`: `makeSearchPathOutput "lib" "lib"`
pub(super) fn make_library_path(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pkgs] = exactly(args);
    search_path_output(ev, "lib", "lib", pkgs)
}

/// `lib.strings.makeIncludePath`: `makeSearchPathOutput "dev" "include"`
pub(super) fn make_include_path(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pkgs] = exactly(args);
    search_path_output(ev, "dev", "include", pkgs)
}

/// `lib.strings.makeBinPath`: `makeSearchPathOutput "bin" "bin"`
pub(super) fn make_bin_path(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pkgs] = exactly(args);
    search_path_output(ev, "bin", "bin", pkgs)
}
