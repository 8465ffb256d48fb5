//! The modules that a command evaluates: files, standard input and fixtures, the package set and special arguments.

use std::cell::RefCell;
use std::ffi::{OsStr, OsString};
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;

use super::args::ModulesArgs;
use super::{current_dir, embedded};
use crate::builtins;
use crate::eval::{Error, ErrorKind, Evaluator, OPEN, Res, type_name};
use crate::modules::{Evaluation, Kept, Origins, Where, native_lib};
use crate::source::{Origin, Pos};
use crate::syntax;
use crate::value::{AttrsBuilder, Context, Value};

/// What stands for standard input among the modules.
pub const STDIN: &str = "-";
/// How its module is called.
pub const STDIN_FILE: &str = "«stdin»";

/// An evaluation of modules with either lib.
#[derive(Debug, Clone, Copy)]
pub enum Evaluated {
    /// With the native lib.
    Native(Evaluation),
    /// With a lib that is interpreted: what `nix/evaluate.nix` gives.
    Interpreted(Value),
}

/// Begins the evaluation that the flags describe; with the native lib, or one that is interpreted.
///
/// # Errors
/// What keeps the modules from being evaluated at all.
pub fn evaluate(ev: &Evaluator, args: &ModulesArgs, lib: Option<&OsStr>) -> Res<Evaluated> {
    let cwd = current_dir()?;
    let stdin = standard_input(args)?;
    ev.extension::<Stdin>().0.borrow_mut().clone_from(&stdin);
    let set = Files { ev, cwd: &cwd, stdin: stdin.as_deref() };
    let native = lib.is_none();
    let lib = match lib {
        Some(path) => checked_lib(ev, ev.import(&set.find(path)?)?)?,
        None => native_lib(ev)?,
    };
    let origins = ev.extension::<Origins>();
    if !args.no_base {
        origins.hide(format!("{}/base", embedded::ROOT).as_bytes());
    }
    origins.partly_here(format!("{}/modules", embedded::ROOT).as_bytes());
    let mut modules = Vec::new();
    for module in &args.modules {
        let path = set.find(module)?;
        origins.module(&path);
        modules.push(set.module(module, &path)?);
    }
    let mut fixtures = Vec::new();
    let mut by_hand = Vec::new();
    for fixture in &args.fixtures {
        let path = set.find(fixture)?;
        origins.fixture(&path);
        fixtures.push(set.fixture(fixture, &path)?);
        by_hand.push(ev.mem.string(&path, Context::EMPTY)?);
    }
    let special = special_arguments(ev, args, lib, &set)?;
    if native {
        ev.extension::<Kept>().keep(match (args.strict_options, args.allow_undeclared) {
            (true, _) => Where::Nowhere,
            (false, false) => Where::Modules,
            (false, true) => Where::Everywhere,
        });
        let mut all = Vec::new();
        if !args.no_base {
            // Each by itself, as in NixOS: what the modules after them define comes before what they define.
            let base = ev.import(format!("{}/base", embedded::ROOT).as_bytes())?;
            let imports = ev.need_attr(base, ev.intern("imports")?, "")?;
            let imports = ev.force_list(imports, Pos::NONE, "")?;
            all.extend(ev.mem.share_all(ev.mem.items(imports))?);
        }
        all.extend(modules.into_iter().chain(fixtures));
        let mut request = AttrsBuilder::new();
        request.push(ev.intern("modules")?, ev.mem.list(&all)?);
        request.push(ev.intern("specialArgs")?, special);
        return Ok(Evaluated::Native(Evaluation::begin(ev, lib, ev.mem.attrs(request)?)?));
    }
    let evaluate = ev.import(format!("{}/evaluate.nix", embedded::ROOT).as_bytes())?;
    let mut request = AttrsBuilder::new();
    let mut push = |name: &str, value: Value| -> Res<()> {
        request.push(ev.intern(name)?, value);
        Ok(())
    };
    push("lib", lib)?;
    push("modules", ev.mem.list(&modules)?)?;
    push("fixtures", ev.mem.list(&fixtures)?)?;
    push("specialArgs", special)?;
    push("base", Value::bool(!args.no_base))?;
    push("strict", Value::bool(args.strict_options))?;
    push("strictFiles", ev.mem.list(if args.allow_undeclared { &[] } else { &by_hand })?)?;
    Ok(Evaluated::Interpreted(ev.call(evaluate, &[ev.mem.attrs(request)?], Pos::NONE)?))
}

