//! Files with tests as nix-unit has them: sets of `{ expr, expected }` or `{ expr, expectedError.{type,msg} }` whose names
//! begin with `test`, possibly inside other sets; and as nixpkgs' `lib.runTests` takes and gives them.

use super::common::{Common, path_literal};
use super::outcome::TestResult;
use super::suite_file::Way;
use crate::eval::{Error, ErrorKind, Evaluator, Res, render};
use crate::heap::Slot;
use crate::modules::native_lib;
use crate::native::{get, text};
use crate::options::{Bounds, Plain, find, nixos_folder};
use crate::report::on_one_line;
use crate::source::Pos;
use crate::syntax::show_name;
use crate::value::{AttrsBuilder, Value};

/// What begins the name of a test.
const TEST: &str = "test";
/// How much of a value a message shows.
const SHOWN: Bounds = Bounds { depth: 16, values: 400, columns: 2000, variants: false };

/// Runs the tests in a file. A function gets `lib`, and `pkgs` if the suite has a nixpkgs.
///
/// # Errors
/// An error that prevents finding the tests.
pub fn run(ev: &Evaluator, common: &Common<'_>, file: &str) -> Res<Vec<TestResult>> {
    let value = ev.import(file.as_bytes())?;
    let value = ev.auto_call(value, arguments(ev, common)?)?;
    let mut results = Vec::new();
    if value.is_list() {
        failed_tests(ev, common, value, &mut results)?;
    } else if value.is_attrs() {
        tests(ev, common, value, "", &mut results)?;
    } else {
        return Err(Error::type_error("the file has no tests: it is neither a set nor a list"));
    }
    Ok(results)
}

fn arguments(ev: &Evaluator, common: &Common<'_>) -> Res<Value> {
    let mut given = AttrsBuilder::new();
    let (lib, packages) = match &common.suite.way {
        Way::Nixos(Some(nixpkgs)) => {
            let nixos = nixos_folder(ev, Some(nixpkgs))?;
            let folder = String::from_utf8_lossy(&nixos[..nixos.len() - b"/nixos".len()]).into_owned();
            let import = |what: &str| format!("import {}", path_literal(&format!("{folder}{what}")));
            let system = &ev.settings.system;
            let packages = format!("{} {{ system = \"{system}\"; }}", import(""));
            (expression(ev, &import("/lib"))?, Some(expression(ev, &packages)?))
        }
        Way::Modules(way) if way.lib.is_some() => match &way.lib {
            Some(lib) => (ev.import(&find(ev, lib)?)?, None),
            None => (native_lib(ev)?, None),
        },
        _ => (native_lib(ev)?, None),
    };
    given.push(ev.intern("lib")?, lib);
    if let Some(packages) = packages {
        given.push(ev.intern("pkgs")?, packages);
    }
    Ok(ev.mem.attrs(given)?)
}

/// The suspended value of an expression.
fn expression(ev: &Evaluator, text: &str) -> Res<Value> {
    ev.delay_text(crate::source::Origin::Text, text.as_bytes(), &ev.settings.base_dir)
}

/// The tests of a set, and of the sets in it.
fn tests(
    ev: &Evaluator,
    common: &Common<'_>,
    set: Value,
    prefix: &str,
    into: &mut Vec<TestResult>,
) -> Res<()> {
    let _depth = ev.enter(Pos::NONE)?;
    for entry in ev.mem.entries_by_name(set) {
        let name = ev.name(entry.name);
        let shown = String::from_utf8_lossy(&show_name(name.as_bytes())).into_owned();
        let path = if prefix.is_empty() { shown } else { format!("{prefix}.{shown}") };
        if name.starts_with(TEST) {
            let problem = match test(ev, entry.slot) {
                Ok(problem) => problem,
                Err(e) => Some(failed(ev, common, &e)),
            };
            let problem = problem.map(|problem| common.shown.text(&problem));
            into.push(TestResult { name: path, problem });
            continue;
        }
        match ev.force(entry.slot) {
            Ok(below) if below.is_attrs() => tests(ev, common, below, &path, into)?,
            Ok(_) => {}
            Err(e) => into.push(TestResult { name: path, problem: Some(failed(ev, common, &e)) }),
        }
    }
    Ok(())
}

fn failed(ev: &Evaluator, common: &Common<'_>, e: &Error) -> String {
    ev.caught(e);
    common.shown.text(render(&ev.sources, e, common.show_trace).trim_end())
}

