//! `nival eval`, and `nix-instantiate`.

use std::io::Read as _;
use std::rc::Rc;

use super::legacy::{AutoArg, Flags, Output, Program, Verbosity};
use super::observed::Observed;
use super::settings::Wrong;
use super::{
    Exit, attr_path, code_cache, current_dir, fail, flag_table, instantiate, legacy, print, report, settings,
    stores,
};
use crate::builtins::{self, NIX_VERSION};
use crate::eval::{Coerce, Error, ErrorKind, Evaluator, Res, Settings, ambiguous};
use crate::host::{Guarded, Host, HostError, Limits, Mode, Policy, RealHost};
use crate::modules;
use crate::source::{Origin, Pos};
use crate::syntax;
use crate::value::{AttrsBuilder, Value, peek, slot};

/// What `--help` prints.
fn help(program: Program) -> String {
    let usage = match program {
        Program::Eval => {
            "Evaluate Nix expressions, with the flags of nix-instantiate --eval.\n\nusage: nival eval [FLAG…] [FILE…]"
        }
        Program::NixInstantiate => {
            "Print the derivations that Nix expressions evaluate to, or their values.\n\n\
             usage: nix-instantiate [FLAG…] [FILE…]"
        }
    };
    let file =
        "  FILE                    a file, a directory with a default.nix, or <name> from the search path
                          (default: ./default.nix)";
    format!("{usage}\n\n{file}\n{}\nAny setting of Nix is a flag, too.\n", flag_table::help(program))
}

/// Runs the command.
pub fn run(args: &[Vec<u8>], program: Program) -> Exit {
    let flags = match legacy::parse(args, program) {
        Ok(flags) => flags,
        Err(e) => return wrong(&e, program),
    };
    if flags.version {
        let text = match program {
            Program::NixInstantiate => format!("nix-instantiate (Nix) {NIX_VERSION}\n"),
            Program::Eval => format!("nival {}\n", env!("CARGO_PKG_VERSION")),
        };
        return finish(print(text.as_bytes()));
    }
    if flags.help {
        return finish(print(help(program).as_bytes()));
    }
    let host = RealHost::new();
    let base_dir = match current_dir() {
        Ok(dir) => dir,
        Err(e) => {
            fail(&format!("error: {}", e.data().message));
            return Exit::FAILED;
        }
    };
    if let (false, Some(root)) = (flags.eval || flags.find_file, &flags.add_root) {
        fail(&format!(
            "error: cannot make the root '{}': nival has no store whose garbage collector would look at it",
            String::from_utf8_lossy(root)
        ));
        return Exit::FAILED;
    }
    let fetched = stores::fetched(&flags.fetched, &base_dir);
    // Nix makes a store that is not there.
    let stores = if program == Program::Eval { &flags.stores[..] } else { &[] };
    if let Err(e) = stores::check(stores, &fetched, &flags.native_libs, &base_dir) {
        return wrong(&e, program);
    }
    let read_only = flags.eval && !flags.read_write;
    let mut options = Settings { fetched, base_dir, read_only, ..Settings::default() };
    if let Err(e) = settings::apply(&mut options, &host, &flags.settings, &flags.include) {
        return wrong(&e, program);
    }
    options.trace_function_calls &= flags.verbosity >= Verbosity::INFO;
    options.dummy_store = stores::is_dummy(&host, &flags.stores);
    options.say_files = flags.verbosity >= Verbosity::TALKATIVE;
    match legacy::memory(flags.limits.memory, &host) {
        Ok(memory) => host.watch(&Limits { memory, ..flags.limits }),
        Err(e) => return wrong(&e, program),
    }
    let show_trace = options.show_trace;
    let observed = match Observed::new(&host, flags.stats.as_ref(), &options) {
        Ok(observed) => observed,
        Err(e) => return finish(Err(e)),
    };
    let (mut ev, keeper) = match code_cache::evaluator(guard(host, &options), options, flags.no_cache) {
        Ok(made) => made,
        Err(e) => {
            fail(&format!("error: {e}"));
            return Exit::TROUBLE;
        }
    };
    observed.begin(&mut ev);
    // Nix evaluates the file that defines `derivation` first of all.
    ev.say_file("«nix-internal»/derivation-internal.nix".as_bytes());
    let prepared = stores::prepare(&mut ev, &flags.stores, flags.write_drvs.as_deref())
        .and_then(|()| builtins::install(&mut ev))
        .and_then(|()| provide_native_libs(&ev, &flags));
    let exit = match prepared.and_then(|()| work(&ev, &flags, &observed)) {
        Ok(()) => Exit::OK,
        Err(e) => report(&ev, &e, show_trace),
    };
    observed.keep(|| keeper.finish(&ev));
    observed.finish(ev);
    exit
}

