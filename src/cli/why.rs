//! `nival why` and `nival affects`: which options a value was computed from, and which were computed from it.

use std::ffi::OsString;

use serde_json::Value as Json;

use super::args::{AffectsArgs, DependenciesArgs, DependenciesFormat, WhyArgs};
use super::console::{Console, Exit};
use super::{asking, modules, opening, output};
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::heap::Sym;
use crate::options::{Dependencies, Importer, Opened, find, in_flakes};
use crate::report::{
    Roots, Way, dependencies_dot, dependencies_json, dependencies_text, imports_json, imports_text,
    indent_json,
};

/// What is shown.
enum Answer {
    /// Options and the edges between them.
    Dependencies(Dependencies, Way),
    /// Chains of imports.
    Imports(Vec<Vec<Importer>>),
}

/// Runs `nival why`.
pub fn why(console: &Console, args: &WhyArgs) -> Exit {
    let depth = usize::from(args.dependencies.depth);
    run(console, &args.dependencies, "nival why", |ev, opened, name| match &args.import {
        None => dependencies(ev, opened, name, Way::Why, |path| {
            Ok(opened.why(path, depth, args.dependencies.all))
        }),
        Some(file) => imports(ev, opened, name, file),
    })
}

/// Runs `nival affects`.
pub fn affects(console: &Console, args: &AffectsArgs) -> Exit {
    let depth = usize::from(args.dependencies.depth);
    run(console, &args.dependencies, "nival affects", |ev, opened, name| {
        dependencies(ev, opened, name, Way::Affects, |path| {
            opened.affects(path, depth, args.dependencies.all)
        })
    })
}

/// Runs a command about a configuration that is opened with its dependencies; `write` gives what is printed.
fn run(
    console: &Console,
    args: &DependenciesArgs,
    command: &str,
    ask: impl FnOnce(&Evaluator, &Opened<'_>, Option<&OsString>) -> Res<Answer>,
) -> Exit {
    let evaluator = &args.open.evaluator;
    let work = |ev: &Evaluator| -> Res<()> {
        ev.track_reads();
        let (name, modules) = asking::names(&args.names);
        let root = args.open.root.as_ref().or(args.attr.as_ref());
        let opening = opening::of(console, ev, modules, &args.open, root)?;
        let opened = Opened::new(ev, opening.open(ev)?)?;
        let answer = ask(ev, &opened, name)?;
        let format = if args.json { DependenciesFormat::Json } else { args.format };
        let text =
            answer.show(format, &output::with_links(console, &args.output, asking::roots(ev, &opening)))?;
        output::write(console, &ev.settings.base_dir, &args.output, text.as_bytes())
    };
    modules::run(console, evaluator, true, work, |ev, done| match done {
        Ok(()) => Exit::OK,
        Err(e) if e.data().kind == ErrorKind::Usage => console.misused(&e, command),
        Err(e) => console.report(ev, &e, evaluator.show_trace),
    })
}

/// The options that an option depends on, or that depend on it.
fn dependencies(
    ev: &Evaluator,
    opened: &Opened<'_>,
    name: Option<&OsString>,
    way: Way,
    ask: impl FnOnce(&[Sym]) -> Res<Dependencies>,
) -> Res<Answer> {
    let Some(name) = name else {
        return Err(Error::new(ErrorKind::Usage, "no option is named"));
    };
    let path = asking::option_path(ev, name)?;
    opened.expect(&path)?;
    Ok(Answer::Dependencies(ask(&path)?, way))
}

/// The chains of imports that lead to a file.
fn imports(ev: &Evaluator, opened: &Opened<'_>, name: Option<&OsString>, file: &OsString) -> Res<Answer> {
    if name.is_some() {
        return Err(Error::new(ErrorKind::Usage, "--import is about a module, not about an option"));
    }
    let path = find(ev, file)?;
    let path = in_flakes(ev, &path).unwrap_or(path);
    let path = String::from_utf8_lossy(&path).into_owned();
    match opened.imports(&path)? {
        chains if chains.is_empty() => {
            Err(Error::eval(format!("no module of the configuration is in '{}'", file.to_string_lossy())))
        }
        chains => Ok(Answer::Imports(chains)),
    }
}

impl Answer {
    fn show(&self, format: DependenciesFormat, roots: &Roots) -> Res<String> {
        let json = |json: Json| {
            String::from_utf8_lossy(&indent_json(json.to_string().as_bytes())).into_owned() + "\n"
        };
        Ok(match (self, format) {
            (Answer::Dependencies(found, way), DependenciesFormat::Text) => {
                dependencies_text(found, *way, roots)
            }
            (Answer::Dependencies(found, way), DependenciesFormat::Json) => {
                json(dependencies_json(found, *way))
            }
            (Answer::Dependencies(found, way), DependenciesFormat::Dot) => {
                dependencies_dot(found, *way, roots)
            }
            (Answer::Imports(chains), DependenciesFormat::Text) => imports_text(chains, roots),
            (Answer::Imports(chains), DependenciesFormat::Json) => json(imports_json(chains)),
            (Answer::Imports(_), DependenciesFormat::Dot) => {
                return Err(Error::new(ErrorKind::Usage, "chains of imports are shown as text or JSON"));
            }
        })
    }
}
