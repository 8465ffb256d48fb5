//! Opens a configuration and evaluates its options.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use super::embedded;
use super::failing_declarations::keep_others;
use super::module_files::{ModuleFiles, STDIN, tree_modules};
use super::modules::{Argument, Modules, Undeclared};
use crate::eval::{Error, ErrorKind, Evaluator, OPEN, Res};
use crate::modules::{Evaluation, Kept, Origins, Where, native_lib};
use crate::native::attr;
use crate::source::{Origin, Pos};
use crate::value::{AttrsBuilder, Context, Value};

/// An evaluation of modules, with a native or an interpreted lib.
#[derive(Debug, Clone, Copy)]
pub enum Configuration {
    /// With the native lib.
    Native(Evaluation),
    /// With an interpreted lib: the result of `nix/evaluate.nix`.
    Interpreted(Value),
}

const OPTIONS: &str = "while evaluating the options of a configuration";
const CONFIG: &str = "while evaluating the values of a configuration";

impl Configuration {
    /// Starts the evaluation of modules.
    ///
    /// # Errors
    /// An error that prevents evaluating the modules at all.
    pub fn open(ev: &Evaluator, of: &Modules) -> Res<Configuration> {
        check_input(of)?;
        let files = ModuleFiles { ev, input: of.input.as_deref() };
        let lib = match &of.lib {
            Some(path) => checked_lib(ev, ev.import(&files.find(path)?)?)?,
            None => native_lib(ev)?,
        };
        let origins = ev.extension::<Origins>();
        if of.base {
            origins.hide(format!("{}/base", embedded::ROOT).as_bytes());
        }
        origins.partly_here(format!("{}/modules", embedded::ROOT).as_bytes());
        let mut modules = Vec::new();
        for module in &of.modules {
            let path = files.find(module)?;
            origins.module(&path);
            modules.push(files.module(module, &path)?);
        }
        let mut fixtures = Vec::new();
        let mut by_hand = Vec::new();
        for fixture in &of.fixtures {
            let path = files.find(fixture)?;
            origins.fixture(&path);
            fixtures.push(files.fixture(fixture, &path)?);
            by_hand.push(ev.mem.string(&path, Context::EMPTY)?);
        }
        let special = special_arguments(ev, of, lib, &files)?;
        if of.lib.is_none() {
            modules.extend(fixtures);
            return native(ev, of, lib, modules, special);
        }
        let mut request = AttrsBuilder::new();
        let mut push = |name: &str, value: Value| -> Res<()> {
            request.push(ev.intern(name)?, value);
            Ok(())
        };
        let strict_files = if of.undeclared == Undeclared::Everywhere { &[] } else { &by_hand[..] };
        push("lib", lib)?;
        push("modules", ev.mem.list(&modules)?)?;
        push("fixtures", ev.mem.list(&fixtures)?)?;
        push("specialArgs", special)?;
        push("base", Value::bool(of.base))?;
        push("strict", Value::bool(of.undeclared == Undeclared::Refused))?;
        push("strictFiles", ev.mem.list(strict_files)?)?;
        let evaluate = ev.import(format!("{}/evaluate.nix", embedded::ROOT).as_bytes())?;
        let evaluated = ev.call(evaluate, &[ev.mem.attrs(request)?], Pos::NONE)?;
        Ok(Configuration::Interpreted(keep_others(ev, evaluated)?))
    }

    /// The tree of option values, without `_module`. Of undeclared options, it is sure to contain only those
    /// that `paths` ask for, or all of them if `paths` is empty.
    ///
    /// # Errors
    /// An error that prevents evaluating the modules at all.
    pub fn values(self, ev: &Evaluator, paths: &[Vec<Vec<u8>>]) -> Res<Value> {
        let asked = |path: &[&[u8]]| {
            let related = |wanted: &Vec<Vec<u8>>| path.iter().zip(wanted).all(|(a, b)| *a == &b[..]);
            paths.is_empty() || paths.iter().any(related)
        };
        match self {
            Configuration::Native(evaluation) => evaluation.config(ev, &asked),
            Configuration::Interpreted(set) => {
                let name = ev.intern("config")?;
                let config = ev.force(ev.attribute(set, name, Pos::NONE)?)?;
                Ok(ev.mem.filtered(config, |e| e.name != sym!("_module"))?)
            }
        }
    }

    /// The tree of options.
    ///
    /// # Errors
    /// An error in the modules' declarations, or that prevents evaluating the modules at all.
    pub fn options(self, ev: &Evaluator) -> Res<Value> {
        match self {
            Configuration::Native(evaluation) => evaluation.option_tree(ev),
            Configuration::Interpreted(set) => ev.force_attrs(attr(ev, set, "options")?, Pos::NONE, OPTIONS),
        }
    }

    /// The values as modules see them, with those of undeclared options that the lib keeps.
    ///
    /// # Errors
    /// An error that prevents evaluating the modules at all.
    pub fn config(self, ev: &Evaluator) -> Res<Value> {
        match self {
            Configuration::Native(evaluation) => evaluation.seen_config(ev),
            Configuration::Interpreted(set) => {
                ev.force_attrs(attr(ev, set, sym!("config"))?, Pos::NONE, CONFIG)
            }
        }
    }

