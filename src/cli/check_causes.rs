//! `nival check --base`: which lines that have changed since a revision make fixtures differ from their snapshots.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::Path;

use super::args::{EvaluatorArgs, OpenArgs};
use super::beside::host;
use super::console::Console;
use super::diff::{Pair, Way, compared};
use super::revisions::Revision;
use crate::eval::Res;
use crate::host::Host as _;
use crate::options::compare::{Asked, Comparison};
use crate::options::{Undeclared, attr_path};
use crate::suite::{Case, Fixture, Source, State, Suite, Way as SuiteWay, path_literal};
use crate::syntax::absolute;

/// What differs since a revision in the options in which fixtures differ from their snapshots. Nodes of tests are not compared.
///
/// # Errors
/// When there is no such revision, and configurations that cannot be opened.
pub fn causes(
    console: &Console,
    evaluator: &EvaluatorArgs,
    suite: &Suite,
    revision: &str,
    cases: &[Case],
    fixtures: &[Fixture],
) -> Res<Option<Comparison>> {
    let changed = cases.iter().filter(|case| case.state == State::Changed);
    let changed: Vec<(&Case, &str)> =
        changed.filter_map(|case| Some((case, file(fixtures, case)?))).collect();
    if changed.is_empty() {
        return Ok(None);
    }
    let base = Revision::open(Path::new(&suite.folder), OsStr::new(revision))?;
    // A fixture that is new has no earlier configuration.
    let files = host(console, Some(&base));
    let changed: Vec<_> =
        changed.into_iter().filter(|(_, file)| files.resolve(file.as_bytes()).is_ok()).collect();
    let pair = |(case, file): &(&Case, &str)| {
        let new = way(suite, evaluator, file);
        Pair { name: case.name.clone(), old: Way { revision: Some(base.clone()), ..new.clone() }, new }
    };
    let pairs: Vec<Pair> = changed.iter().map(pair).collect();
    let mut comparison = compared(console, &pairs, &Asked::default(), &mut BTreeSet::new())?;
    let names = changed.iter().flat_map(|(case, _)| &case.changes);
    let paths: Vec<Vec<Vec<u8>>> =
        names.filter_map(|change| attr_path::split(change.name.as_bytes()).ok()).collect();
    comparison.keep(&paths);
    Ok(Some(comparison))
}

/// The file of a case's fixture, if it has one.
fn file<'f>(fixtures: &'f [Fixture], case: &Case) -> Option<&'f str> {
    let fixture = fixtures.iter().find(|fixture| fixture.name == case.name)?;
    match &fixture.source {
        Source::File(file) => Some(file),
        Source::Tests(_) | Source::Node { .. } | Source::Flake(_) => None,
    }
}

/// The way from a fixture to its configuration, wherever relative paths begin.
fn way(suite: &Suite, evaluator: &EvaluatorArgs, file: &str) -> Way {
    let inside = |name: &OsString| match name.as_bytes() {
        [b'<', ..] => name.clone(),
        path => OsString::from_vec(absolute(path, suite.folder.as_bytes())),
    };
    let include = |entry: &OsString| {
        let bytes = entry.as_bytes();
        let at = bytes.iter().position(|byte| *byte == b'=').map_or(0, |at| at + 1);
        let path = absolute(&bytes[at..], suite.folder.as_bytes());
        OsString::from_vec([&bytes[..at], &path].concat())
    };
    let mut open = OpenArgs {
        files: vec![OsString::from(file)],
        nixpkgs: None,
        expr: None,
        root: None,
        no_base: false,
        allow_undeclared: false,
        strict_options: false,
        arg: Vec::new(),
        argstr: Vec::new(),
        pkgs: None,
        lib: None,
        evaluator: EvaluatorArgs {
            include: evaluator.include.iter().map(include).collect(),
            ..evaluator.clone()
        },
    };
    let mut modules = Vec::new();
    match &suite.way {
        SuiteWay::Modules(way) => {
            modules.extend(way.modules.iter().map(inside));
            open.no_base = !way.base;
            open.strict_options = way.undeclared == Undeclared::Refused;
            open.allow_undeclared = way.undeclared == Undeclared::Everywhere;
            open.pkgs = way.packages.as_ref().map(inside);
            open.lib = way.lib.as_ref().map(inside);
        }
        SuiteWay::Nixos(nixpkgs) => open.nixpkgs = nixpkgs.as_ref().map(inside),
        // Their configurations are no files.
        SuiteWay::Flake(_) => {}
        SuiteWay::Function(function) => {
            open.files.clear();
            let function = path_literal(&inside(function).to_string_lossy());
            open.expr = Some(OsString::from(format!("import {function} {}", path_literal(file))));
        }
    }
    Way { modules, open, own: None, has_own_tree: false, revision: None, flake_root: None }
}
