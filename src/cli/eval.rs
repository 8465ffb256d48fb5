//! `nival eval` and `nix-instantiate`.

use std::rc::Rc;

use super::console::{Console, Exit};
use super::flags::{AutoArg, Flags, Output, Program, Verbosity};
use super::statistics::Statistics;
use super::wrong::Wrong;
use super::{flag_parser, flag_table, flakes, instantiate, limits, settings, stores};
use crate::builtins::{self, NIX_VERSION};
use crate::eval::{Coerce, Error, ErrorKind, Evaluator, Res, Settings, ambiguous, print_forced};
use crate::host::{HostError, Limits};
use crate::modules;
use crate::options::attr_path;
use crate::session::code_cache::{self, Keeper};
use crate::source::{Origin, Pos};
use crate::syntax;
use crate::value::{AttrsBuilder, Value, peek, slot};

/// The text of `--help`.
fn help(program: Program) -> String {
    let usage = match program {
        Program::Eval => {
            "Evaluate Nix expressions, with the flags of nix-instantiate --eval.\n\nusage: nival eval [FLAG…] [FILE…]"
        }
        Program::NixInstantiate => {
            "Print the derivations that Nix expressions evaluate to, or their values.\n\n\
             usage: nix-instantiate [FLAG…] [FILE…]"
        }
        Program::EvalJobs => {
            "Find the derivations in a tree of attribute sets, and print a line of JSON for each.\n\n\
             usage: nix-eval-jobs [FLAG…] FILE"
        }
    };
    let default = match program {
        Program::EvalJobs => "",
        _ => "\n                          (default: ./default.nix)",
    };
    let file = format!(
        "  FILE                    a file, a directory with a default.nix, or <name> from the search path{default}"
    );
    format!("{usage}\n\n{file}\n{}\nAny setting of Nix is a flag, too.\n", flag_table::help(program))
}

/// Runs the command.
pub fn run(console: &Console, args: &[Vec<u8>], program: Program) -> Exit {
    let flags = match flag_parser::parse(args, program) {
        Ok(flags) => flags,
        Err(e) => return wrong(console, &e, program),
    };
    if let Some(exit) = about(console, &flags) {
        return exit;
    }
    if let (false, Some(root)) = (flags.eval || flags.find_file, &flags.add_root) {
        console.fail(&format!(
            "error: cannot make the root '{}': nival has no store whose garbage collector would look at it",
            String::from_utf8_lossy(root)
        ));
        return Exit::FAILED;
    }
    evaluate(console, &flags, |ev, statistics, _| work(console, ev, &flags, statistics).map(|()| Exit::OK))
}

/// Prints the version or the help, if the flags ask for it.
pub fn about(console: &Console, flags: &Flags) -> Option<Exit> {
    let program = flags.program;
    let text = match (flags.version, flags.help) {
        (true, _) => match program {
            Program::NixInstantiate => format!("nix-instantiate (Nix) {NIX_VERSION}\n"),
            Program::Eval | Program::EvalJobs => format!("nival {}\n", env!("CARGO_PKG_VERSION")),
        },
        (_, true) => help(program),
        _ => return None,
    };
    Some(finish(console, console.print(text.as_bytes())))
}

