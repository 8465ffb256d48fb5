//! `nival config`: evaluates modules with fixtures and prints option values.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use super::args::{ConfigArgs, ModulesArgs};
use super::{Exit, attr_path, current_dir, embedded, fail, modules, print, report};
use crate::builtins;
use crate::eval::{Error, Evaluator, OPEN, Res, type_name};
use crate::report::{Options, Selection, Written, indent_json, nix_from_json, write_options};
use crate::source::Pos;
use crate::syntax;
use crate::value::{AttrsBuilder, Context, Value};

/// Runs the command.
pub fn run(args: &ConfigArgs) -> Exit {
    let options = Options { strict: args.strict };
    let work = |ev: &Evaluator| values(ev, &args.modules, args.lib.as_deref(), options);
    modules::run(&args.modules, work, |ev, written| show(ev, args, written))
}

/// Prints the values in the form that the user wants.
fn show(ev: &Evaluator, args: &ConfigArgs, written: Res<Written>) -> Exit {
    let written = match written {
        Ok(written) => written,
        Err(e) => return report(ev, &e, args.modules.show_trace),
    };
    let mut text = match (args.json, args.nix) {
        (true, _) => written.json,
        (_, true) => nix_from_json(&written.json),
        _ => indent_json(&written.json),
    };
    text.push(b'\n');
    if let Err(e) = print(&text) {
        return report(ev, &e, args.modules.show_trace);
    }
    if holds_stub(&text) {
        fail(STUB_NOTE);
    }
    match written.failures {
        0 => Exit::OK,
        n => {
            let noun = if n == 1 { "value" } else { "values" };
            fail(&format!("error: {n} {noun} could not be evaluated; --strict shows the first in full"));
            Exit::FAILED
        }
    }
}

/// What is said where the output has paths of the stub package set.
const STUB_NOTE: &str = "note: paths like /nix/store/nival…-stub-NAME are made up: without nixpkgs, packages are only names";

/// Whether a text has such a path.
fn holds_stub(text: &[u8]) -> bool {
    const DIGITS: usize = 32;
    memchr::memmem::find_iter(text, b"/nix/store/nival").any(|at| {
        let name = at + b"/nix/store/".len() + DIGITS;
        text.get(name..).is_some_and(|rest| rest.starts_with(b"-stub-"))
    })
}

/// The values that `args` asks for, as JSON.
///
/// # Errors
/// What keeps the modules from being evaluated at all.
pub fn values(ev: &Evaluator, args: &ModulesArgs, lib: Option<&OsStr>, options: Options) -> Res<Written> {
    let mut paths = Vec::with_capacity(args.attrs.len());
    for attr in &args.attrs {
        let path = attr_path::split(attr.as_bytes())?;
        if path.iter().any(Vec::is_empty) {
            let shown = attr.to_string_lossy();
            return Err(Error::eval(format!("empty attribute name in selection path '{shown}'")));
        }
        paths.push(path);
    }
    let config = config(ev, args, lib)?;
    write_options(ev, config, &Selection::of(&paths), options)
}

/// The tree of option values, without `_module`; with the native lib, or one that is interpreted.
///
/// # Errors
/// What keeps the modules from being evaluated at all.
pub fn config(ev: &Evaluator, args: &ModulesArgs, lib: Option<&OsStr>) -> Res<Value> {
    let cwd = current_dir()?;
    let absolute = |p: &OsStr| match p.as_bytes() {
        p if p.starts_with(b"/") => syntax::normalise(p),
        p => syntax::normalise(&[&cwd[..], b"/", p].concat()),
    };
    let lib = match lib {
        Some(path) => ev.import(&absolute(path))?,
        None => crate::modules::native_lib(ev)?,
    };
    let eval_modules = need(ev, lib, "evalModules")?;
    let formals = ev.formals(eval_modules);
    // Libs from before `specialArgs` hand `args` to each module.
    let old = formals.is_some_and(|f| !f.iter().any(|(name, _, _)| ev.name(*name) == "specialArgs"));
    let pkgs = package_set(ev, args, lib, absolute)?;
    let mut modules = Vec::new();
    if !args.no_base {
        let base = if old { "base-2013.nix" } else { "base" };
        modules.push(ev.mem.path(format!("{}/{base}", embedded::ROOT).as_bytes())?);
    }
    for module in &args.modules {
        modules.push(ev.mem.path(&absolute(module))?);
    }
    for fixture in &args.fixtures {
        modules.push(self::fixture(ev, &absolute(fixture))?);
    }
    let mut request = AttrsBuilder::new();
    request.push(ev.intern("modules")?, ev.mem.list(&modules)?);
    let mut special = AttrsBuilder::new();
    special.push(ev.intern("pkgs")?, pkgs);
    if old {
        special.push(ev.intern("lib")?, lib);
    }
    let special_name = if old { "args" } else { "specialArgs" };
    request.push(ev.intern(special_name)?, ev.mem.attrs(special)?);
    let evaluated = ev.call(eval_modules, &[ev.mem.attrs(request)?], Pos::NONE)?;
    let config = need(ev, evaluated, "config")?;
    ev.mem.filtered(config, |e| e.name != sym!("_module")).map_err(Error::from)
}

/// The package set: a file or a function to one, with `lib` put in.
fn package_set(
    ev: &Evaluator,
    args: &ModulesArgs,
    lib: Value,
    absolute: impl Fn(&OsStr) -> Vec<u8>,
) -> Res<Value> {
    let file = match &args.pkgs {
        Some(file) => absolute(file),
        None => format!("{}/pkgs.nix", embedded::ROOT).into_bytes(),
    };
    let mut offered = AttrsBuilder::new();
    offered.push(ev.intern("lib")?, lib);
    offered.push(ev.intern("system")?, ev.mem.str(&args.system)?);
    offered.push(ev.intern("open")?, ev.builtin(&OPEN));
    let given = ev.import(&file)?;
    let set = ev.auto_call(given, ev.mem.attrs(offered)?)?;
    if !set.is_attrs() {
        return Err(Error::type_error("the package set is not a set"));
    }
    let mut own = AttrsBuilder::new();
    own.push(ev.intern("lib")?, lib);
    Ok(ev.mem.update(set, ev.mem.attrs(own)?)?)
}

/// A fixture as a module: `.json` is plain configuration.
fn fixture(ev: &Evaluator, path: &[u8]) -> Res<Value> {
    if !path.ends_with(b".json") {
        return Ok(ev.mem.path(path)?);
    }
    let text = ev.host.read_file(path).map_err(|e| ev.host_error(e))?;
    let data = builtins::from_json(ev, &text).map_err(|e| {
        let file = String::from_utf8_lossy(path).into_owned();
        e.trace(Pos::NONE, format!("while reading the fixture '{file}'"))
    })?;
    if !data.is_attrs() {
        let (file, kind) = (String::from_utf8_lossy(path), type_name(ev, data));
        let message = format!("the fixture '{file}' holds {kind} instead of an object with option values");
        return Err(Error::type_error(message));
    }
    let mut module = AttrsBuilder::new();
    module.push(ev.intern("_file")?, ev.mem.string(path, Context::EMPTY)?);
    module.push(ev.intern("config")?, data);
    Ok(ev.mem.attrs(module)?)
}

fn need(ev: &Evaluator, set: Value, name: &str) -> Res<Value> {
    let sym = ev.intern(name)?;
    match set.is_attrs().then(|| ev.mem.get(set, sym)).flatten() {
        Some(slot) => ev.force(slot),
        None => Err(Error::eval(format!("the lib has no '{name}'"))),
    }
}