fn finish(result: Res<()>) -> Exit {
    match result {
        Ok(()) => Exit::OK,
        Err(e) => {
            fail(&format!("error: {}", e.data().message));
            Exit::FAILED
        }
    }
}

/// Says what is wrong with the command line or the configuration.
fn wrong(e: &Wrong, program: Program) -> Exit {
    // As Nix prints errors of several lines.
    fail(&format!("error: {}", e.message.replace('\n', "\n       ")));
    match (program, e.usage) {
        (Program::NixInstantiate, true) => fail("Try 'nix-instantiate --help' for more information."),
        (Program::Eval, true) => fail("Try 'nival eval --help' for more information."),
        _ => {}
    }
    if let Some(near) = &e.near {
        fail(&format!("Did you mean '{near}'?"));
    }
    if program == Program::Eval && e.usage { Exit::TROUBLE } else { Exit::FAILED }
}

/// The host, behind the access policy that the settings ask for.
fn guard(host: RealHost, settings: &Settings) -> Box<dyn Host> {
    let mode = match (settings.pure, settings.restrict) {
        (true, _) => Mode::Pure,
        (false, true) => Mode::Restricted,
        (false, false) => return Box::new(host),
    };
    Box::new(Guarded::new(host, Policy::new(mode, settings.allowed_uris.clone())))
}

/// Puts the native lib in the place of those that the user named.
fn provide_native_libs(ev: &Evaluator, flags: &Flags) -> Res<()> {
    let listed = ev.host.env(b"NIVAL_NATIVE_LIB").unwrap_or_default();
    let listed = listed.split(|c| *c == b':').filter(|path| !path.is_empty());
    for path in flags.native_libs.iter().map(Vec::as_slice).chain(listed) {
        let path = syntax::normalise(&absolute(path, &ev.settings.base_dir));
        modules::provide_native_lib(ev, &path)?;
    }
    Ok(())
}

fn work(ev: &Evaluator, flags: &Flags, observed: &Observed) -> Res<()> {
    let cwd = ev.settings.base_dir.clone();
    if ev.settings.restrict {
        builtins::allow_search_path(ev)?;
    }
    if flags.find_file {
        for file in &flags.inputs {
            let found = builtins::find_file(ev, file)?;
            if found.starts_with(b"<") {
                let found = String::from_utf8_lossy(&found);
                return Err(Error::eval(format!("'{found}' has no physical path")));
            }
            print(&[&found[..], b"\n"].concat())?;
        }
        return Ok(());
    }
    let auto_args = auto_args(ev, flags, &cwd)?;
    let mut inputs: Vec<Input<'_>> = Vec::new();
    if flags.stdin {
        inputs.push(Input::Stdin);
    }
    let default = b"./default.nix".to_vec();
    match (flags.inputs.is_empty(), flags.expressions || flags.stdin) {
        (true, false) => inputs.push(Input::File(&default)),
        _ if flags.expressions => inputs.extend(flags.inputs.iter().map(|i| Input::Text(i))),
        _ => inputs.extend(flags.inputs.iter().map(|i| Input::File(i))),
    }
    let mut warn = flags.program == Program::NixInstantiate;
    for input in inputs {
        process(ev, flags, input, &cwd, auto_args, &mut warn, observed)?;
    }
    Ok(())
}