/// Makes the evaluator that the flags describe, and does some work with it.
pub fn evaluate(
    console: &Console,
    flags: &Flags,
    work: impl FnOnce(&Evaluator, &Statistics, &Keeper) -> Res<Exit>,
) -> Exit {
    let program = flags.program;
    let host = &*console.host;
    let base_dir = match console.current_dir() {
        Ok(dir) => dir,
        Err(e) => {
            console.fail(&format!("error: {}", e.data().message));
            return Exit::FAILED;
        }
    };
    let fetched = stores::fetched(&flags.fetched, &base_dir);
    // Nix creates a store that does not exist.
    let stores = if program != Program::NixInstantiate { &flags.stores[..] } else { &[] };
    if let Err(e) = stores::check(host, stores, &fetched, &flags.native_libs, &base_dir) {
        return wrong(console, &e, program);
    }
    let read_only = flags.jobs.asked.no_instantiate || flags.eval && !flags.read_write;
    let is_flake = !flags.flake.reference.is_empty();
    let mut options = Settings { fetched, base_dir, read_only, pure: is_flake, ..Settings::default() };
    if let Err(e) = settings::apply(&mut options, host, &flags.settings, &flags.include) {
        return wrong(console, &e, program);
    }
    if is_flake {
        let pure = options.pure;
        flakes::apply(&mut options, pure);
        options.read_only = flags.jobs.asked.no_instantiate;
    }
    options.trace_function_calls &= flags.verbosity >= Verbosity::INFO;
    options.dummy_store = stores::is_dummy(host, &flags.stores);
    options.say_files = flags.verbosity >= Verbosity::TALKATIVE;
    match limits::memory(flags.limits.memory, host) {
        Ok(memory) => console.watch(Limits { memory, ..flags.limits }),
        Err(e) => return wrong(console, &e, program),
    }
    let show_trace = options.show_trace;
    let statistics = match Statistics::new(console, flags.stats.as_ref(), &options) {
        Ok(statistics) => statistics,
        Err(e) => return finish(console, Err(e)),
    };
    let guarded = flakes::guarded(console.host.clone(), &options);
    let (mut ev, keeper) = match code_cache::evaluator(guarded, options, flags.no_cache) {
        Ok(made) => made,
        Err(e) => {
            console.fail(&format!("error: {e}"));
            return Exit::TROUBLE;
        }
    };
    statistics.begin(&mut ev);
    // Nix first evaluates the file that defines `derivation`.
    ev.say_file("«nix-internal»/derivation-internal.nix".as_bytes());
    let prepared = stores::prepare(&mut ev, &console.host, &flags.stores, flags.write_drvs.as_deref())
        .and_then(|()| builtins::install(&mut ev))
        .and_then(|()| provide_native_libs(&ev, flags));
    let exit = match prepared.and_then(|()| work(&ev, &statistics, &keeper)) {
        Ok(exit) => exit,
        Err(e) => console.report(&ev, &e, show_trace),
    };
    statistics.keep(|| keeper.finish(&ev));
    statistics.write(console, &ev);
    console.leave(exit)
}

fn finish(console: &Console, result: Res<()>) -> Exit {
    match result {
        Ok(()) => Exit::OK,
        Err(e) => {
            console.fail(&format!("error: {}", e.data().message));
            Exit::FAILED
        }
    }
}

/// Reports a mistake in the command line or the configuration.
pub fn wrong(console: &Console, e: &Wrong, program: Program) -> Exit {
    // Indented as Nix prints multi-line errors.
    console.fail(&format!("error: {}", e.message.replace('\n', "\n       ")));
    match (program, e.usage) {
        (Program::NixInstantiate, true) => console.fail("Try 'nix-instantiate --help' for more information."),
        (Program::Eval, true) => console.fail("Try 'nival eval --help' for more information."),
        (Program::EvalJobs, true) => console.fail("Try 'nix-eval-jobs --help' for more information."),
        _ => {}
    }
    if let Some(near) = &e.near {
        console.fail(&format!("Did you mean '{near}'?"));
    }
    if program == Program::Eval && e.usage { Exit::TROUBLE } else { Exit::FAILED }
}

/// Replaces the libs that the user named with the native one.
fn provide_native_libs(ev: &Evaluator, flags: &Flags) -> Res<()> {
    let listed = ev.host.env(b"NIVAL_NATIVE_LIB").unwrap_or_default();
    let listed = listed.split(|c| *c == b':').filter(|path| !path.is_empty());
    for path in flags.native_libs.iter().map(Vec::as_slice).chain(listed) {
        let path = syntax::absolute(path, &ev.settings.base_dir);
        modules::provide_native_lib(ev, &path)?;
    }
    Ok(())
}

fn work(console: &Console, ev: &Evaluator, flags: &Flags, statistics: &Statistics) -> Res<()> {
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
            console.print(&[&found[..], b"\n"].concat())?;
        }
        return Ok(());
    }
    if !flags.flake.reference.is_empty() {
        return flake(console, ev, flags, statistics);
    }
    let auto_args = auto_args(console, ev, flags, &cwd)?;
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
        process(console, ev, flags, input, auto_args, &mut warn, statistics)?;
    }
    Ok(())
}