/// A lib that modules can be evaluated with.
fn checked_lib(ev: &Evaluator, lib: Value) -> Res<Value> {
    let name = ev.intern("evalModules")?;
    match lib.is_attrs() && ev.mem.get(lib, name).is_some() {
        true => Ok(lib),
        false => Err(Error::eval("the lib has no 'evalModules'")),
    }
}

/// What is read from standard input, if that is among the modules.
///
/// # Errors
/// When it is there twice, or cannot be read.
fn standard_input(args: &ModulesArgs) -> Res<Option<Vec<u8>>> {
    let all = args.modules.iter().chain(&args.fixtures);
    match all.filter(|name| *name == STDIN).count() {
        0 => return Ok(None),
        1 => {}
        _ => {
            return Err(Error::new(
                ErrorKind::Usage,
                "standard input can be only one of the modules and fixtures",
            ));
        }
    }
    let mut text = Vec::new();
    match std::io::stdin().lock().read_to_end(&mut text) {
        Ok(_) => Ok(Some(text)),
        Err(e) => Err(Error::new(ErrorKind::System, format!("reading standard input: {e}"))),
    }
}

/// What was read from standard input.
#[derive(Default)]
struct Stdin(RefCell<Option<Vec<u8>>>);

/// The text that stands for a module, once [`evaluate`] has read it.
pub fn stdin_text(ev: &Evaluator) -> Option<String> {
    let known = ev.extension::<Stdin>();
    let text = known.0.borrow();
    text.as_ref().map(|text| String::from_utf8_lossy(text).into_owned())
}

/// The path of a file: `<name>` is looked up, others are relative to the current directory.
///
/// # Errors
/// When nothing in the search path has the name.
pub fn find(ev: &Evaluator, name: &OsStr) -> Res<Vec<u8>> {
    Files { ev, cwd: &current_dir()?, stdin: None }.find(name)
}

/// Where modules come from.
struct Files<'a> {
    ev: &'a Evaluator,
    cwd: &'a [u8],
    stdin: Option<&'a [u8]>,
}

impl Files<'_> {
    /// The path of a file: `<name>` is looked up, others are relative to the current directory.
    fn find(&self, name: &OsStr) -> Res<Vec<u8>> {
        match name.as_bytes() {
            b"-" => Ok(STDIN_FILE.as_bytes().to_vec()),
            [b'<', name @ .., b'>'] => builtins::find_file(self.ev, name),
            name => Ok(absolute(name, self.cwd)),
        }
    }

    fn module(&self, name: &OsStr, path: &[u8]) -> Res<Value> {
        match self.stdin {
            Some(text) if name == STDIN => {
                let module = self.ev.delay_text(Origin::Stdin, text, self.cwd)?;
                self.located(path, "imports", self.ev.mem.list(&[module])?)
            }
            _ => Ok(self.ev.mem.path(path)?),
        }
    }

    /// A fixture as a module: JSON is plain configuration.
    fn fixture(&self, name: &OsStr, path: &[u8]) -> Res<Value> {
        let ev = self.ev;
        let json = match self.stdin {
            Some(text) if name == STDIN => match builtins::from_json(ev, text) {
                Ok(data) => Ok(data),
                Err(_) => return self.module(name, path),
            },
            _ if path.ends_with(b".json") => {
                let text = ev.host.read_file(path).map_err(|e| ev.host_error(e))?;
                builtins::from_json(ev, &text)
            }
            _ => return Ok(ev.mem.path(path)?),
        };
        let file = String::from_utf8_lossy(path);
        let data = json.map_err(|e| e.trace(Pos::NONE, format!("while reading the fixture '{file}'")))?;
        if !data.is_attrs() {
            let kind = type_name(ev, data);
            let message =
                format!("the fixture '{file}' holds {kind} instead of an object with option values");
            return Err(Error::type_error(message));
        }
        self.located(path, "config", data)
    }

    /// A module that says which file it is.
    fn located(&self, file: &[u8], name: &str, value: Value) -> Res<Value> {
        let ev = self.ev;
        let mut module = AttrsBuilder::new();
        module.push(ev.intern("_file")?, ev.mem.string(file, Context::EMPTY)?);
        module.push(ev.intern(name)?, value);
        Ok(ev.mem.attrs(module)?)
    }
}

