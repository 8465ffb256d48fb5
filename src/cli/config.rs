//! `nival config`: evaluates modules with fixtures and prints option values.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use serde_json::{Value as Json, json};

use super::args::ConfigArgs;
use super::console::{Console, Exit};
use super::{modules, opening};
use crate::eval::{Error, ErrorKind, Evaluator, Res, render};
use crate::modules::{Kept, Origins, Undeclared};
use crate::options::{Configuration, Opened, attr_path};
use crate::report::{Options, Selection, Written, indent_json, nix_from_json, write_options};
use crate::syntax::absolute;

/// The maximum number of undeclared options listed on standard error.
const LISTED: usize = 40;

/// Runs the command.
pub fn run(console: &Console, args: &ConfigArgs) -> Exit {
    let work = |ev: &Evaluator| {
        let written = values(console, ev, args)?;
        if let Some(file) = &args.marks {
            write_marks(console, file, &written, &ev.extension::<Kept>().found(), ev)?;
        }
        Ok(written)
    };
    modules::run(console, &args.modules.open.evaluator, args.changed, work, |ev, written| {
        show(console, ev, args, written)
    })
}

/// Prints the values in the requested format.
fn show(console: &Console, ev: &Evaluator, args: &ConfigArgs, written: Res<Written>) -> Exit {
    let written = match written {
        Ok(written) => written,
        Err(e) if e.data().kind == ErrorKind::Usage => return console.misused(&e, "nival config"),
        Err(e) => return console.report(ev, &e, args.modules.open.evaluator.show_trace),
    };
    let undeclared = ev.extension::<Kept>().found();
    let absent = ev.extension::<Origins>().absent();
    // Nothing that was asked for exists.
    if written.json != b"{}" || written.missing.is_empty() {
        let mut text = match (args.json, args.nix) {
            (true, _) => written.json.clone(),
            (_, true) => nix_from_json(&written.json),
            _ => indent_json(&with_side_information(ev, &written.json, &undeclared, &absent)),
        };
        text.push(b'\n');
        if let Err(e) = console.print(&text) {
            return console.report(ev, &e, args.modules.open.evaluator.show_trace);
        }
        if holds_stub(&text) {
            console.fail(STUB_NOTE);
        }
    }
    list_undeclared(console, ev, &undeclared);
    for module in &absent {
        console.fail(&left_out(module));
    }
    for e in &written.missing {
        console.fail(&render(&ev.sources, e, args.modules.open.evaluator.show_trace));
    }
    match written.failures() {
        0 if written.missing.is_empty() && absent.is_empty() => return Exit::OK,
        0 => {}
        n => {
            let noun = if n == 1 { "value" } else { "values" };
            console
                .fail(&format!("error: {n} {noun} could not be evaluated; --strict shows the first in full"));
        }
    }
    Exit::FAILED
}

/// The message about an imported module of nixpkgs that does not exist here.
fn left_out(module: &str) -> String {
    format!(
        "error: the module '{module}' of nixpkgs is not here (-I nixpkgs=PATH says where it is); it is left out"
    )
}

/// Lists undeclared options on standard error, one line for each option and file.
fn list_undeclared(console: &Console, ev: &Evaluator, undeclared: &[Undeclared]) {
    let mut listed: Vec<&Undeclared> = Vec::new();
    for found in undeclared {
        if !listed.iter().any(|l| l.option == found.option && l.file == found.file) {
            listed.push(found);
        }
    }
    for found in listed.iter().take(LISTED) {
        console.fail(&format!(
            "warning: '{}' is no option here; kept as defined at {}",
            found.option,
            place(ev, found)
        ));
    }
    if let Some(more) = listed.len().checked_sub(LISTED).filter(|more| *more > 0) {
        console.fail(&format!("warning: {more} more are no options here; --marks FILE lists them"));
    }
}

fn place(ev: &Evaluator, found: &Undeclared) -> String {
    match ev.sources.place(found.pos) {
        Some(_) => ev.place_text(found.pos),
        None => found.file.clone(),
    }
}

fn undeclared_json(ev: &Evaluator, undeclared: &[Undeclared]) -> Json {
    let one = |found: &Undeclared| json!({ "option": found.option, "at": place(ev, found) });
    Json::from(undeclared.iter().map(one).collect::<Vec<_>>())
}

