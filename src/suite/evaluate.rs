//! Evaluates a fixture: opens its configuration, and compares what is observed with what is recorded.

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::fixtures::{Fixture, Source};
use super::outcome::{Outcome, Snapshot};
use super::places::places;
use super::shown::Shown;
use super::snapshot::{Change, Lines, compare, read_snapshot};
use super::suite_file::{Suite, Way};
use super::take::{Taking, notices, take};
use super::{nix_unit, nixos_tests};
use crate::eval::{Evaluator, Res, render};
use crate::heap::Sym;
use crate::host::{Messages, shown as shown_bytes};
use crate::options::{Configuration, EMBEDDED, Found, Modules, Opened, Opening};
use crate::syntax::quote;

/// What all fixtures have in common.
pub struct Common<'a> {
    /// The suite.
    pub suite: &'a Suite,
    /// How values are shown.
    pub shown: &'a Shown,
    /// The messages of the evaluation.
    pub messages: &'a Messages,
    /// Whether errors are shown with their full traces.
    pub show_trace: bool,
}

/// What begins a warning of the evaluation itself.
const WARNING: &str = "evaluation warning: ";

impl Common<'_> {
    /// Evaluates a fixture.
    pub fn evaluate(&self, ev: &Evaluator, fixture: &Fixture) -> Outcome {
        let mut outcome = Outcome::default();
        let done = match &fixture.source {
            Source::Tests(file) => nix_unit::run(ev, self, file).map(|tests| outcome.tests = tests),
            Source::File(_) | Source::Node { .. } => self.observe(ev, fixture, &mut outcome),
        };
        if let Err(e) = done {
            ev.caught(&e);
            let text = render(&ev.sources, &e, self.show_trace);
            outcome.error = Some(self.shown.text(text.strip_prefix("error: ").unwrap_or(&text).trim_end()));
        }
        for message in self.messages.take() {
            let text = self.shown.text(&shown_bytes(&message));
            match text.strip_prefix(WARNING) {
                Some(warning) => outcome.warnings.push(warning.to_owned()),
                None => outcome.messages.push(text),
            }
        }
        outcome
    }

    fn observe(&self, ev: &Evaluator, fixture: &Fixture, outcome: &mut Outcome) -> Res<()> {
        let opened = Opened::new(ev, self.open(ev, fixture)?)?;
        let is_own = |path: &[Sym]| match self.suite.way {
            Way::Modules(_) => is_own(&opened, path),
            Way::Nixos(_) | Way::Function(_) => true,
        };
        let names = &self.suite.observed;
        let lines = take(&Taking { opened: &opened, names, shown: self.shown, is_own: &is_own })?;
        let found = notices(&opened, self.shown);
        outcome.warnings = found.warnings;
        outcome.assertions = found.assertions;
        outcome.failures = failures(&lines);
        outcome.failures.extend(found.errors);
        outcome.snapshot =
            Some(match ev.host.read_file(self.suite.snapshot_file(&fixture.name).as_bytes()) {
                Err(_) => Snapshot::Missing(lines),
                Ok(text) => match read_snapshot(&String::from_utf8_lossy(&text)) {
                    Err(line) => Snapshot::Damaged { lines, line },
                    Ok(old) if old == lines => Snapshot::Same,
                    Ok(old) => {
                        let changes = compare(&old, &lines);
                        let places = self.places(&opened, &changes);
                        Snapshot::Differs { lines, changes, places }
                    }
                },
            });
        Ok(())
    }

    /// Opens the configuration of a fixture.
    fn open(&self, ev: &Evaluator, fixture: &Fixture) -> Res<Configuration> {
        let expression = |text: String| Opening::Expression { text: text.into_bytes(), attr: Vec::new() };
        let file = match &fixture.source {
            Source::File(file) | Source::Tests(file) => file,
            Source::Node { test, node } => return nixos_tests::open(ev, &self.suite.way, test, node),
        };
        let opening = match &self.suite.way {
            Way::Modules(way) => Opening::Modules(Box::new(Modules {
                modules: way.modules.clone(),
                fixtures: vec![OsString::from(file)],
                packages: way.packages.clone(),
                lib: way.lib.clone(),
                base: way.base,
                undeclared: way.undeclared,
                ..Modules::default()
            })),
            Way::Nixos(nixpkgs) => {
                Opening::Nixos { nixpkgs: nixpkgs.clone(), configuration: OsString::from(file), input: None }
            }
            Way::Function(function) => {
                let function = String::from_utf8_lossy(&crate::options::find(ev, function)?).into_owned();
                expression(format!("import {} {}", path_literal(&function), path_literal(file)))
            }
        };
        opening.open(ev)
    }

    /// Where the options that differ are set.
    fn places(&self, opened: &Opened<'_>, changes: &[Change]) -> BTreeMap<String, Vec<String>> {
        let of = |change: &Change| {
            let places = places(opened, change).into_iter().map(|place| self.shown.text(&place)).collect();
            (change.name.clone(), places)
        };
        changes.iter().filter(|change| change.new.is_some()).map(of).collect()
    }
}

/// A path as an expression, whatever its characters.
pub fn path_literal(path: &str) -> String {
    format!("(/. + {})", String::from_utf8_lossy(&quote(path.as_bytes())))
}

/// The messages of the lines that are errors, each once.
fn failures(lines: &Lines) -> Vec<String> {
    const ERROR: &str = "«error: ";
    let mut found = Vec::new();
    for value in lines.values() {
        for part in value.split(ERROR).skip(1) {
            let message = part.split('»').next().unwrap_or(part).to_owned();
            if !found.contains(&message) {
                found.push(message);
            }
        }
    }
    found
}

/// Whether an option is set by, or declared in, another file than the base modules.
fn is_own(opened: &Opened<'_>, path: &[Sym]) -> bool {
    let base = |file: &String| file.starts_with(EMBEDDED);
    let declared = match opened.find(path) {
        Ok(Found::Option { option, .. }) => !opened.declared_in(option).iter().all(base),
        _ => true,
    };
    let is_set = |definition: &crate::options::Definition| !definition.is_default && !base(&definition.file);
    declared || opened.definitions(path).is_ok_and(|found| found.all.iter().any(is_set))
}
