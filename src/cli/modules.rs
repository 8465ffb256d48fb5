//! The common part of the commands about configurations: sets up an evaluator according to the module flags.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;

use super::args::{EvaluatorArgs, OpenArgs};
use super::console::{Console, Exit};
use super::flakes::{self, guarded};
use super::progress::Progress;
use super::settings::Given;
use super::statistics::Statistics;
use super::wrong::Wrong;
use super::{limits, settings, stores};
use crate::builtins;
use crate::eval::{Error, ErrorKind, Evaluator, Res, Settings};
use crate::host::{FilesRead, Host, Limits, Messages, Recorded, Touched, Touches, collected};
use crate::options::{Argument, Modules, STDIN, Undeclared, with_embedded};
use crate::session::code_cache::{self, Keeper};
use crate::syntax::absolute;

/// The modules that the flags describe. Reads standard input if it is among them.
pub fn of(console: &Console, modules: &[OsString], args: &OpenArgs) -> Res<Modules> {
    let given = |words: &[OsString], of: fn(OsString) -> Argument| -> Vec<(OsString, Argument)> {
        pairs(words).map(|(name, text)| (name.to_owned(), of(text.to_owned()))).collect()
    };
    let mut arguments = given(&args.arg, Argument::Expression);
    arguments.extend(given(&args.argstr, Argument::Text));
    // Naming it twice is an error, so nothing needs to be read.
    let reads_input = modules.iter().chain(&args.files).filter(|name| *name == STDIN).count() == 1;
    Ok(Modules {
        modules: modules.to_vec(),
        fixtures: args.files.clone(),
        arguments,
        packages: args.pkgs.clone(),
        lib: args.lib.clone(),
        base: !args.no_base,
        undeclared: match (args.strict_options, args.allow_undeclared) {
            (true, _) => Undeclared::Refused,
            (false, false) => Undeclared::InModules,
            (false, true) => Undeclared::Everywhere,
        },
        input: if reads_input { Some(console.read_input()?) } else { None },
    })
}

/// The limits that the flags and the environment set.
///
/// # Errors
/// What is no limit.
pub fn limits(console: &Console, args: &EvaluatorArgs) -> Result<Limits, Wrong> {
    let seconds = args.timeout.as_deref().map(limits::positive_seconds).transpose()?;
    let given = args.max_memory.as_deref().map(|text| limits::size("--max-memory", text)).transpose()?;
    Ok(Limits { seconds, memory: limits::memory(given, &*console.host)? })
}

/// Pairs of names and values.
pub fn pairs(words: &[OsString]) -> impl Iterator<Item = (&OsStr, &OsStr)> {
    let mut words = words.iter().map(OsString::as_os_str);
    std::iter::from_fn(move || words.next().zip(words.next()))
}

/// Makes an evaluator, which observes the evaluations of modules if `observes`, runs `work`, and finishes after `show`
/// has reported the result.
pub fn run<T>(
    console: &Console,
    args: &EvaluatorArgs,
    observes: bool,
    work: impl FnOnce(&Evaluator) -> Res<T>,
    show: impl FnOnce(&Evaluator, Res<T>) -> Exit,
) -> Exit {
    let around = Around { observes, ..Around::default() };
    run_with(console, args, around, |ev, _| work(ev), show)
}

/// What an evaluator is made for.
#[derive(Default)]
pub struct Around {
    /// Whether it observes evaluations of modules.
    pub observes: bool,
    /// Where relative paths begin, if not in the current folder.
    pub base_dir: Option<Vec<u8>>,
    /// What takes the messages of the evaluation. Unless they are printed at once, nothing shows the progress either.
    pub messages: Option<Messages>,
    /// What takes the questions to the file system, if they are noted.
    pub touches: Option<Touches>,
    /// What takes the files and folders that `--print-files` prints.
    pub files: FilesRead,
}

/// Like [`run`], for more purposes. `work` also gets what keeps compiled code, for copies of this process.
pub fn run_with<T>(
    console: &Console,
    args: &EvaluatorArgs,
    around: Around,
    work: impl FnOnce(&Evaluator, &Keeper) -> Res<T>,
    show: impl FnOnce(&Evaluator, Res<T>) -> Exit,
) -> Exit {
    let trouble = |message: &str| {
        console.fail(&format!("error: {message}"));
        Exit::TROUBLE
    };
    if let Err(e) = watch(console, args) {
        return trouble(&e.message);
    }
    let prepared = settings(console, args, around.base_dir).and_then(|mut settings| {
        let statistics = statistics(console, args, &mut settings)?;
        Ok((settings, statistics))
    });
    let (settings, statistics) = match prepared {
        Ok(prepared) => prepared,
        Err(e) => return trouble(&e.data().message),
    };
    let read = around.files;
    let is_shown = around.messages.as_ref().is_none_or(Messages::are_printed);
    let own = console.host.clone();
    let host: Box<dyn Host> = match (around.messages, &args.print_files, around.touches) {
        (None, None, _) => guarded(with_embedded(own), &settings),
        (None, Some(_), _) => guarded(with_embedded(Recorded::new(own, read.clone())), &settings),
        (Some(messages), None, None) => guarded(with_embedded(collected(own, messages)), &settings),
        (Some(messages), _, touches) => {
            let host = Recorded::new(collected(own, messages), read.clone());
            match touches {
                Some(touches) => {
                    let note = move |touch| {
                        touches.borrow_mut().insert(touch);
                    };
                    guarded(with_embedded(Touched::new(host, note)), &settings)
                }
                None => guarded(with_embedded(host), &settings),
            }
        }
    };
    let (mut ev, keeper) = match code_cache::evaluator(host, settings, args.no_cache) {
        Ok(made) => made,
        Err(e) => return trouble(&e.to_string()),
    };
    statistics.begin(&mut ev);
    if around.observes {
        ev.observe();
    }
    let progress = is_shown.then(|| Progress::begin(console, "evaluating"));
    let done = install(console, args, &mut ev).and_then(|()| work(&ev, &keeper));
    drop(progress);
    statistics.keep(|| keeper.finish(&ev));
    let exit = show(&ev, done);
    statistics.write(console, &ev);
    if let Some(file) = &args.print_files
        && let Err(e) = print_files(console, &ev.settings.base_dir, file.as_deref(), &read.borrow())
    {
        return console.leave(trouble(&e.data().message));
    }
    console.leave(exit)
}