enum Input<'a> {
    Stdin,
    Text(&'a [u8]),
    File(&'a [u8]),
}

fn read_stdin() -> Res<Vec<u8>> {
    let mut text = Vec::new();
    match std::io::stdin().lock().read_to_end(&mut text) {
        Ok(_) => Ok(text),
        Err(e) => Err(Error::new(ErrorKind::System, format!("reading standard input: {e}"))),
    }
}

/// A path given on the command line: `<name>` is looked up, others are relative to the current directory.
fn lookup_file(ev: &Evaluator, file: &[u8], cwd: &[u8]) -> Res<Vec<u8>> {
    if let [b'<', name @ .., b'>'] = file {
        return builtins::find_file(ev, name);
    }
    Ok(syntax::normalise(&absolute(file, cwd)))
}

fn absolute(file: &[u8], cwd: &[u8]) -> Vec<u8> {
    if file.starts_with(b"/") { file.to_vec() } else { [cwd, b"/", file].concat() }
}

/// The set of `--arg` and `--argstr`.
fn auto_args(ev: &Evaluator, flags: &Flags, cwd: &[u8]) -> Res<Value> {
    let mut set = AttrsBuilder::new();
    for (name, arg) in &flags.args {
        let value = match arg {
            AutoArg::Expr(text) => ev.delay_text(Origin::Text, text, cwd)?,
            AutoArg::String(text) => ev.mem.string(text, Default::default())?,
            AutoArg::File(file) => {
                let path = syntax::normalise(&absolute(file, cwd));
                // What the user names, the user may read.
                let text = RealHost::new().read_file(&path).map_err(|e| match e {
                    HostError::NotFound(_) => {
                        let shown = String::from_utf8_lossy(file);
                        let message = format!("opening file \"{shown}\": No such file or directory");
                        Error::new(ErrorKind::System, message)
                    }
                    e => ev.host_error(e),
                })?;
                ev.mem.string(&text, Default::default())?
            }
            AutoArg::Stdin => ev.mem.string(&read_stdin()?, Default::default())?,
        };
        set.push(ev.mem.heap.intern(name)?, value);
    }
    Ok(ev.mem.attrs(set)?)
}

fn process(
    ev: &Evaluator,
    flags: &Flags,
    input: Input<'_>,
    cwd: &[u8],
    auto_args: Value,
    warn: &mut bool,
    observed: &Observed,
) -> Res<()> {
    let (source, ast) = match input {
        Input::Stdin => ev.parse_text(Origin::Stdin, &read_stdin()?, cwd)?,
        Input::Text(text) => ev.parse_text(Origin::Text, text, cwd)?,
        Input::File(file) => {
            let path = lookup_file(ev, file, cwd)?;
            let file: Rc<[u8]> = ev.resolve_import(&path)?;
            ev.parse_file(&file)?
        }
    };
    if flags.parse {
        // Nix resolves variables before it prints.
        ev.delay_ast(&source, &ast)?;
        let text = ev.show_code(&syntax::show(&ast, ast.root), source.pos(0));
        return print(&[&text[..], b"\n"].concat());
    }
    let root = ev.eval_ast(&source, &ast)?;
    let whole = [Vec::new()];
    let paths = if flags.attrs.is_empty() { &whole[..] } else { &flags.attrs };
    for path in paths {
        let found = attr_path::find(ev, root, path, auto_args)?;
        if !flags.eval {
            instantiate::instantiate(ev, found, auto_args, warn)?;
            continue;
        }
        let value = if flags.args.is_empty() { found } else { ev.auto_call(found, auto_args)? };
        observed.print(ev, || show(ev, flags, value))?;
    }
    Ok(())
}

fn show(ev: &Evaluator, flags: &Flags, value: Value) -> Res<()> {
    let value = slot(value);
    match flags.output {
        Output::Raw => {
            let text = ev.coerce(
                &value,
                Pos::NONE,
                Coerce::INTERPOLATE,
                "while generating the nix-instantiate output",
            )?;
            print(ev.mem.text(text))
        }
        Output::Json => {
            let text = builtins::to_json(ev, &value, flags.strict)?;
            print(&[&text[..], b"\n"].concat())
        }
        Output::Xml => {
            let (text, done) = builtins::to_xml(ev, &value, flags.strict, !flags.no_location);
            print(&text)?;
            done.map(|_| ())
        }
        Output::Plain => {
            if flags.strict {
                ev.force_deep(&value)?;
            }
            let text = ambiguous(ev, peek(&value))?;
            print(&[&text[..], b"\n"].concat())
        }
    }
}