    /// The facts that the native engine knows besides the values.
    pub fn evaluation(self) -> Option<Evaluation> {
        match self {
            Configuration::Native(evaluation) => Some(evaluation),
            Configuration::Interpreted(_) => None,
        }
    }
}

/// Evaluates modules and fixtures with the native lib.
fn native(
    ev: &Evaluator,
    of: &Modules,
    lib: Value,
    modules: Vec<Value>,
    special: Value,
) -> Res<Configuration> {
    ev.extension::<Kept>().keep(match of.undeclared {
        Undeclared::Refused => Where::Nowhere,
        Undeclared::InModules => Where::Modules,
        Undeclared::Everywhere => Where::Everywhere,
    });
    let mut all = Vec::new();
    if of.base {
        // As in NixOS, each base module is a module of its own: the user's definitions come before those of
        // the base.
        let base = ev.import(format!("{}/base", embedded::ROOT).as_bytes())?;
        let imports = ev.need_attr(base, ev.intern("imports")?, "")?;
        let imports = ev.force_list(imports, Pos::NONE, "")?;
        all.extend(ev.mem.share_all(ev.mem.items(imports))?);
    }
    all.extend(modules);
    let mut request = AttrsBuilder::new();
    request.push(ev.intern("modules")?, ev.mem.list(&all)?);
    request.push(ev.intern("specialArgs")?, special);
    let request = ev.mem.attrs(request)?;
    Ok(Configuration::Native(Evaluation::begin(ev, lib, request)?))
}

/// Checks that standard input is named at most once, and is given if it is named.
fn check_input(of: &Modules) -> Res<()> {
    let named = of.modules.iter().chain(&of.fixtures).filter(|name| *name == STDIN).count();
    match (named, &of.input) {
        (0, _) | (1, Some(_)) => Ok(()),
        (1, None) => Err(Error::new(ErrorKind::Usage, "there is no standard input")),
        _ => Err(Error::new(
            ErrorKind::Usage,
            "only one of the modules and fixtures can be standard input or a text",
        )),
    }
}

/// Checks that a lib can evaluate modules.
fn checked_lib(ev: &Evaluator, lib: Value) -> Res<Value> {
    let name = ev.intern("evalModules")?;
    match lib.is_attrs() && ev.mem.get(lib, name).is_some() {
        true => Ok(lib),
        false => Err(Error::eval("the lib has no 'evalModules'")),
    }
}

/// `pkgs`, `modulesPath`, and the given arguments.
fn special_arguments(ev: &Evaluator, of: &Modules, lib: Value, files: &ModuleFiles<'_>) -> Res<Value> {
    let mut special = AttrsBuilder::new();
    let mut push = |name: &OsStr, value: Value| -> Res<()> {
        let name = ev.mem.heap.intern(name.as_bytes())?;
        special.push(name, value);
        Ok(())
    };
    push(OsStr::new("pkgs"), package_set(ev, of, lib, files)?)?;
    push(OsStr::new("modulesPath"), modules_path(ev, of, files)?)?;
    for (name, argument) in &of.arguments {
        let value = match argument {
            Argument::Expression(text) => {
                ev.delay_text(Origin::Text, text.as_bytes(), &ev.settings.base_dir)?
            }
            Argument::Text(text) => ev.mem.string(text.as_bytes(), Context::EMPTY)?,
        };
        push(name, value)?;
    }
    Ok(ev.mem.attrs(special)?)
}

/// The folder of NixOS' modules: in the tree that contains a module, in the search path, or nival's own few
/// modules.
fn modules_path(ev: &Evaluator, of: &Modules, files: &ModuleFiles<'_>) -> Res<Value> {
    for module in &of.modules {
        if let Some(path) = tree_modules(&files.find(module)?) {
            return Ok(ev.mem.string(path, Context::EMPTY)?);
        }
    }
    ev.delay_text(Origin::Internal("«nival»"), MODULES_PATH, embedded::ROOT.as_bytes())
}

/// Looked up only on demand.
const MODULES_PATH: &[u8] = b"let found = builtins.tryEval (toString <nixpkgs/nixos/modules>); in \
    if found.success then found.value else toString ./modules";

/// The package set: a file, or the function in it applied to `lib`.
fn package_set(ev: &Evaluator, of: &Modules, lib: Value, files: &ModuleFiles<'_>) -> Res<Value> {
    let file = match &of.packages {
        Some(file) => files.find(file)?,
        None => format!("{}/pkgs.nix", embedded::ROOT).into_bytes(),
    };
    let mut offered = AttrsBuilder::new();
    offered.push(ev.intern("lib")?, lib);
    offered.push(ev.intern("system")?, ev.mem.str(&ev.settings.system)?);
    offered.push(ev.intern("open")?, ev.builtin(&OPEN));
    let given = ev.import(&file)?;
    let packages = ev.auto_call(given, ev.mem.attrs(offered)?)?;
    if !packages.is_attrs() {
        return Err(Error::type_error("the package set is not a set"));
    }
    let mut own = AttrsBuilder::new();
    own.push(ev.intern("lib")?, lib);
    Ok(ev.mem.update(packages, ev.mem.attrs(own)?)?)
}