/// A path relative to a folder.
pub fn absolute(path: &[u8], cwd: &[u8]) -> Vec<u8> {
    match path.starts_with(b"/") {
        true => syntax::normalise(path),
        false => syntax::normalise(&[cwd, b"/", path].concat()),
    }
}

/// `pkgs`, `modulesPath`, and what `--arg` and `--argstr` give.
fn special_arguments(ev: &Evaluator, args: &ModulesArgs, lib: Value, set: &Files<'_>) -> Res<Value> {
    let mut special = AttrsBuilder::new();
    let mut push = |name: &OsStr, value: Value| -> Res<()> {
        let name = ev.mem.heap.intern(name.as_bytes())?;
        special.push(name, value);
        Ok(())
    };
    push(OsStr::new("pkgs"), package_set(ev, args, lib, set)?)?;
    push(OsStr::new("modulesPath"), modules_path(ev, args, set)?)?;
    for (name, text) in pairs(&args.arg) {
        push(name, ev.delay_text(Origin::Text, text.as_bytes(), set.cwd)?)?;
    }
    for (name, text) in pairs(&args.argstr) {
        push(name, ev.mem.string(text.as_bytes(), Context::EMPTY)?)?;
    }
    Ok(ev.mem.attrs(special)?)
}

/// Names and what is given for them.
pub fn pairs(words: &[OsString]) -> impl Iterator<Item = (&OsStr, &OsStr)> {
    words.chunks_exact(2).map(|pair| (pair[0].as_os_str(), pair[1].as_os_str()))
}

/// Where the modules of NixOS are: in the tree that a module is from, in the search path, or nival's own few.
fn modules_path(ev: &Evaluator, args: &ModulesArgs, set: &Files<'_>) -> Res<Value> {
    for module in &args.modules {
        if let Some(path) = tree_modules(&set.find(module)?) {
            return Ok(ev.mem.string(path, Context::EMPTY)?);
        }
    }
    ev.delay_text(Origin::Internal("«nival»"), MODULES_PATH, embedded::ROOT.as_bytes())
}

/// The folder of NixOS' modules that a module is in.
pub fn tree_modules(module: &[u8]) -> Option<&[u8]> {
    const FOLDER: &[u8] = b"/nixos/modules/";
    memchr::memmem::find(module, FOLDER).map(|at| &module[..at + FOLDER.len() - 1])
}

/// Looked up only when it is needed.
const MODULES_PATH: &[u8] = b"let found = builtins.tryEval (toString <nixpkgs/nixos/modules>); in \
    if found.success then found.value else toString ./modules";

/// The package set: a file or a function to one, with `lib` put in.
fn package_set(ev: &Evaluator, args: &ModulesArgs, lib: Value, set: &Files<'_>) -> Res<Value> {
    let file = match &args.pkgs {
        Some(file) => set.find(file)?,
        None => format!("{}/pkgs.nix", embedded::ROOT).into_bytes(),
    };
    let mut offered = AttrsBuilder::new();
    offered.push(ev.intern("lib")?, lib);
    offered.push(ev.intern("system")?, ev.mem.str(&args.system)?);
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