/// Evaluates an output of a flake, and prints it as `nix eval` does.
fn flake(console: &Console, ev: &Evaluator, flags: &Flags, statistics: &Statistics) -> Res<()> {
    if !flags.inputs.is_empty() || !flags.attrs.is_empty() || !flags.args.is_empty() {
        let message = "--flake names the only output that is evaluated";
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let mut value = flags.flake.call(ev)?.installable(ev)?;
    if let Some(text) = &flags.apply {
        let function = ev.force_value(ev.delay_text(Origin::Text, text, &ev.settings.base_dir)?)?;
        value = ev.call(function, &[value], Pos::NONE)?;
    }
    if !flags.eval {
        let mut warn = false;
        return instantiate::instantiate(console, ev, value, Value::EMPTY_SET, &mut warn);
    }
    statistics.print(ev, || match flags.output {
        Output::Plain => {
            let text = print_forced(ev, value)?;
            console.print(&[&text[..], b"\n"].concat())
        }
        Output::Json => {
            let text = builtins::to_json_in_place(ev, &slot(value))?;
            console.print(&[&text[..], b"\n"].concat())
        }
        Output::Raw => {
            let doing = "while generating the eval command output";
            let text = ev.coerce(&slot(value), Pos::NONE, Coerce::PLAIN, doing)?;
            console.print(ev.mem.text(text))
        }
        Output::Xml => show(console, ev, flags, value),
    })
}

enum Input<'a> {
    Stdin,
    Text(&'a [u8]),
    File(&'a [u8]),
}

/// A path from the command line: looks up `<name>` in the search path; other paths are relative to the
/// current directory.
pub fn lookup_file(ev: &Evaluator, file: &[u8], cwd: &[u8]) -> Res<Vec<u8>> {
    if let [b'<', name @ .., b'>'] = file {
        return builtins::find_file(ev, name);
    }
    Ok(syntax::absolute(file, cwd))
}

/// The set of the `--arg` and `--argstr` flags.
pub fn auto_args(console: &Console, ev: &Evaluator, flags: &Flags, cwd: &[u8]) -> Res<Value> {
    let mut set = AttrsBuilder::new();
    for (name, arg) in &flags.args {
        let value = match arg {
            AutoArg::Expr(text) => ev.delay_text(Origin::Text, text, cwd)?,
            AutoArg::String(text) => ev.mem.string(text, Default::default())?,
            AutoArg::File(file) => {
                let path = syntax::absolute(file, cwd);
                // The access policy does not apply to files that the user names.
                let text = console.host.read_file(&path).map_err(|e| match e {
                    HostError::NotFound(_) => {
                        let shown = String::from_utf8_lossy(file);
                        let message = format!("opening file \"{shown}\": No such file or directory");
                        Error::new(ErrorKind::System, message)
                    }
                    e => ev.host_error(e),
                })?;
                ev.mem.string(&text, Default::default())?
            }
            AutoArg::Stdin => ev.mem.string(&console.read_input()?, Default::default())?,
        };
        set.push(ev.mem.heap.intern(name)?, value);
    }
    Ok(ev.mem.attrs(set)?)
}

fn process(
    console: &Console,
    ev: &Evaluator,
    flags: &Flags,
    input: Input<'_>,
    auto_args: Value,
    warn: &mut bool,
    statistics: &Statistics,
) -> Res<()> {
    let cwd = &ev.settings.base_dir;
    let (source, ast) = match input {
        Input::Stdin => ev.parse_text(Origin::Stdin, &console.read_input()?, cwd)?,
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
        return console.print(&[&text[..], b"\n"].concat());
    }
    let root = ev.eval_ast(&source, &ast)?;
    let whole = [Vec::new()];
    let paths = if flags.attrs.is_empty() { &whole[..] } else { &flags.attrs };
    for path in paths {
        let found = attr_path::find(ev, root, path, auto_args)?;
        if !flags.eval {
            instantiate::instantiate(console, ev, found, auto_args, warn)?;
            continue;
        }
        let value = if flags.args.is_empty() { found } else { ev.auto_call(found, auto_args)? };
        statistics.print(ev, || show(console, ev, flags, value))?;
    }
    Ok(())
}

fn show(console: &Console, ev: &Evaluator, flags: &Flags, value: Value) -> Res<()> {
    let value = slot(value);
    match flags.output {
        Output::Raw => {
            let text = ev.coerce(
                &value,
                Pos::NONE,
                Coerce::INTERPOLATE,
                "while generating the nix-instantiate output",
            )?;
            console.print(ev.mem.text(text))
        }
        Output::Json => {
            let text = builtins::to_json(ev, &value, flags.strict)?;
            console.print(&[&text[..], b"\n"].concat())
        }
        Output::Xml => {
            let (text, done) = builtins::to_xml(ev, &value, flags.strict, !flags.no_location);
            console.print(&text)?;
            done.map(|_| ())
        }
        Output::Plain => {
            if flags.strict {
                ev.force_deep(&value)?;
            }
            let text = ambiguous(ev, peek(&value))?;
            console.print(&[&text[..], b"\n"].concat())
        }
    }
}