/// The settings of the evaluator that the flags describe. Relative paths begin in `base_dir`, or in the current folder.
///
/// # Errors
/// Files that the flags name and that do not exist.
pub fn settings(console: &Console, args: &EvaluatorArgs, base_dir: Option<Vec<u8>>) -> Res<Settings> {
    let mut settings = Settings {
        show_trace: args.show_trace,
        system: args.system.clone(),
        max_call_depth: args.max_call_depth,
        base_dir: base_dir.map_or_else(|| console.current_dir(), Ok)?,
        ..Settings::default()
    };
    let include: Vec<Vec<u8>> = args.include.iter().map(|entry| entry.as_bytes().to_vec()).collect();
    settings.nix_path = settings::search_path(&*console.host, &include);
    let text = |word: &OsStr| word.to_string_lossy().into_owned();
    let mut given: Vec<Given> = pairs(&args.options)
        .map(|(name, value)| Given { name: text(name), value: text(value), option: true })
        .collect();
    if args.restrict_eval {
        given.push(Given { name: "restrict-eval".to_owned(), value: "true".to_owned(), option: false });
    }
    settings::apply_given(&mut settings, &*console.host, &given)
        .map_err(|e| Error::new(ErrorKind::Usage, e.message))?;
    settings.fetched = fetched(console, args, &settings.base_dir)?;
    if args.flake.flake.is_some() {
        flakes::apply(&mut settings, !args.flake.impure);
    }
    Ok(settings)
}

/// Gives an evaluator its stores and built-in functions.
///
/// # Errors
/// When memory is exhausted.
pub fn install(console: &Console, args: &EvaluatorArgs, ev: &mut Evaluator) -> Res<()> {
    stores::prepare(ev, &console.host, &store_flags(args), None)?;
    builtins::install(ev)?;
    match ev.settings.restrict {
        true => builtins::allow_search_path(ev),
        false => Ok(()),
    }
}

/// Prints what an evaluation in a folder read, as `--print-files` says.
///
/// # Errors
/// An error of the file or of standard output.
pub fn print_files(
    console: &Console,
    folder: &[u8],
    file: Option<&OsStr>,
    read: &BTreeSet<Vec<u8>>,
) -> Res<()> {
    let mut lines = Vec::new();
    for path in read {
        lines.extend_from_slice(path);
        lines.push(b'\n');
    }
    match file {
        None => {
            if let Some(text) = lines.strip_suffix(b"\n") {
                console.host.message(text);
            }
            Ok(())
        }
        Some(file) if file == STDIN => console.print(&lines),
        Some(file) => {
            let path = absolute(file.as_bytes(), folder);
            console.host.write_file(&path, &lines).map_err(|e| {
                let file = file.to_string_lossy();
                Error::new(ErrorKind::System, format!("writing the files that were read to '{file}': {e}"))
            })
        }
    }
}

/// Watches `--timeout` and `--max-memory`.
///
/// # Errors
/// A malformed limit.
pub fn watch(console: &Console, args: &EvaluatorArgs) -> Result<(), Wrong> {
    console.watch(limits(console, args)?);
    Ok(())
}

/// Sets up what `--stats` and `--profile` ask for, and adjusts `settings`.
fn statistics(console: &Console, args: &EvaluatorArgs, settings: &mut Settings) -> Res<Statistics> {
    if let Some(file) = &args.profile {
        settings.profile = true;
        settings.profile_file = file.as_bytes().to_vec();
    }
    let stats = args.stats.as_ref().map(|file| file.as_ref().map(|f| f.as_bytes().to_vec()));
    Statistics::new(console, stats.as_ref(), settings)
}

/// The entries of `--fetched`. Checks that the named files exist.
fn fetched(console: &Console, args: &EvaluatorArgs, cwd: &[u8]) -> Res<Vec<(String, Vec<u8>)>> {
    let given = args.fetched.iter().map(|given| stores::url_and_path(given.as_bytes()));
    let usage = |e: Wrong| Error::new(ErrorKind::Usage, e.message);
    let given = given.collect::<Result<Vec<_>, _>>().map_err(usage)?;
    let fetched = stores::fetched(&given, cwd);
    stores::check(&*console.host, &store_flags(args), &fetched, &[], cwd).map_err(usage)?;
    Ok(fetched)
}

fn store_flags(args: &EvaluatorArgs) -> Vec<Vec<u8>> {
    args.stores.iter().map(|store| store.as_bytes().to_vec()).collect()
}