/// Runs a test. Returns why it fails.
fn test(ev: &Evaluator, slot: &Slot) -> Res<Option<String>> {
    let test = ev.force(slot)?;
    if !test.is_attrs() {
        return Err(Error::type_error("the test is not a set"));
    }
    let Some(expr) = get(ev, test, "expr") else {
        return Err(Error::eval("the test has no 'expr'"));
    };
    if let Some(expected) = get(ev, test, "expected") {
        ev.force_deep(expr)?;
        ev.force_deep(expected)?;
        if ev.equal(expr, expected, Pos::NONE)? {
            return Ok(None);
        }
        let shown = |slot: &Slot| on_one_line(&Plain::of(ev, slot, SHOWN));
        return Ok(Some(format!("expected {}\nbut got  {}", shown(expected), shown(expr))));
    }
    let Some(expected) = get(ev, test, "expectedError") else {
        return Err(Error::eval("the test has neither 'expected' nor 'expectedError'"));
    };
    let expected = ev.force(expected)?;
    let part = |name: &str| -> Res<Option<String>> {
        match expected.is_attrs().then(|| get(ev, expected, name)).flatten() {
            Some(slot) => {
                let found = ev.force(slot)?;
                match found.is_string() {
                    true => Ok(Some(text(ev, found))),
                    false => Err(Error::type_error(format!("'expectedError.{name}' is not a string"))),
                }
            }
            None => Ok(None),
        }
    };
    let (kind, message) = (part("type")?, part("msg")?);
    if kind.is_none() && message.is_none() {
        return Err(Error::eval("'expectedError' has neither 'type' nor 'msg'"));
    }
    match ev.force_deep(expr) {
        Ok(()) => Ok(Some("expected an error, but there is none".to_owned())),
        Err(e) => {
            ev.caught(&e);
            wrong_error(&e, kind.as_deref(), message.as_deref())
        }
    }
}

/// Why an error is not the expected one.
fn wrong_error(e: &Error, kind: Option<&str>, message: Option<&str>) -> Res<Option<String>> {
    let found = class(e);
    let text = &e.data().message;
    if let Some(kind) = kind.filter(|kind| *kind != found) {
        return Ok(Some(format!("expected an error of type {kind}, but this is of type {found}: {text}")));
    }
    let Some(pattern) = message else {
        return Ok(None);
    };
    let regex = regress::Regex::new(pattern)
        .map_err(|e| Error::eval(format!("'expectedError.msg' is no regular expression: {e}")))?;
    Ok(match regex.find(text) {
        Some(_) => None,
        None => Some(format!("expected a message that matches '{pattern}', but this is: {text}")),
    })
}

/// The name that nix-unit has for the class of an error.
fn class(e: &Error) -> &'static str {
    match e.data().kind {
        ErrorKind::Throw => "ThrownError",
        ErrorKind::Assertion => "AssertionError",
        ErrorKind::Abort => "Abort",
        ErrorKind::Type => "TypeError",
        ErrorKind::Parse => "ParseError",
        ErrorKind::Restricted => "RestrictedPathError",
        _ if e.data().message.starts_with("undefined variable") => "UndefinedVarError",
        _ if e
            .data()
            .message
            .starts_with("cannot evaluate a function that has an argument without a value") =>
        {
            "MissingArgumentError"
        }
        ErrorKind::Eval | ErrorKind::InfiniteRecursion | ErrorKind::StackOverflow => "EvalError",
        ErrorKind::System | ErrorKind::Limit | ErrorKind::Usage | ErrorKind::HashMismatch => "Error",
    }
}

/// What `lib.runTests` gives: a list of the tests that fail.
fn failed_tests(ev: &Evaluator, common: &Common<'_>, list: Value, into: &mut Vec<TestResult>) -> Res<()> {
    for (number, item) in ev.mem.items(list).iter().enumerate() {
        let item = ev.force(item)?;
        let part = |name: &str| {
            let slot = item.is_attrs().then(|| get(ev, item, name)).flatten();
            slot.map(|slot| Plain::of(ev, slot, SHOWN))
        };
        let name = match part("name") {
            Some(Plain::String(name)) => name,
            _ => format!("{}", number + 1),
        };
        let shown = |value: Option<Plain>| value.map_or_else(|| "?".to_owned(), |value| on_one_line(&value));
        let problem = format!("expected {}\nbut got  {}", shown(part("expected")), shown(part("result")));
        into.push(TestResult { name, problem: Some(common.shown.text(&problem)) });
    }
    if into.is_empty() {
        into.push(TestResult { name: "runTests".to_owned(), problem: None });
    }
    Ok(())
}