/// The values with `_nival` beside them, if there is something to say about the whole.
fn with_side_information(
    ev: &Evaluator,
    json: &[u8],
    undeclared: &[Undeclared],
    absent: &[String],
) -> Vec<u8> {
    match json {
        [b'{', rest @ ..] if !undeclared.is_empty() || !absent.is_empty() => {
            let mut side = json!({ "undeclared": undeclared_json(ev, undeclared) });
            if !absent.is_empty() {
                side["absent"] = json!(absent);
            }
            let side = side.to_string();
            let comma: &[u8] = if rest == b"}" { b"" } else { b"," };
            [b"{\"_nival\":", side.as_bytes(), comma, rest].concat()
        }
        json => json.to_vec(),
    }
}

/// Writes the marks and undeclared options to a file.
fn write_marks(
    console: &Console,
    file: &OsStr,
    written: &Written,
    undeclared: &[Undeclared],
    ev: &Evaluator,
) -> Res<()> {
    let marks: Vec<Json> = written
        .marks
        .iter()
        .map(|m| json!({ "option": m.path, "kind": m.kind, "at": m.at, "message": m.message }))
        .collect();
    let absent = ev.extension::<Origins>().absent();
    let all = json!({ "marks": marks, "undeclared": undeclared_json(ev, undeclared), "absent": absent });
    let mut text = indent_json(all.to_string().as_bytes());
    text.push(b'\n');
    let path = absolute(file.as_bytes(), &ev.settings.base_dir);
    console.host.write_file(&path, &text).map_err(|e| {
        let file = file.to_string_lossy();
        Error::new(ErrorKind::System, format!("writing the marks to '{file}': {e}"))
    })
}

/// The note printed when the output contains paths of the stub package set.
const STUB_NOTE: &str =
    "note: paths like /nix/store/nival…-stub-NAME are made up: without nixpkgs, packages are only names";

/// Whether a text contains such a path.
fn holds_stub(text: &[u8]) -> bool {
    const DIGITS: usize = 32;
    memchr::memmem::find_iter(text, b"/nix/store/nival").any(|at| {
        let name = at + b"/nix/store/".len() + DIGITS;
        text.get(name..).is_some_and(|rest| rest.starts_with(b"-stub-"))
    })
}

/// The options at and below `paths` that differ from their defaults, and those that nothing declares.
fn changed(ev: &Evaluator, configuration: Configuration, paths: &[Vec<Vec<u8>>]) -> Res<Selection> {
    let mut changed = Opened::new(ev, configuration)?.changed(paths)?;
    for undeclared in ev.extension::<Kept>().found() {
        changed.push(attr_path::split(undeclared.option.as_bytes())?);
    }
    Ok(Selection::only(&changed))
}

/// The values that `args` select, as JSON.
///
/// # Errors
/// An error that prevents evaluating the modules at all.
fn values(console: &Console, ev: &Evaluator, args: &ConfigArgs) -> Res<Written> {
    let ConfigArgs { strict, .. } = *args;
    let attrs = &args.modules.attrs;
    let mut paths = Vec::with_capacity(attrs.len());
    for attr in attrs {
        let path = attr_path::split(attr.as_bytes())?;
        if path.iter().any(Vec::is_empty) {
            let shown = attr.to_string_lossy();
            return Err(Error::eval(format!("empty attribute name in selection path '{shown}'")));
        }
        paths.push(path);
    }
    let open = &args.modules.open;
    let opening = opening::of(console, ev, &args.modules.modules, open, open.root.as_ref())?;
    let configuration = opening.open(ev)?;
    let options = Options { strict, evaluation: configuration.evaluation() };
    let values = configuration.values(ev, &paths)?;
    let selection = match args.changed {
        true => changed(ev, configuration, &paths)?,
        false => Selection::of(&paths),
    };
    let written = write_options(ev, values, &selection, options)?;
    if strict && let Some(module) = ev.extension::<Origins>().absent().first() {
        return Err(Error::new(ErrorKind::System, left_out(module).trim_start_matches("error: ").to_owned()));
    }
    match ev.extension::<Kept>().hidden_by() {
        // What is missing may be defined in a part that cannot be evaluated, so the error must be reported.
        Some(e) if strict || !written.missing.is_empty() || written.failures() == 0 => Err(e),
        _ => Ok(written),
    }
}
