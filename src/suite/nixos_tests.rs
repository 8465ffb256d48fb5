//! NixOS tests by name: the configurations of their nodes.

use super::fixtures::{Fixture, Source};
use super::observe::{Names, Observed, Pattern};
use super::suite_file::{Suite, Way};
use crate::eval::{Error, ErrorKind, Evaluator, Res, render};
use crate::host::{Copies, CopyEnd, CopyEvent, CopyLimits, System};
use crate::native::get;
use crate::options::{Configuration, EMBEDDED, nixos_folder, options_at};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Context, Value};

/// The attribute that a test is in.
const TEST: &str = "nixosTest";
/// What begins the names of such fixtures.
const PREFIX: &str = "nixos-tests";

/// The tests of the suite's nixpkgs.
fn all_tests(ev: &Evaluator, way: &Way) -> Res<Value> {
    let Way::Nixos(nixpkgs) = way else {
        return Err(Error::new(ErrorKind::Usage, "NixOS tests are in a nixpkgs"));
    };
    let nixos = nixos_folder(ev, nixpkgs.as_ref())?;
    let folder = &nixos[..nixos.len() - b"/nixos".len()];
    let mut request = AttrsBuilder::new();
    request.push(ev.intern("nixpkgs")?, ev.mem.string(folder, Context::EMPTY)?);
    request.push(ev.intern("system")?, ev.mem.str(&ev.settings.system)?);
    let tests = ev.import(format!("{EMBEDDED}/nixos-tests.nix").as_bytes())?;
    ev.call(tests, &[ev.mem.attrs(request)?], Pos::NONE)
}

/// The nodes of the tests that a suite names. They are looked for in a copy of this process, whose evaluations leave nothing
/// behind here.
///
/// # Errors
/// A tree without tests, a test that cannot be evaluated, and a pattern that names no test.
pub fn nodes(system: &dyn System, ev: &Evaluator, suite: &Suite, limits: CopyLimits) -> Res<Vec<Fixture>> {
    let wrong = |message: String| Error::new(ErrorKind::Usage, message);
    let mut observe = Vec::new();
    for text in &suite.nixos_tests {
        observe.push(Pattern::new(text).map_err(wrong)?);
    }
    let patterns = Names { observe, ignore: Vec::new() };
    let find = |_| {
        let mut found = Vec::new();
        let all = all_tests(ev, &suite.way);
        let done = all.and_then(|all| below(ev, all, &patterns, &mut Vec::new(), &mut found));
        let result = done.map(|()| found).map_err(|e| render(&ev.sources, &e, false));
        serde_json::to_vec(&result).unwrap_or_default()
    };
    ev.end_threads();
    let mut found = Err("the process that looks for them ended early".to_owned());
    let copies = Copies { pieces: &[0], at_once: 1, limits, work: &find };
    let ran = system.in_copies(&copies, &mut |event| {
        if let CopyEvent::Ended(_, CopyEnd::Output(bytes), _) = event {
            found = serde_json::from_slice(&bytes).unwrap_or_else(|e| Err(e.to_string()));
        }
    });
    ran.map_err(|e| Error::new(ErrorKind::System, format!("looking for NixOS tests: {e}")))?;
    let found: Vec<Fixture> =
        found.map_err(|message| Error::eval(format!("looking for NixOS tests: {message}")))?;
    for (text, pattern) in suite.nixos_tests.iter().zip(&patterns.observe) {
        let is_found = |fixture: &Fixture| match &fixture.source {
            Source::Node { test, .. } => pattern.covers(test),
            Source::File(_) | Source::Tests(_) | Source::Flake(_) => false,
        };
        if !found.iter().any(is_found) {
            return Err(wrong(format!("'{text}' in 'nixos-tests' names no test of the nixpkgs")));
        }
    }
    Ok(found)
}

fn below(
    ev: &Evaluator,
    set: Value,
    patterns: &Names,
    path: &mut Vec<String>,
    found: &mut Vec<Fixture>,
) -> Res<()> {
    let _depth = ev.enter(Pos::NONE)?;
    for entry in ev.mem.entries_by_name(set) {
        path.push(ev.name(entry.name));
        let observed = patterns.observed(path);
        if observed != Observed::No {
            let value = ev.force(entry.slot)?;
            if let Some(test) = value.is_attrs().then(|| get(ev, value, TEST)).flatten() {
                if observed == Observed::Whole {
                    let names = match ev.force(test).and_then(|test| nodes_of(ev, test)) {
                        Ok(nodes) => {
                            ev.mem.entries_by_name(nodes).iter().map(|node| ev.name(node.name)).collect()
                        }
                        // Opening the node will fail in the same way.
                        Err(e) => {
                            ev.caught(&e);
                            vec!["machine".to_owned()]
                        }
                    };
                    for node in names {
                        let name = format!("{PREFIX}/{}/{node}", path.join("."));
                        found.push(Fixture { name, source: Source::Node { test: path.clone(), node } });
                    }
                }
            } else if value.is_attrs() && get(ev, value, "type").is_none() {
                below(ev, value, patterns, path, found)?;
            }
        }
        path.pop();
    }
    Ok(())
}

/// The nodes of a test.
fn nodes_of(ev: &Evaluator, test: Value) -> Res<Value> {
    let nodes = test.is_attrs().then(|| get(ev, test, "nodes")).flatten();
    let nodes = nodes.ok_or_else(|| Error::eval("the test has no nodes"))?;
    ev.force_attrs(nodes, Pos::NONE, "while evaluating the nodes of a test")
}

/// The configuration of a node.
///
/// # Errors
/// An error of the test.
pub fn open(ev: &Evaluator, way: &Way, test: &[String], node: &str) -> Res<Configuration> {
    let mut value = all_tests(ev, way)?;
    for name in test {
        value = ev.force(ev.attribute(value, ev.intern(name)?, Pos::NONE)?)?;
    }
    let test = ev.force(ev.attribute(value, ev.intern(TEST)?, Pos::NONE)?)?;
    let name = ev.intern(node)?;
    let config = ev.force(ev.attribute(nodes_of(ev, test)?, name, Pos::NONE)?)?;
    // Until 22.11, nodes are what evaluates them.
    if get(ev, config, "options").is_some() && get(ev, config, "config").is_some() {
        return Ok(Configuration::Interpreted(config));
    }
    let Some(options) = options_at(ev, &[ev.intern("nodes")?, name]) else {
        return Err(Error::eval(format!("the options of the node '{node}' are not known")));
    };
    let mut both = AttrsBuilder::new();
    both.push(ev.intern("options")?, options);
    both.push(ev.intern("config")?, config);
    Ok(Configuration::Interpreted(ev.mem.attrs(both)?))
}
